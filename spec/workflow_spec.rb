# frozen_string_literal: true

require "yaml"
require_relative "spec_helper"

# The workflow of the public host names what the scripts run.
RSpec.describe ".github/workflows/ci.yml" do
  root = File.expand_path("..", __dir__)
  jobs = YAML.safe_load_file(File.join(root, ".github/workflows/ci.yml")).fetch("jobs")

  define_method(:read) { |path| File.read(File.join(root, path), encoding: "UTF-8") }

  def words(text, pattern)
    text[pattern, 1].split
  end

  it "runs every leg of bin/matrix, the slow ones by the calendar" do
    script = read("bin/matrix")

    expect(jobs["matrix"]["strategy"]["matrix"]["leg"]).to eq(words(script, /^LEGS=\((.*)\)$/))
    expect(jobs["robust"]["strategy"]["matrix"]["leg"]).to eq(words(script, /^MORE_LEGS=\((.*)\)$/))
    expect(jobs["robust"]["if"]).to eq("github.event_name == 'schedule'")
  end

  it "runs every fuzz target" do
    targets = words(read("rakelib/fuzz.rake"), /TARGETS = %w\[(.*)\]/)

    expect(jobs["fuzz"]["strategy"]["matrix"]["target"]).to eq(targets)
    expect(Dir.glob("*_fuzz.c", base: File.join(root, "fuzz"))).to match_array(targets.map { |name| "#{name}_fuzz.c" })
  end

  it "counts instructions, as .ci/run does" do
    expect(jobs["instructions"]["steps"].last["run"]).to eq("bundle exec rake bench:instructions")
    expect(read(".ci/run")).to match(/^ *RUBY_LLM_NATIVE_STRICT=1 bundle exec rake bench:instructions$/)
  end

  it "strains the extension in every way, .ci/run in the two that are quick" do
    kinds = words(read("spec/support/under_strain.rb"), /KINDS = %w\[(.*)\]/)
    commands = jobs["extension"]["steps"].map { |step| step["run"] }.join("\n")

    expect(commands.scan(/robust:(\w+)/).flatten).to match_array(kinds)
    expect(read(".ci/run").scan(/robust:(\w+)/).flatten).to match_array(kinds - ["sanitized"])
  end

  it "runs bin/test, and each of its parts in a job of its own" do
    commands = jobs.values.flat_map { |job| job["steps"].map { |step| step["run"] } }

    expect(commands).to include("bin/test")
    expect(commands).to include(*read("bin/test").scan(/^bundle exec rake \S+$/))
  end

  it "installs the linters' gems in the version that was checked" do
    expect(read("gemfiles/lint.gemfile")).to match(/^gem "standard", "\d+\.\d+\.\d+"/)
  end
end
