# frozen_string_literal: true

# A process of the app, or with `workers` in the settings a master that forks as many, like Puma in its cluster mode
# with `preload_app!`. Each process does the `tasks` of the settings, one after the other: the next one when the next of
# the pipes from file descriptor 10 on is closed at its other end. It reports each task, and ends with the last pipe.

require_relative "app"

# What a process can do. What a task returns is reported.
module Tasks
  PAUSE = 0.1 # a request comes that often
  LONGEST = 60

  module_function

  def connect(_number)
    LLMRegistry.connection.select_value("SELECT 1")
    {}
  end

  def find(number)
    RubyLLM.models.find("model-#{number}")
    {}
  end

  def finds(number)
    100.times { |each| RubyLLM.models.find("model-#{number + each}") }
    {}
  end

  def sync(_number)
    result = tell_of_lease { LLMModel.sync! }
    {how: result.joined? ? "joined" : "synced"}
  end

  def refresh(_number)
    RubyLLM.models.refresh!
    {how: "refreshed"}
  rescue RubyLLM::Native::RefreshError
    {how: "failed in all sources"} # the server of this benchmark has had enough
  end

  # The first process refreshes. The others look as each request of a Rails app does.
  def watch(number)
    LLMModel.sync! if number.zero?
    give_up = clock + LONGEST
    until RubyLLM.models[SETTINGS.fetch("new")]
      raise "not seen in #{LONGEST} s" if clock > give_up

      sleep(PAUSE)
      RubyLLM.models.catch_up
    end
    {}
  end

  def tell_of_lease
    told = lambda do |*, event|
      report(task: "lease", pid: Process.pid, at: clock) if event[:sql].match?(/UPDATE .* SET "lease_token" = \$1/)
    end
    ActiveSupport::Notifications.subscribed(told, "sql.active_record") { yield }
  end
end

def work(number)
  report(task: "ready", pid: Process.pid, at: clock)
  SETTINGS.fetch("tasks").each_with_index do |task, position|
    IO.for_fd(10 + position, autoclose: false).read
    started = clock
    result = Tasks.public_send(task, number)
    facts = {seconds: clock - started, at: clock, **result}
    3.times { GC.start } # what is measured then is kept, not garbage
    report(task: task, pid: Process.pid, **facts)
  end
  IO.for_fd(10 + SETTINGS.fetch("tasks").size, autoclose: false).read
rescue => error
  report(task: "failed", pid: Process.pid, at: clock, error: "#{error.class}: #{error.message}"[0, 500])
ensure
  exit!(0)
end

work(SETTINGS.fetch("number")) unless SETTINGS.key?("workers")

if SETTINGS["preload"]
  RubyLLM.models.view
  ActiveRecord::Base.connection_pool.disconnect!
end
3.times { GC.start }
pids = Array.new(SETTINGS.fetch("workers")) { |number| fork { work(number) } }
pids.each { |pid| Process.wait(pid) }
