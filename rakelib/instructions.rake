# frozen_string_literal: true

# How many instructions five fixed workloads of the core take, counted by callgrind: the same on a busy machine as on an
# idle one, so that a test may compare them.
#
#   rake bench:instructions             # compare with bench/baseline.json: a tenth more fails
#   APPROVE=1 rake bench:instructions   # write that file, in the commit that makes a workload dearer and says why
#
# The counts depend on the compiler, libc and yajl, so the baseline names its own. With any others the differences are
# shown, and not judged. callgrind's files stay in tmp/instructions, for callgrind_annotate.

require "etc"
require "json"
require "rake/clean"
require_relative "../bench/instructions/listings"
require_relative "instructions/comparison"

module Instructions
  SOURCE = "bench/instructions/workloads.c"
  BASELINE = "bench/baseline.json"
  FOLDER = "tmp/instructions"
  DIGITS = 4 # that a baseline keeps: the rest is chance, since hash tables have a random key
  CALLGRIND = %w[valgrind --quiet --tool=callgrind --collect-atstart=no].freeze
  # glibc chooses these by the processor. Without them it copies and compares in the same steps on all of x86-64.
  ENVIRONMENT = {"GLIBC_TUNABLES" => "glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS"}.freeze

  module_function

  # @return [String] the path of the compiled workloads, over the core as its tests have it
  def program
    leg, flags = CoreTests::LEGS.fetch("core:test")
    core = Rake::Task["core:test:objects"].tap(&:invoke).sources
    CoreTests.define_program(SOURCE, core, CoreTests.folder(leg), flags).tap { |path| Rake::Task[path].invoke }
  end

  def valgrind?
    system("valgrind", "--version", out: File::NULL, err: File::NULL)
  end

  # @return [String] what the counts depend on beside the code
  def toolchain
    version = IO.popen([*CoreTests::COMPILER.shellsplit, "--version"], &:read).lines.first
    compiler = version.include?("clang") ? "clang" : "gcc"
    yajl = `pkg-config --modversion yajl`.strip
    libc = Etc.confstr(Etc::CS_GNU_LIBC_VERSION)
    "#{compiler} #{version[/[\d.]+$/]}, #{libc}, yajl #{yajl}, #{Etc.uname[:machine]}"
  end

  # @return [Hash{String => Integer}] instructions by workload
  def count
    workloads = program
    FileUtils.rm_rf(FOLDER)
    FileUtils.mkdir_p(FOLDER)
    listings = File.join(FOLDER, "listings")
    File.write(listings, Listings.text)
    system(ENVIRONMENT, *CALLGRIND, "--callgrind-out-file=#{FOLDER}/out", workloads, in: listings) ||
      abort("the workloads failed")
    FileList["#{FOLDER}/out.*"].sort.to_h do |path|
      text = File.read(path)
      [text[/^desc: Trigger: Client Request: (.+)$/, 1], text[/^totals: (\d+)$/, 1].to_i]
    end
  end

  def approve(counts)
    rounded = counts.transform_values { |number| number.round(DIGITS - number.digits.size) }
    File.write(BASELINE, "#{JSON.pretty_generate("toolchain" => toolchain, "instructions" => rounded)}\n")
  end

  def run
    return unchecked("valgrind is not installed; run bin/setup") unless valgrind?

    counts = count
    approve(counts) if ENV["APPROVE"] == "1"
    kept = JSON.parse(File.read(BASELINE))
    comparison = Comparison.new(counts, kept.fetch("instructions"))
    puts comparison.table
    return judge(comparison) if kept.fetch("toolchain") == toolchain

    unchecked("#{BASELINE} was counted with #{kept.fetch("toolchain")}; this is #{toolchain}")
  end

  def judge(comparison)
    dearer, cheaper = comparison.dearer, comparison.cheaper
    puts "cheaper: #{cheaper.join(", ")}; APPROVE=1 rake bench:instructions keeps the gain" unless cheaper.empty?
    return if dearer.empty?

    abort "more than #{Comparison::ALLOWED} % dearer: #{dearer.join(", ")}; if that is meant, run " \
      "APPROVE=1 rake bench:instructions, and say why in the same commit"
  end

  def unchecked(reason)
    Lint.missing(reason) || abort("the instructions were not compared")
  end
end

namespace :bench do
  desc "Count the instructions of five workloads of the core, and compare them with bench/baseline.json"
  task(:instructions) { Instructions.run }
end

CLEAN.include(Instructions::FOLDER)
