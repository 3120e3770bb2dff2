# frozen_string_literal: true

require "fileutils"
require "open3"
require "rbconfig"
require "tmpdir"
require_relative "beside_helper"

# In which order the two gems are loaded must not matter. Each example is a process of its own.
RSpec.describe "requiring", unless: Beside.alone? do
  let(:words) { <<~RUBY }
    RubyLLM.config.registry_path = false
    puts RubyLLM.models.class, RubyLLM.config.class, RubyLLM.models.find("gpt-4o", provider: :openai).class,
      RubyLLM.models.instance_variable_get(:@models).class,
      RubyLLM.config.refresh_timeout.to_i, RubyLLM.config.openai_api_key.inspect
  RUBY

  def run(code)
    out, error, status = Open3.capture3(RbConfig.ruby, "-Ilib", "-e", code)
    raise error unless status.success?

    out.lines.map(&:chomp)
  end

  let(:expected) do
    ["RubyLLM::Models", "RubyLLM::Configuration", Beside.entry_class.name, "RubyLLM::Native::BesideRubyLLM::EntryList"]
  end

  it "this gem alone brings ruby_llm, where it is in the bundle" do
    expect(run("require 'ruby_llm_native'\n#{words}")).to eq([*expected, "60", "nil"])
  end

  it "this gem first" do
    expect(run("require 'ruby_llm_native'; require 'ruby_llm'\n#{words}")).to eq([*expected, "60", "nil"])
  end

  it "ruby_llm first" do
    code = "require 'ruby_llm'; RubyLLM.configure { |c| c.openai_api_key = 'k' }; require 'ruby_llm_native'"
    expect(run("#{code}\n#{words}")).to eq([*expected, "60", '"k"'])
  end

  it "ruby_llm first, and its models already in use" do
    expect(run("require 'ruby_llm'; RubyLLM.models.find('gpt-4o'); require 'ruby_llm_native'\n#{words}").first(3))
      .to eq(expected.first(3))
  end

  describe "what has looked at RubyLLM.models before this gem was there" do
    let(:folder) { Dir.mktmpdir }
    # What another process has stored: a model that no file of ruby_llm's has.
    let(:store) { <<~RUBY }
      store = ->(ids) do
        settings = -> { RubyLLM::Native::BesideRubyLLM::Options.settings }
        other = RubyLLM::Native::Registry.new(storage: RubyLLM::Native.const_get(:Storage).new(&settings), &settings)
        rows = ids.map { |id| {id: id, name: id, provider: "openai", metadata: {}} }
        File.write("#{folder}/stored.json", JSON.generate(rows))
        other.load_from_json("#{folder}/stored.json").save
      end
      RubyLLM.configure do |c|
        c.registry_path = "#{folder}"
        c.model_registry_file = "#{folder}/none.json" if RubyLLM::VERSION >= "2"
      end
    RUBY

    after { FileUtils.rm_rf(folder) }

    {
      "RubyLLM.models" => "RubyLLM.models.all", "Models.instance" => "RubyLLM::Models.instance",
      "a search" => "RubyLLM.models.find('gpt-4o')",
      "a filter of the class" => "RubyLLM::Models.chat_models.first"
    }.each do |name, look|
      it "sees what is stored, and what is stored later: #{name}" do
        out = run(<<~RUBY)
          require "ruby_llm"; #{look}; require "ruby_llm_native"
          #{store}
          store.call(%w[gpt-shed])
          puts RubyLLM.models.find("gpt-shed").id, RubyLLM.models.instance_variable_get(:@models).class
          store.call(%w[gpt-shed gpt-later])
          puts RubyLLM.models.catch_up(force: true), RubyLLM.models.find("gpt-later").id
        RUBY
        expect(out).to eq(["gpt-shed", "RubyLLM::Native::BesideRubyLLM::EntryList", "true", "gpt-later"])
      end
    end

    it "keeps what the program has put in" do
      entry = "RubyLLM::Models.instance.instance_variable_get(:@models) << " \
        "#{Beside.entry_class}.new(id: 'mine', name: 'M', provider: 'house')"
      out = run(<<~RUBY)
        require "ruby_llm"; RubyLLM.models; #{entry}; require "ruby_llm_native"
        #{store}
        keys = RubyLLM.models.map { |model| [model.provider, model.id] }
        puts RubyLLM.models.find("mine").provider, RubyLLM.models.find("gpt-4o", :openai).id, keys.uniq == keys
      RUBY
      expect(out).to eq(%w[house gpt-4o true])
    end

    it "is forgotten with @instance, as any registry" do
      out = run(<<~RUBY)
        require "ruby_llm"; RubyLLM.models; require "ruby_llm_native"
        #{store}
        RubyLLM.models.all
        store.call(%w[gpt-shed])
        RubyLLM::Models.instance_variable_set(:@instance, nil)
        puts RubyLLM.models.find("gpt-shed").id
      RUBY
      expect(out).to eq(["gpt-shed"])
    end
  end

  it "by hand, this gem first: ruby_llm takes over, with what was set" do
    by_hand = "Gem.loaded_specs.delete('ruby_llm')" # as without Bundler: nobody knows of it yet
    code = "require 'ruby_llm_native'; RubyLLM.configure { |c| c.openai_api_key = 'k'; c.refresh_timeout = 7 }; " \
      "require 'ruby_llm'"
    expect(run("#{by_hand}; #{code}\n#{words}")).to eq([*expected, "7", '"k"'])
  end

  it "by hand, this gem first: endpoints stay, and are added to" do
    code = "Gem.loaded_specs.delete('ruby_llm'); require 'ruby_llm_native'; " \
      "RubyLLM.config.endpoint :groq, api_key: 'k', headers: {'X-A' => 'a'}; require 'ruby_llm'; " \
      "RubyLLM.config.endpoint :groq, headers: {'X-B' => 'b'}; " \
      "puts RubyLLM.config.class, RubyLLM.config.defined_endpoints['groq'].options"
    expect(run(code)).to match(["RubyLLM::Configuration", /api_key.*"k".*"X-A".*"X-B"/])
  end

  ["3.0.0", "1.15.0"].each do |version|
    it "warns of ruby_llm #{version}, which it does not know, and leaves its methods alone" do
      out = run(<<~RUBY)
        require "ruby_llm"
        RubyLLM.send(:remove_const, :VERSION)
        RubyLLM::VERSION = "#{version}"
        $stderr = $stdout
        require "ruby_llm_native"
        RubyLLM.config.registry_path = false
        puts RubyLLM::Models.method_defined?(:find_of_ruby_llm), RubyLLM.models.find("gpt-4o").id,
          RubyLLM::Native.registry.find("gpt-4o").id
      RUBY
      expect(out.first).to match(/does not support ruby_llm #{version}/)
      expect(out.last(3)).to eq(%w[false gpt-4o gpt-4o])
    end
  end

  it "changes nothing of a program that does not load it" do
    out = run("require 'ruby_llm'; puts RubyLLM::Models.method_defined?(:refresh_of_ruby_llm), " \
      "RubyLLM.config.respond_to?(:refresh_timeout)")
    expect(out).to eq(%w[false false])
  end
end
