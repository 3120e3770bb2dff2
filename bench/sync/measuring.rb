# frozen_string_literal: true

require "etc"

# What the benchmarks of saving have in common: the models, the machine, the processes, and how a result is shown.
module Measuring
  MODELS = 2000
  ROOT = File.expand_path("../..", __dir__)

  module_function

  # The models of the fixture of models.dev, copied until there are enough, as a registry file of the ruby_llm gem.
  #
  # @return [Integer] how many are distinct
  def write_registry(path)
    document = JSON.parse(ReplayServer::Answer.fixture("models_dev/good"))
    sheet, = RubyLLM::Native.read_sheet("models_dev", JSON.generate(document), Time.now.to_i)
    models = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([sheet])).map(&:to_registry_h)
    copies = models.cycle.first(MODELS).each_with_index.map do |model, number|
      model.merge(id: "#{model[:id]}-copy-#{number / models.size}")
    end
    File.write(path, JSON.pretty_generate(copies))
    models.size
  end

  # @return [Hash{Symbol => Object}] what the last line of that program says
  def run(environment, program, settings)
    command = [RbConfig.ruby, "-rbundler/setup", "-I#{ROOT}/lib", "#{ROOT}/#{program}", JSON.generate(settings)]
    out, error, status = Bundler.with_unbundled_env { Open3.capture3(environment, *command) }
    unless status.success?
      abort "#{environment["CONTENDER"]} failed:\n#{error}\nHas `BUNDLE_GEMFILE=bench/Gemfile bundle install` been run?"
    end

    JSON.parse(out.lines.last, symbolize_names: true)
  end

  # @return [String]
  def machine
    if File.exist?("/proc/cpuinfo")
      cpu = File.foreach("/proc/cpuinfo").grep(/\Amodel name/).first.to_s.split(":").last.to_s.strip
    end
    system = Etc.uname.values_at(:sysname, :machine).join(" ")
    gems = %w[activerecord pg sqlite3].map { |gem| "#{gem} #{Gem.loaded_specs[gem]&.version}" }
    [
      "machine  #{[cpu.to_s, "#{Etc.nprocessors} cores", system].reject(&:empty?).join(", ")}",
      "ruby     #{RUBY_DESCRIPTION}",
      "gems     #{gems.join(", ")}"
    ].join("\n")
  end

  def median(numbers)
    numbers.sort[numbers.size / 2]
  end

  # @param seconds [Array<Float>]
  # @return [String]
  def cell(seconds)
    times = seconds.map { |time| time * 1000 }
    format("%8.1f ms (%.1f to %.1f)", median(times), times.min, times.max)
  end

  def ratio(slow, fast)
    median(slow) / median(fast)
  end
end
