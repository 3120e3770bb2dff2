# frozen_string_literal: true

# Fuzz targets under AddressSanitizer and UBSan, the fixtures as the corpus. See fuzz/standalone.c for how they are
# driven.
#
#   rake fuzz                       # each target for 20 seconds
#   SECONDS=600 SEED=7 rake fuzz    # longer, and other mutations

require "json"
require "rake/clean"
require "shellwords"

module Fuzz
  CORE = "ext/ruby_llm_native/core"
  FOLDER = "tmp/fuzz"
  SANITIZERS = %w[-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer].freeze
  FLAGS = %W[-std=c11 -g -O1 -Wall -Wextra -Werror -Wno-unused-function -iquote #{CORE}].freeze
  ENVIRONMENT = {
    "ASAN_OPTIONS" => "detect_leaks=1:allocator_may_return_null=1", "UBSAN_OPTIONS" => "print_stacktrace=1"
  }.freeze
  TARGETS = %w[json block export upgrade pattern].freeze

  module_function

  def compiler
    ENV.fetch("CC", "cc").shellsplit
  end

  def build(name, *sources)
    program = File.join(FOLDER, name)
    core = FileList["#{CORE}/**/*.c"].exclude(*sources.flat_map { |source| CoreTests.included(source) })
    Rake::Task["core:test:sanitized:objects"].invoke # compiled for the tests of the core already, as a rule
    objects = core.map { |source| CoreTests.object(source, CoreTests.folder("sanitized")) }
    command = [
      *compiler, *FLAGS, *SANITIZERS, *CoreTests.libraries("--cflags"), *sources,
      *objects, *CoreTests.libraries("--libs"), "-lpthread", "-o", program
    ]
    FileUtils.mkdir_p(FOLDER)
    system(*command) || abort("failed: #{command.shelljoin}")
    program
  end

  # The first byte chooses the source: every document is read by every source.
  def json_corpus
    folder = empty("json")
    files = FileList["ext/ruby_llm_native/core/sources/*.c"]
    sources = files.count { |path| File.read(path, encoding: "UTF-8").include?("\nconst rlm_source ") }
    documents = FileList["spec/fixtures/*/*.json"].to_h { |path| [path.pathmap("%-1d-%n"), File.binread(path)] }
    documents["registry"] = JSON.generate(REGISTRY)
    documents.each do |name, text|
      sources.times { |byte| File.binwrite(File.join(folder, "#{name}-#{byte}"), byte.chr + text) }
    end
    FileList["#{folder}/*"]
  end

  REGISTRY = [{
    id: "gpt-x", name: "GPT X", provider: "acme", family: "gpt",
    created_at: "2025-06-01 00:00:00 UTC", context_window: 1000,
    max_output_tokens: 5, knowledge_cutoff: "2025-01-01",
    modalities: {input: %w[text], output: %w[text]}, capabilities: %w[streaming],
    pricing: {text_tokens: {standard: {input_per_million: 0.15, output_per_million: 0.6}}},
    metadata: {knowledge_cutoff: "2025-01", a: [1]}
  }].freeze

  def block_corpus
    seeds("block")
  end

  def export_corpus
    seeds("json")
  end

  # Each block of it by itself, too: only the first one is put right.
  def upgrade_corpus
    folder = empty("upgrade")
    bytes = File.binread("spec/fixtures/stored/registry-v4.rlm")
    starts = (0...bytes.bytesize).step(8).select { |position| bytes.byteslice(position, 4) == "RLMB" }
    starts.each { |position| File.binwrite(File.join(folder, position.to_s), bytes.byteslice(position..)) }
    [*starts, bytes.bytesize].each_cons(2) do |from, to|
      File.binwrite(File.join(folder, "#{from}-alone"), bytes.byteslice(from...to))
    end
    FileList["#{folder}/*"]
  end

  PATTERNS = ['00000001|2:=5:hut-1&2:^3:hut/7:-\d{2}$', '^x-ai/hut-4\.3-[\d_a-f]{8}$', 'a.*[^b-d]+\w?z{2,5}'].freeze

  # An id of four bytes, then a pattern, an expression, or one of the trees of the fixture.
  def pattern_corpus
    folder = empty("pattern")
    rows = JSON.parse(File.read("spec/fixtures/genai_prices/good.json")).flat_map { |provider| provider["models"] }
    [*PATTERNS, *rows.map { |row| JSON.generate(row["match"]) }].each_with_index do |text, number|
      File.binwrite(File.join(folder, number.to_s), "\x04hut-#{text}")
    end
    FileList["#{folder}/*"]
  end

  # What the documents are as blocks, or as text.
  def seeds(extension)
    folder = empty("seeds-#{extension}")
    documents = FileList["spec/fixtures/*/*.json"].flat_map { |path| [path.pathmap("%-1d"), path] }
    seeds = build("seeds", "fuzz/seeds.c")
    system(ENVIRONMENT, seeds, folder, *documents) || abort("the seeds cannot be written")
    FileList["#{folder}/*.#{extension}"]
  end

  def empty(name)
    folder = File.join(FOLDER, "corpus", name)
    FileUtils.rm_rf(folder)
    FileUtils.mkdir_p(folder)
    folder
  end

  def run(name)
    program = build("#{name}_fuzz", "fuzz/#{name}_fuzz.c", "fuzz/standalone.c")
    last = File.join(FOLDER, "#{name}.last")
    seconds = Integer(ENV.fetch("SECONDS", "20")).to_s
    seed = Integer(ENV.fetch("SEED", "1")).to_s
    system(ENVIRONMENT.merge("FUZZ_INPUT" => last), program, seconds, seed, *public_send("#{name}_corpus")) ||
      abort("a flaw was found. Its input: #{last}; again: #{program} 0 1 #{last}")
  end
end

desc "Fuzz the core for SECONDS (20) a target, under the sanitizers"
task fuzz: Fuzz::TARGETS.map { |name| "fuzz:#{name}" }

namespace :fuzz do
  Fuzz::TARGETS.each { |name| task(name) { Fuzz.run(name) } }
end

CLEAN.include(Fuzz::FOLDER)
