# frozen_string_literal: true

# How long a refresh takes, what it costs, and what other Ruby threads notice of it.
#
#   rake bench:refresh
#   ruby -Ilib bench/refresh.rb
#
# A server in a child process answers for nine sources over HTTP on the loopback, each answer 300 ms after its
# request. The bodies are the fixtures, models.dev's grown to some 2,000 models. Nothing is remembered from one
# refresh to the next, but for the last figures: there each refresh is that of a process that begins with the stored
# registry and asks with its ETags.

require "bundler/setup"
require "etc"
require "json"
require "ruby_llm_native"
require "tmpdir"
require "zlib"
require_relative "../spec/support/replay_server"

DELAY = 0.3
ROUNDS = 9
SOURCES = ReplayServer::PATHS.keys.freeze
COPIES = 90 # of each model in the fixture of models.dev

# The server and its process. It ends when it is told to, and also when this process is gone.
class Server
  attr_reader :bytes

  def initialize
    bodies = SOURCES.to_h { |source| [source, body(source)] }
    @bytes = bodies.each_value.sum(&:bytesize)
    alive, @alive = IO.pipe
    told, tell = IO.pipe
    @pid = fork { serve(bodies, tell, alive) }
    [alive, tell].each(&:close)
    @url = told.gets&.chomp or abort "The server did not start"
  end

  def url(source)
    "#{@url}/#{source}"
  end

  def stop
    @alive.close
    Process.wait(@pid)
  end

  private

  # One page each: the delay of a second one would be added.
  def body(source)
    name = %w[good page_2].find { |each| File.exist?(File.join(ReplayServer::FIXTURES, source, "#{each}.json")) }
    text = ReplayServer::Answer.fixture("#{source}/#{name}")
    (source == "models_dev") ? JSON.generate(grown(JSON.parse(text))) : text
  end

  def grown(document)
    document.transform_values do |provider|
      models = provider.fetch("models").values.product(COPIES.times.to_a)
      copies = models.to_h do |model, copy|
        id = "#{model["id"]}-copy-#{copy}"
        [id, model.merge("id" => id)]
      end
      provider.merge("models" => copies)
    end
  end

  def serve(bodies, tell, alive)
    @alive.close
    server = ReplayServer.start
    bodies.each do |source, text|
      server.on(
        source,
        ReplayServer::Answer.json(Zlib.gzip(text), etag: '"1"', headers: {"content-encoding" => "gzip"}, delay: DELAY)
      )
    end
    tell.puts(server.url("").chomp("/"))
    tell.close
    alive.read
    server.stop
  ensure
    exit!(0)
  end
end

# A Ruby thread that does nothing but count.
class Counter
  def initialize
    @count = 0
    @thread = Thread.new { nil while @count += 1 }
  end

  # @return [Float] how far it counts in a second, while the block runs
  def speed
    from = @count
    seconds = Bench.seconds { yield }
    (@count - from) / seconds
  end

  def stop
    @thread.kill.join
  end
end

# Times and how they are printed.
module Bench
  module_function

  def seconds(clock = Process::CLOCK_MONOTONIC)
    from = Process.clock_gettime(clock)
    yield
    Process.clock_gettime(clock) - from
  end

  def median(numbers)
    numbers.sort[numbers.size / 2]
  end

  def line(name, value)
    puts format("%-46s %s", name, value)
  end

  def milliseconds(numbers, digits: 0)
    format(
      "%.#{digits}f ms (%.#{digits}f to %.#{digits}f)",
      *[median(numbers), numbers.min, numbers.max].map { |number| number * 1000 }
    )
  end

  def machine
    if File.exist?("/proc/cpuinfo")
      cpu = File.foreach("/proc/cpuinfo").grep(/\Amodel name/).first.to_s.split(":").last.to_s.strip
    end
    system = Etc.uname.values_at(:sysname, :machine).join(" ")
    [cpu, "#{Etc.nprocessors} cores", system].compact.reject(&:empty?).join(", ")
  end

  def refresh!(**options)
    RubyLLM.models.forget!.refresh!(strict: true, **options)
  end
end

server = Server.new
begin
  RubyLLM.configure do |config|
    (SOURCES - ["models_dev"]).each do |source|
      config.public_send(:"#{source}_api_base=", server.url(source))
      config.public_send(:"#{source}_api_key=", "no-real-key")
    end
    config.models_dev_url = "#{server.url("models_dev")}/api.json"
    config.refresh_timeout = 10
    config.registry_path = false
  end

  Bench.line("machine", Bench.machine)
  Bench.line("ruby", RUBY_DESCRIPTION)
  RubyLLM::Native::LIBRARIES.each { |name, version| Bench.line(name.to_s, version) }

  Bench.refresh!
  Bench.line(
    "sources", "#{SOURCES.size}, with #{RubyLLM.models.size} models in #{server.bytes / 1000} kB before compression"
  )
  Bench.line("delay of each answer", "#{(DELAY * 1000).round} ms")
  puts "", "Medians of #{ROUNDS} (one after the other: of 3), from the least to the most:", ""

  all = Array.new(ROUNDS) { Bench.seconds { Bench.refresh! } }
  one_by_one = Array.new(3) { Bench.seconds { SOURCES.each { |source| Bench.refresh!(only: source) } } }
  cpu = Array.new(ROUNDS) { Bench.seconds(Process::CLOCK_PROCESS_CPUTIME_ID) { Bench.refresh! } }
  Bench.line("a refresh of all", Bench.milliseconds(all))
  Bench.line("the same, one source after the other", Bench.milliseconds(one_by_one))
  Bench.line("CPU time of a refresh of all", Bench.milliseconds(cpu))

  counter = Counter.new
  beside = []
  shares = Array.new(ROUNDS) do
    idle = counter.speed { sleep(DELAY) }
    counter.speed { beside << Bench.seconds { Bench.refresh! } } / idle * 100
  end
  counter.stop
  Bench.line("speed of a counting thread during a refresh",
    format("%.0f %% of its idle speed (%.0f to %.0f)", Bench.median(shares), shares.min, shares.max))
  Bench.line("a refresh of all beside that thread", Bench.milliseconds(beside))

  # Only sources of one listing can be asked with an ETag.
  Dir.mktmpdir do |folder|
    RubyLLM.config.registry_path = folder
    single = SOURCES - %w[openrouter xai]
    Bench.refresh!(only: single)
    cpu = []
    restarted = Array.new(ROUNDS) do
      Bench.seconds { cpu << Bench.seconds(Process::CLOCK_PROCESS_CPUTIME_ID) { Bench.refresh!(only: single) } }
    end
    unchanged = RubyLLM.models.last_refresh.count { |outcome| outcome.status == :unchanged }
    Bench.line("a refresh after a restart, #{unchanged} of #{single.size} unchanged", Bench.milliseconds(restarted))
    Bench.line("CPU time of that, the file's reading included", Bench.milliseconds(cpu, digits: 1))
  end
ensure
  server.stop
end
