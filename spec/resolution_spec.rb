# frozen_string_literal: true

require "spec_helper"
require_relative "support/refreshing"

RSpec.describe "Which model a name means" do
  def view(documents, **options)
    catalog = RubyLLM::Native::Catalog.merge(documents.map { |source, document| sheet(source, document) })
    RubyLLM::Native::View.new(catalog, RubyLLM::Native::Preferences.new(**options))
  end

  def found(view, *arguments, **options)
    model = view.find(*arguments, **options)
    [model.provider, model.id]
  end

  describe "the provider" do
    let(:documents) do
      {perplexity: {data: [{id: "shared"}]}, openrouter: {data: [{id: "shared"}]}, openai: {data: [{id: "shared"}]}}
    end

    it "is a configured one before all others" do
      expect(found(view(documents), "shared")).to eq(%w[openai shared])
      expect(found(view(documents, configured: %w[openrouter]), "shared")).to eq(%w[openrouter shared])
      expect(found(view(documents, configured: %w[openrouter perplexity]), "shared")).to eq(%w[perplexity shared])
    end

    it "is the one that is asked for, as a Symbol or a String" do
      expect(found(view(documents), :shared, :openrouter)).to eq(%w[openrouter shared])
      expect(found(view(documents), "shared", provider: "perplexity")).to eq(%w[perplexity shared])
      expect(view(documents)["shared", provider: :xai]).to be_nil
    end

    it "may be one that we do not know" do
      own = view({file: [{id: "shared", provider: "mine", name: "Mine"}]})
      expect(found(own, "shared")).to eq(%w[mine shared])
    end
  end

  describe "an app's alias" do
    let(:documents) do
      {openai: {data: [{id: "gpt-4.1-nano"}, {id: "fast"}]}, openrouter: {data: [{id: "gpt-4.1-nano"}]}}
    end

    it "stands before everything of that name" do
      expect(found(view(documents, aliases: {"fast" => ["gpt-4.1-nano", nil]}), "fast")).to eq(%w[openai gpt-4.1-nano])
    end

    it "is looked up at the provider that is asked for, unless it has one of its own" do
      expect(found(view(documents, aliases: {"fast" => ["gpt-4.1-nano", nil]}), "fast", :openrouter))
        .to eq(%w[openrouter gpt-4.1-nano])
      named = view(documents, aliases: {"fast" => %w[gpt-4.1-nano openrouter]})
      expect(found(named, "fast")).to eq(%w[openrouter gpt-4.1-nano])
      expect(found(named, "fast", :openai)).to eq(%w[openai fast])
    end

    it "that leads nowhere is a miss" do
      lost = view(documents, aliases: {"fast" => ["gone", nil]})
      expect { lost.find("fast") }.to raise_error(RubyLLM::ModelNotFoundError, /\AUnknown model: "fast"/)
    end
  end

  describe "a miss" do
    let(:models) do
      view({
        openai: {data: [{id: "gpt-4.1"}, {id: "gpt-4.1-mini"}, {id: "o3"}]},
        anthropic: {data: [{id: "claude-opus-4-1"}]}
      })
    end

    def miss(...)
      models.find(...)
    rescue RubyLLM::ModelNotFoundError => error
      error
    end

    it "suggests ids that have all words of the query, then those that are spelled like it" do
      expect(miss("opus-4").suggestions).to eq(%w[claude-opus-4-1])
      expect(miss("gpt-4.1-mnii").message)
        .to end_with("`RubyLLM.models.load_from_json(path)`. Did you mean gpt-4.1-mini?")
      expect(miss("gpt 4.1").message).to end_with("Did you mean gpt-4.1 or gpt-4.1-mini?")
      expect(miss("opus-4", provider: :openai).suggestions).to eq([])
    end

    it "of anything at all is nothing worse" do
      [
        nil, "", "\xFF", "é".encode("UTF-16LE"), "a" * 5000, "arn:aws:bedrock:us-east-1:123:inference-profile/us.x"
      ].each do |name|
        expect(miss(name)).to be_a(RubyLLM::ModelNotFoundError)
        expect(miss(name)).to have_attributes(message: start_with("Unknown model: #{name.inspect}. If"), id: name)
      end
    end

    it "shows no more than its message" do
      expect(miss("o4").inspect).to eq("#<RubyLLM::Native::ModelNotFoundError: #{miss("o4").message}>")
    end
  end

  # Bedrock's answer as it came, from us-west-2.
  describe "among the recorded answers", :payloads do
    let(:documents) do
      %w[openai anthropic gemini openrouter bedrock].to_h { |source| [source, payload("2026-01-13/#{source}.json")] }
        .merge("models_dev" => payload("models_dev/2026-07-02.json"))
    end

    it "is the newest snapshot of an undated id" do
      listed = view(documents.slice("anthropic"))
      expect(found(listed, "claude-opus-4-5")).to eq(%w[anthropic claude-opus-4-5-20251101])
      expect(found(listed, "claude-3-haiku")).to eq(%w[anthropic claude-3-haiku-20240307])
    end

    it "is found without its maker's namespace" do
      expect(found(view(documents, configured: %w[openrouter]), "gpt-4.1")).to eq(%w[openrouter openai/gpt-4.1])
      expect(found(view(documents), "gpt-4.1")).to eq(%w[openai gpt-4.1])
    end

    it "is that of the caller's region at Bedrock" do
      opus = "anthropic.claude-opus-4-5-20251101-v1:0"
      west = view(documents, configured: %w[bedrock], region: "us-west-2")
      europe = view(documents, configured: %w[bedrock], region: "eu-central-1")
      expect(found(west, opus)).to eq(["bedrock", "us.#{opus}"])
      expect(found(europe, opus, :bedrock)).to eq(["bedrock", "eu.#{opus}"])
      expect(found(europe, "us.#{opus}")).to eq(["bedrock", "eu.#{opus}"])
      expect(found(europe, "claude-opus-4-5")).to eq(["bedrock", "eu.#{opus}"])
      expect(found(west, "claude-3-haiku", :bedrock).last).not_to end_with("k")
    end

    it "is OpenRouter's model for a suffix that it has no entry of" do
      expect(found(view(documents), "openai/gpt-4o:online")).to eq(%w[openrouter openai/gpt-4o])
      free = documents["openrouter"][/"id":\s*"([^"]+:free)"/, 1]
      expect(found(view(documents), free)).to eq(["openrouter", free])
    end
  end

  describe "by the configuration" do
    let(:config) { RubyLLM::Native::Configuration.new }
    let(:registry) { RubyLLM::Native::Registry.new { config } }

    before do
      sheets = %w[openai mistral].to_h { |source| [source, sheet(source, {data: [{id: "shared"}]})] }
      registry.import_json(RubyLLM::Native::Export.dump(RubyLLM::Native::Catalog.merge(sheets.values), sheets))
    end

    it "follows an option that is set later, and keeps the view as long as none is" do
      expect(registry.find("shared").provider).to eq("openai")
      expect(registry.view).to equal(registry.view)
      config.mistral_api_key = "key"
      expect(registry.find("shared").provider).to eq("mistral")
      expect(registry.configured.map(&:provider)).to eq(%w[mistral])
      config.model_alias :fast, "shared", provider: :openai
      expect(registry.find("fast").provider).to eq("openai")
    end
  end

  describe RubyLLM::Native::Preferences do
    it "are those of a configuration" do
      config = RubyLLM::Native::Configuration.new
      config.openrouter_api_key = "key"
      config.bedrock_region = "eu-west-1"
      config.anthropic_api_key = "key"
      config.model_alias "fast", "gpt-4.1-nano"
      preferences = described_class.of(config)
      expect(preferences).to have_attributes(
        configured: %w[anthropic openrouter], region: "eu-west-1", aliases: {"fast" => ["gpt-4.1-nano", nil]}
      )
      expect(preferences.order.first(4)).to eq(%w[anthropic openrouter openai gemini])
      expect(preferences.inspect).not_to include("key")
    end

    it "counts Bedrock as configured when something supplies its keys" do
      config = RubyLLM::Native::Configuration.new
      config.bedrock_region = "eu-west-1"
      config.bedrock_credential_provider = Object.new
      expect(described_class.of(config).configured).to eq(%w[bedrock])
    end

    it "orders all providers, makers first, and no metadata source" do
      providers = RubyLLM::Native::SOURCES.reject { |source| source[:catalogue] || !source[:askable] }
      order = described_class::DEFAULT.order
      expect(order).to match_array(providers.map { |source| source[:slug].to_s })
      expect(order & %w[openrouter openai bedrock anthropic azure xai ollama vertexai])
        .to eq(%w[openai anthropic xai vertexai bedrock openrouter azure ollama])
    end
  end
end
