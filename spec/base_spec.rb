# frozen_string_literal: true

require "fileutils"
require "open3"
require_relative "spec_helper"
require_relative "support/homes"

# What there is before anything was fetched or stored. Each example is a new process, without Bundler, in a home of its own.
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
    output, @warnings, status = Open3.capture3(clean, RbConfig.ruby, "-I", library, "-rruby_llm_native", "-e", program, chdir: home)
    raise "#{program} failed: #{@warnings}" unless status.success?

    output
  end

  # An installed ruby_llm, as RubyGems sees one: a specification and its registry file.
  def install_ruby_llm(models)
    specification = Gem::Specification.new("ruby_llm", "2.0.0") { |spec| spec.authors = spec.summary = "as installed"; spec.files = [] }
    FileUtils.mkdir_p([File.join(gems, "specifications"), folder = File.join(gems, "gems", "ruby_llm-2.0.0", "lib", "ruby_llm")])
    File.write(File.join(gems, "specifications", "ruby_llm-2.0.0.gemspec"), specification.to_ruby)
    File.write(File.join(folder, "models.json"), models)
  end

  it "is nothing without anything, and says what to do" do
    expect(run("puts RubyLLM.models.size, RubyLLM.models.source, RubyLLM.models.source.kind")).to eq(
      "0\nnothing yet: call refresh!, or load a saved registry\nempty\n"
    )
  end

  it "is the registry file of an installed ruby_llm, as far as its facts have a source" do
    install_ruby_llm(fixture("published/good"))
    expect(run("puts RubyLLM.models.source.kind, RubyLLM.models.find('claude-shed').standing")).to eq("ruby_llm\ncatalogued\n")
    expect(run("puts RubyLLM.models.source")).to match(/\Athe registry file of ruby_llm 2\.0\.0, as far as its facts have a source, \d+/)
  end

  it "is passed over with a warning where that file is damaged" do
    install_ruby_llm("[{")
    expect(run("puts RubyLLM.models.source.kind")).to eq("empty\n")
    expect(@warnings).to match(%r{models\.json cannot be used: })
  end

  it "is replaced by the first refresh that reaches a metadata catalogue" do
    install_ruby_llm(JSON.generate([{id: "only-in-the-file", name: "O", provider: "openai", context_window: 1, max_output_tokens: 1,
                                                 metadata: {source: "models.dev"}}]))
    refresh = "RubyLLM.config.models_dev_url = '#{server.url("models_dev")}/api.json'; RubyLLM.config.refresh_retries = 0; " \
      "begin; RubyLLM.models.refresh!; rescue RubyLLM::Native::RefreshError; end; "
    look = "puts RubyLLM.models['only-in-the-file'] ? 1 : 0, RubyLLM.models.size > 1"

    server.on("models_dev", status(503))
    expect(run(refresh + look)).to eq("1\nfalse\n")
    expect(run(look)).to eq("1\nfalse\n")
    server.serve_fixtures
    expect(run(refresh + look)).to eq("0\ntrue\n")
    expect(run(look)).to eq("0\ntrue\n")
  end

  it "is the snapshot of the gem before that, with the ETag of models.dev" do
    copy = File.join(home, "lib")
    FileUtils.cp_r(library, copy)
    snapshot = File.join(copy, "ruby_llm_native", File.basename(RubyLLM::Native::Base::SNAPSHOT))
    built, status = Open3.capture2e({"MODELS_DEV_URL" => "#{server.url("models_dev")}/api.json"}, "bundle", "exec", "rake", "catalog:snapshot[#{snapshot}]",
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
