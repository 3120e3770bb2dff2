# frozen_string_literal: true

require "fileutils"
require "open3"
require_relative "spec_helper"
require_relative "support/homes"

# What there is before anything was fetched or stored. Each example is a new process, without Bundler, in a home of
# its own.
RSpec.describe "the base of a registry" do
  include_context "with a server for all sources"

  let(:home) { Dir.mktmpdir }
  let(:gems) { File.join(home, "gems") }
  let(:library) { File.expand_path("../lib", __dir__) }

  after { FileUtils.rm_rf(home) }

  # What the program prints; its warnings go to `@warnings`.
  def run(program)
    clean = {"HOME" => home, "XDG_CACHE_HOME" => nil, "RUBYOPT" => nil, "RUBYLIB" => nil, "BUNDLE_GEMFILE" => nil,
             "GEM_PATH" => gems, "GEM_HOME" => gems}
    output, @warnings, status = Open3.capture3(
      clean, RbConfig.ruby, "-I", library, "-rruby_llm_native", "-e", program, chdir: home
    )
    raise "#{program} failed: #{@warnings}" unless status.success?

    output
  end

  # An installed ruby_llm, as RubyGems sees one: a specification and its registry file.
  def install_ruby_llm(models)
    specification = Gem::Specification.new("ruby_llm", "2.0.0") { |spec|
      spec.authors = spec.summary = "as installed"
      spec.files = []
    }
    folder = File.join(gems, "gems", "ruby_llm-2.0.0", "lib", "ruby_llm")
    FileUtils.mkdir_p([File.join(gems, "specifications"), folder])
    File.write(File.join(gems, "specifications", "ruby_llm-2.0.0.gemspec"), specification.to_ruby)
    File.write(File.join(folder, "models.json"), models)
  end

  it "is nothing without anything, and says what to do" do
    expect(run("puts RubyLLM.models.size, RubyLLM.models.source, RubyLLM.models.source.kind")).to eq(
      "0\nnothing yet: call refresh!, or load a saved registry\nempty\n"
    )
  end

  it "is the registry file of an installed ruby_llm" do
    install_ruby_llm(fixture("published/good"))
    expect(run("puts RubyLLM.models.source.kind, RubyLLM.models.find('claude-shed').standing"))
      .to eq("ruby_llm\ncatalogued\n")
    expect(run("puts RubyLLM.models.source")).to match(/\Athe registry file of ruby_llm 2\.0\.0, \d+/)
  end

  it "is passed over with a warning where that file is damaged" do
    install_ruby_llm("[{")
    expect(run("puts RubyLLM.models.source.kind")).to eq("empty\n")
    expect(@warnings).to match(%r{models\.json cannot be used: })
  end

  it "is replaced by the first refresh that reaches a metadata source" do
    install_ruby_llm(JSON.generate([{id: "only-in-the-file", name: "O",
                                     provider: "openai", context_window: 1, max_output_tokens: 1,
                                     metadata: {source: "models.dev"}}]))
    refresh = "RubyLLM.config.models_dev_url = '#{server.url("models_dev")}/api.json'; " \
      "RubyLLM.config.refresh_retries = 0; " \
      "begin; RubyLLM.models.refresh!; rescue RubyLLM::Native::RefreshError; end; "
    look = "puts RubyLLM.models['only-in-the-file'] ? 1 : 0, RubyLLM.models.size > 1"

    server.on("models_dev", status(503))
    expect(run(refresh + look)).to eq("1\nfalse\n")
    expect(run(look)).to eq("1\nfalse\n")
    server.serve_fixtures
    expect(run(refresh + look)).to eq("0\ntrue\n")
    expect(run(look)).to eq("0\ntrue\n")
  end

  describe "counted after a refresh that no metadata source answered" do
    let(:rows) do
      [%w[openai gpt-4.1], %w[openai shed-old], %w[openai shed-older], %w[anthropic claude-shed],
        %w[mistral shed-small], %w[mistral shed-large]]
        .map { |provider, id| {id: id, name: id, provider: provider, metadata: {}} }
    end
    let(:listing) { {object: "list", data: %w[gpt-4.1 shed-new].map { |id| {id: id, object: "model"} }} }
    let(:program) { <<~RUBY }
      models = RubyLLM.models
      RubyLLM.configure do |c|
        c.models_dev_url = "#{server.url("models_dev")}/api.json"
        c.refresh_retries = 0
        c.openai_api_base, c.openai_api_key = "#{server.url("openai")}", "key"
        c.mistral_api_base, c.mistral_api_key = "#{server.url("mistral")}", "key"
      end
      ids = -> { models.map { |model| [model.provider, model.id] } }
      before = ids.call
      models.refresh!(only: %i[openai mistral models_dev])
      told = models.last_refresh.select(&:asked?).to_h do |outcome|
        [outcome.source, outcome.to_h.slice(:status, :count, :added, :removed)]
      end
      puts JSON.generate(before: before, after: ids.call, told: told)
    RUBY

    before do
      install_ruby_llm(JSON.generate(rows))
      server.on("models_dev", status(503))
      server.on("openai", json(listing))
      server.on("mistral", status(500))
    end

    it "is part of each provider's models" do
      facts = JSON.parse(run(program), symbolize_names: true)

      expect(facts[:before].map(&:first).tally).to eq("openai" => 3, "anthropic" => 1, "mistral" => 2)
      expect(facts[:after].map(&:first).tally).to eq("openai" => 4, "anthropic" => 1, "mistral" => 2)
      expect(facts[:told]).to eq(
        openai: {status: "refreshed", count: 4, added: 1, removed: 0},
        mistral: {status: "failed", count: 2, added: 0, removed: 0},
        models_dev: {status: "failed", count: 0, added: 0, removed: 0}
      )
    end

    it "is gone from the counts when a metadata source answers" do
      server.serve_fixtures
      server.on("openai", json(listing))
      facts = JSON.parse(run(program), symbolize_names: true)
      openai = facts[:after].select { |provider, *| provider == "openai" }

      expect(openai).to include(%w[openai shed-new])
      expect(openai).not_to include(%w[openai shed-old])
      expect(facts[:told][:openai]).to include(count: openai.size, removed: 2, added: openai.size - 1)
      expect(facts[:told][:mistral][:removed]).to eq(2)
    end
  end

  it "is the snapshot of the gem before that, with the ETag of models.dev" do
    copy = File.join(home, "lib")
    FileUtils.cp_r(library, copy)
    snapshot = File.join(copy, "ruby_llm_native", File.basename(RubyLLM::Native.const_get(:Seed)::SNAPSHOT))
    built, status = Open3.capture2e({"MODELS_DEV_URL" => "#{server.url("models_dev")}/api.json"},
      "bundle", "exec", "rake", "catalog:snapshot[#{snapshot}]",
      chdir: File.expand_path("..", __dir__))
    expect(status).to be_success, built
    install_ruby_llm(fixture("published/good"))
    allow(self).to receive(:library).and_return(copy)

    expect(run("puts RubyLLM.models.source")).to match(/\Athe snapshot of this gem, \d+ seconds? old\n\z/)
    expect(run("RubyLLM.config.models_dev_url = '#{server.url("models_dev")}/api.json'; RubyLLM.models.refresh!; " \
      "puts RubyLLM.models.last_refresh[:models_dev].status")).to eq("unchanged\n")
    File.binwrite(snapshot, File.binread(snapshot).reverse)
    FileUtils.rm_rf(File.join(home, ".cache"))
    expect(run("puts RubyLLM.models.source.kind")).to eq("ruby_llm\n")
    expect(@warnings).to match(/snapshot-v\d+\.rlm cannot be used: /)
  end
end
