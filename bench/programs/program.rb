# frozen_string_literal: true

require "json"

# What the programs have in common: which libraries are loaded, clocks, and the last line, which is the result. RubyLLM
# is used as an app uses it.
module Program
  NATIVE = ENV.fetch("NATIVE") == "true"
  PEER = ENV.fetch("PEER", nil)
  SETTINGS = JSON.parse(ARGV.fetch(0), symbolize_names: true)

  module_function

  # Puts ruby_llm and what it needs into the load path, as a bundle would.
  def activate
    gem "ruby_llm", PEER if PEER
  end

  def load
    require "ruby_llm" if PEER
    require "ruby_llm_native" if NATIVE
  end

  # @param file [String] a registry file, for ruby_llm
  # @param folder [String, false] of the stored registry, for this gem
  def configure(file, folder)
    RubyLLM.configure do |config|
      config.model_registry_file = file if PEER
      config.registry_path = folder if NATIVE
      config.logger = Logger.new(File::NULL, level: Logger::INFO) if PEER
      yield config if block_given?
    end
  end

  def tell(result)
    puts JSON.generate(result)
  end

  def seconds(clock = Process::CLOCK_MONOTONIC)
    from = Process.clock_gettime(clock)
    yield
    Process.clock_gettime(clock) - from
  end

  def cpu_seconds(&block)
    seconds(Process::CLOCK_PROCESS_CPUTIME_ID, &block)
  end

  # @return [Integer] objects that the block makes
  def objects
    from = GC.stat(:total_allocated_objects)
    yield
    GC.stat(:total_allocated_objects) - from
  end

  def median(numbers)
    numbers.sort[numbers.size / 2]
  end

  def collect
    3.times { GC.start }
  end

  # @return [Integer] bytes
  def resident
    File.read("/proc/self/smaps_rollup")[/^Rss:\s+(\d+)/, 1].to_i * 1024
  end
end
