# frozen_string_literal: true

require "open3"
require "timeout"
require_relative "subprocess"

# What a program of its own does, with a registry that asks this server. `$stdout` comes back as text, whatever the
# program dies of.
class Program
  SETUP = <<~RUBY
    require "ruby_llm_native"
    $stdout.sync = true
    config = RubyLLM.config
    config.openai_api_key = "key-of-a-program"
    config.openai_api_base = ARGV.fetch(0)
    config.models_dev_url = nil
    config.refresh_retries = 0
    config.refresh_request_timeout = 20
    config.registry_path = false
    registry = RubyLLM.models
    clock = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) }
  RUBY

  attr_reader :pid

  def initialize(url, text)
    @input, @output, @waiter = Open3.popen2e(*Subprocess.command("-e", SETUP + text, url))
    @pid = @waiter.pid
  end

  # @return [String] all that it wrote
  def result
    @input.close
    Timeout.timeout(30) { @output.read }
  ensure
    stop
  end

  def stop
    Process.kill(:KILL, pid)
  rescue Errno::ESRCH
    nil # it is over
  ensure
    @waiter.join
    @output.close unless @output.closed?
  end
end
