# frozen_string_literal: true

require "delegate"
require "yaml"
require_relative "beside_helper"

# What a program's specs put in place of ruby_llm's configuration, and what programs do to copy entries and lists.
RSpec.describe "beside ruby_llm", unless: Beside.alone? do
  include_context "with providers"

  subject(:models) { RubyLLM.models }

  before { models.find("gpt-4o", :openai) }

  describe "a stand-in for RubyLLM.config" do
    let(:known) { {openai_api_key: "k", logger: Logger.new(StringIO.new)} }
    let(:refused) { Object.new }

    def find_with(config)
      allow(RubyLLM).to receive(:config).and_return(config)
      models = RubyLLM.models
      [models.find("gpt-4o", :openai).id, models.find("gpt-4o").provider, models.chat_models.first.class]
    end

    found = %w[gpt-4o openai]

    it "may be a Struct of ruby_llm's options" do
      expect(find_with(Struct.new(*known.keys).new(*known.values))).to eq([*found, Beside.entry_class])
    end

    it "may be a double of ruby_llm's options" do
      expect(find_with(double("config", **known))).to eq([*found, Beside.entry_class])
    end

    it "may be a verifying double" do
      double = instance_double(RubyLLM::Configuration, openai_api_key: "k")
      expect(find_with(double)).to eq([*found, Beside.entry_class])
    end

    it "may be a double that answers everything with itself" do
      expect(find_with(double("config").as_null_object)).to eq([*found, Beside.entry_class])
    end

    it "may have some of our options, which hold, or what they cannot be, which does not" do
      partly = Struct.new(:model_aliases, :refresh_on_miss_interval)
      expect(find_with(partly.new({"mine" => ["gpt-4o", "openai"]}, "soon"))).to eq([*found, Beside.entry_class])
      expect(RubyLLM.models.find("mine").id).to eq("gpt-4o")
      expect(find_with(partly.new(refused, nil))).to eq([*found, Beside.entry_class])
    end

    it "may be a delegator, whose options are those of the configuration behind it" do
      RubyLLM.config.model_aliases = {"behind" => ["gpt-4o", "openai"]}
      find_with(SimpleDelegator.new(RubyLLM.config))
      expect(RubyLLM.models.find("behind").id).to eq("gpt-4o")
    end
  end

  describe "a list" do
    let(:keys) { ->(entries) { entries.map { |entry| [entry.provider, entry.id, entry.context_window] } } }

    it "survives Marshal: all models, a part, the registry and a search's result" do
      found = models.select { |model| model.id == "gpt-4o" }
      [models.all, models.by_provider(:openai).all, models.chat_models, models, found].each do |list|
        copy = Marshal.load(Marshal.dump(list))
        expect(copy).to be_an_instance_of(list.class)
        expect(keys.call(copy)).to eq(keys.call(list))
      end
    end

    it "is one to search and to change after Marshal, too" do
      copy = Marshal.load(Marshal.dump(models.by_provider(:openai)))
      expect(copy.find("gpt-4o", :openai).to_h).to eq(models.find("gpt-4o", :openai).to_h)
      copy.instance_variable_get(:@models) << Beside.entry(id: "mine", provider: "openai")
      expect(copy.find("mine", :openai).id).to eq("mine")
      expect(models["mine"]).to be_nil
    end

    it "is the program's own after Marshal, not taken for one of this process" do
      copy = Marshal.load(Marshal.dump(RubyLLM::Models.new([Beside.entry(id: "mine")])))
      [copy, Marshal.load(Marshal.dump(models.by_provider(:openai)))].each do |registry|
        ids = registry.all.map(&:id)
        RubyLLM::Native.registry.forget!
        RubyLLM::Models.instance_variable_set(:@instance, registry)
        expect(RubyLLM.models.all.map(&:id)).to eq(ids)
        RubyLLM::Native.registry.refresh!(only: :ollama)
        expect(RubyLLM.models.find("qwen3:8b").provider).to eq("ollama")
      end
    end

    it "says of which catalog it is to this process alone, in Marshal and YAML" do
      catalog = RubyLLM::Native.registry.catalog
      mark = RubyLLM::Native::BesideRubyLLM::CatalogMark.new(catalog)
      expect(mark.made_from?(catalog)).to be(true)
      [Marshal.load(Marshal.dump(mark)), YAML.unsafe_load(YAML.dump(mark))].each do |copy|
        expect([copy.made_from?(catalog), copy.unknown?]).to eq([false, true])
      end
    end

    it "survives YAML, as an Array" do
      list = models.by_provider(:deepseek).all
      copy = YAML.unsafe_load(YAML.dump(list))
      expect(copy).to be_an_instance_of(Array)
      expect(keys.call(copy)).to eq(keys.call(list))
    end

    it "can be copied, and a copy is changed alone" do
      list = models.instance_variable_get(:@models)
      [list.dup, list.clone, [*list], list.clone(freeze: true).dup].each do |copy|
        copy.clear
        expect(models.find("gpt-4o", :openai).id).to eq("gpt-4o")
      end
      expect(models.dup.find("gpt-4o", :openai)).to be(models.find("gpt-4o", :openai))
      expect(models.clone.all.size).to eq(models.all.size)
    end

    it "survives a cache of Rails's, if there is one" do
      begin
        require "active_support"
        require "active_support/cache"
      rescue LoadError
        skip "without ActiveSupport"
      end
      Dir.mktmpdir do |folder|
        [ActiveSupport::Cache::FileStore.new(folder), ActiveSupport::Cache::MemoryStore.new].each do |cache|
          kept = {entry: models.find("gpt-4o", :openai), all: models.all, chats: models.chat_models.to_a}
          kept.each { |name, value| cache.write(name, value) }
          expect(cache.read(:entry).to_h).to eq(models.find("gpt-4o", :openai).to_h)
          expect(keys.call(cache.read(:all))).to eq(keys.call(models.all))
          expect(keys.call(cache.read(:chats))).to eq(keys.call(models.chat_models))
        end
      end
    end
  end

  describe "a registry file with models of providers that this version of ruby_llm cannot talk to" do
    let(:rows) do
      keys = [%w[openai gpt-shed], %w[gpustack house],
        %w[shedprovider model-a], %w[cohere command-shed], %w[hetzner shed-70b],
        %w[vertexai meta/shed-maas]]
      keys.map do |provider, id|
        {id: id, name: id, provider: provider, context_window: 100, max_output_tokens: 10, metadata: {}}
      end
    end
    let(:file) { File.join(@folder, "theirs.json").tap { |path| File.write(path, JSON.generate(rows)) } }

    it "loses none of them when it is loaded and saved, and shows those that ruby_llm alone would" do
      again = File.join(@folder, "again.json")
      registry = RubyLLM::Models.new([])
      registry.load_from_json(file)
      registry.save_to_json(again)

      pairs = ->(list) { list.map { |row| row.transform_keys(&:to_s).values_at("provider", "id") } }
      expect(pairs.call(JSON.parse(File.read(again)))).to match_array(pairs.call(rows))
      shown = pairs.call(rows) - (Beside.one? ? [%w[vertexai meta/shed-maas]] : [])
      expect(registry.all.map { |model| [model.provider, model.id] }).to match_array(shown)
      expect(registry.find("model-a", provider: "shedprovider").context_window).to eq(100)
    end

    it "loses none of our own whole registry" do
      own = File.join(@folder, "own.json")
      RubyLLM::Native.registry.load_from_json(file).save_to_json(own)
      before = JSON.parse(File.read(own)).size
      RubyLLM.models.load_from_json(own)
      RubyLLM.models.save_to_json(own)
      expect([before, JSON.parse(File.read(own)).size]).to eq([6, 6])
    end
  end
end
