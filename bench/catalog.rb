# frozen_string_literal: true

# What a catalog costs once it is there: to open it, to look models up, and in memory. Beside it the ruby_llm gem with
# the same models.
#
#   rake bench:catalog
#   ruby bench/catalog.rb 2000 20000          only these sizes
#
# The models are made up (bench/catalog/models.rb), the same in every run. Each library opens its own format: the gem
# a registry file, we a catalog's block made from that file. Every round is a new process for each library in turn, so
# that nothing is warm but the file cache. The gem is installed below tmp/bench, outside of the bundle. Of forked
# processes that look models up a part is the interpreter's: new objects go where old ones were, all over its heap.

require "etc"
require "fileutils"
require "json"
require "open3"
require "rbconfig"

# Runs the children, and shows what they tell.
module Bench
  VERSION = "2.0.0"
  ROOT = File.expand_path("..", __dir__)
  FOLDER = File.join(ROOT, "tmp", "bench")
  GEMS = File.join(FOLDER, "gems")
  CHILD = File.join(__dir__, "catalog", "child.rb")
  SIZES = [2000, 20_000, 200_000].freeze
  ROUNDS = Hash.new(5).merge(200_000 => 3).freeze
  LIBRARIES = %w[native ruby_llm].freeze
  TIMES = [
    "open", "first find", "find", "find by alias", "find that misses", "chat_models", "chat_models.map(&:id)"
  ].freeze
  AMOUNTS = {"resident" => "resident memory", "memsize" => "ObjectSpace's memsize", "objects" => "objects"}.freeze

  module_function

  def install
    return if Dir.exist?(File.join(GEMS, "gems", "ruby_llm-#{VERSION}"))

    command = [
      RbConfig.ruby, "-S", "gem", "install", "ruby_llm", "--version", VERSION, "--no-document", "--install-dir", GEMS
    ]
    system(plain, *command, out: File::NULL) or abort "ruby_llm #{VERSION} cannot be installed: it needs Ruby 3.1.3"
  end

  # The environment without what a bundle puts there.
  def plain
    {"RUBYOPT" => nil, "BUNDLE_GEMFILE" => nil, "RUBYLIB" => nil}
  end

  def child(library, *arguments)
    environment = (library == "native") ? plain : plain.merge("GEM_HOME" => GEMS, "GEM_PATH" => GEMS)
    output, error, status = Open3.capture3(
      environment, RbConfig.ruby, "-I", File.join(ROOT, "lib"), CHILD, library, *arguments.map(&:to_s)
    )
    status.success? ? JSON.parse(output) : abort("#{library}: #{error}")
  end

  # @return [Array(String, String)] the gem's file, and ours
  def files(size)
    json, block = %w[json catalog].map { |extension| File.join(FOLDER, "models-#{size}.#{extension}") }
    Models.new(size).write(json)
    child("native", "convert", json, block)
    [block, json]
  end

  def median(numbers)
    numbers.sort[numbers.size / 2] unless numbers.empty?
  end

  def line(name, *values)
    puts format("%-30s%s", name, values.map { |value| value.to_s.rjust(20) }.join).rstrip
  end

  def time(seconds)
    return "none" unless seconds
    return format("%.2f s", seconds) if seconds >= 1

    (seconds >= 1e-3) ? format("%.2f ms", seconds * 1e3) : format("%.2f us", seconds * 1e6)
  end

  def amount(name, value)
    return value.to_s if name == "objects"

    (value.abs < 1_000_000) ? "#{(value / 1e3).round} kB" : format("%.1f MB", value / 1e6)
  end

  def ratio(ours, theirs)
    (ours && theirs && ours.positive?) ? format("%.1f x", theirs.fdiv(ours)) : "-"
  end

  def machine
    if File.exist?("/proc/cpuinfo")
      cpu = File.foreach("/proc/cpuinfo").grep(/\Amodel name/).first.to_s.split(":").last.to_s.strip
    end
    system = Etc.uname.values_at(:sysname, :machine).join(" ")
    [cpu, "#{Etc.nprocessors} cores", system].compact.reject(&:empty?).join(", ")
  end

  def measure(size)
    paths = files(size)
    rounds = Array.new(ROUNDS[size]) do
      LIBRARIES.zip(paths).map { |library, path| child(library, "read", path, size).fetch("result") }
    end
    counts = rounds.flatten.map { |result| result["models"] }.uniq
    abort "Not the same models: #{counts.inspect}" unless counts == [size]
    puts "", "#{size} models, medians of #{ROUNDS[size]}: a file of #{amount("", File.size(paths.first))} here, of " \
      "#{amount("", File.size(paths.last))} there", ""
    line("", "ruby_llm_native", "ruby_llm", "ratio")
    (TIMES + AMOUNTS.keys).each do |name|
      compare(name, *rounds.transpose.map { |results| median(results.filter_map { |each| each[name] }) })
    end
  end

  def compare(name, ours, theirs)
    shown = [ours, theirs].map { |value| TIMES.include?(name) ? time(value) : amount(name, value) }
    line(AMOUNTS.fetch(name, name), *shown, ratio(ours, theirs))
  end

  # What the catalog adds to the memory that is a child's alone.
  def share(size)
    results = LIBRARIES.zip(files(size)).map do |library, path|
      [path, "-"].map { |each| child(library, "forks", each, size).fetch("result") }
    end
    puts "", "200 processes forked from a parent with #{size} models: " \
      "what these add to each one's private memory, median and most", ""
    line("", "ruby_llm_native", "ruby_llm")
    {
      "idle" => "children that do nothing", "finds" => "after 100 finds", "chat_models" => "after chat_models.map(&:id)"
    }.each do |name, words|
      line(words, *results.map { |with, without| added(with[name], median(without[name])) })
    end
  end

  def added(children, bare)
    [median(children), children.max].map { |bytes| amount("", bytes - bare) }.join(", ")
  end
end

require_relative "catalog/models"

sizes = ARGV.empty? ? Bench::SIZES : ARGV.map { |size| Integer(size) }
FileUtils.mkdir_p(Bench::FOLDER)
Bench.install
Bench.line("machine", "  #{Bench.machine}")
Bench.line("ruby", "  #{RUBY_DESCRIPTION}")
puts "ruby_llm #{Bench::VERSION}"
begin
  sizes.each { |size| Bench.measure(size) }
  Bench.share(2000)
ensure
  FileUtils.rm_f(Dir[File.join(Bench::FOLDER, "models-*.{json,catalog}")])
end
