# frozen_string_literal: true

require "yaml"
require_relative "beside_helper"

# What our registry knows beyond ruby_llm's entries: prices under conditions, bills, lives and controls.
RSpec.describe "what an entry of ruby_llm's is here", unless: Beside.alone? do
  include_context "with providers"

  let(:sources) { %w[openai anthropic models_dev] + (Beside.v2? ? %w[published] : []) }
  let(:ends) { Time.now.utc.round + (30 * 86_400) }
  let(:entry) { RubyLLM.models.find("gpt-tiers", :openai) }
  let(:catalogue) do
    {openai: {id: "openai", models: {
      "gpt-tiers" => {
        id: "gpt-tiers", name: "Tiers", tool_call: true, reasoning: true, temperature: false,
        reasoning_options: [{type: "effort", values: %w[low high]}], modalities: {input: %w[text], output: %w[text]},
        limit: {context: 400_000, output: 10_000},
        cost: {input: 2, output: 8, cache_read: 0.5,
               tiers: [{input: 4, output: 12, cache_read: 1, tier: {type: "context", size: 200_000}}]},
        experimental: {modes: {flex: {
          cost: {input: 1, output: 4, cache_read: 0.25}, provider: {body: {service_tier: "flex"}}
        }}}
      },
      "gpt-cheap" => {
        id: "gpt-cheap", name: "Cheap", modalities: {input: %w[text], output: %w[text]}, cost: {input: 0.1, output: 0.3}
      },
      "gpt-priceless" => {id: "gpt-priceless", name: "Priceless", modalities: {input: %w[text], output: %w[text]}}
    }}}
  end

  before do
    list = %w[gpt-tiers gpt-cheap gpt-priceless].map { |id| {id: id, object: "model", created: 1_790_000_000} }
    server.on("openai", json({object: "list", data: list}))
    server.on("anthropic", json({has_more: false, data: [
      {type: "model", id: "claude-old", display_name: "Old", lifecycle: "deprecated",
       deprecated_at: "2026-01-01T00:00:00Z", retires_at: ends.iso8601, allowed_fallback_models: %w[claude-new]},
      {type: "model", id: "claude-new", display_name: "New", lifecycle: "active"}
    ]}))
    server.on("models_dev", json(catalogue))
    RubyLLM.models.refresh!
  end

  def names(models)
    models.map { |model| [model.provider, model.id] }
  end

  describe "its model" do
    it "is that of our registry" do
      expect(entry.native).to be_an_instance_of(RubyLLM::Native::Model)
      expect(entry.native).to eq(RubyLLM::Native.registry.find("gpt-tiers", provider: :openai))
    end

    it "has prices under conditions" do
      expect(entry.native.price(:input, tier: :flex)).to eq(1.0)
      expect(entry.native.price(:output, tokens: 200_001, exact: true)).to eq(12)
      expect(entry.native.price(:input, tier: :priority)).to be_nil
      expect(entry.native.price_of(:cache_read).origin).to eq(:models_dev)
    end

    # 900 x 1 + 100 x 0.25 + 50 x 4 dollars for a million
    it "has bills of what a provider says was used" do
      usage = {"prompt_tokens" => 1_000, "completion_tokens" => 50, "service_tier" => "flex",
               "prompt_tokens_details" => {"cached_tokens" => 100}}
      cost = entry.native.cost_for(usage, tier: :flex)
      expect(cost.total(exact: true)).to eq(BigDecimal("0.001125"))
      expect(cost.lines.map { |line| [line.meter, line.amount] }).to contain_exactly(
        [:input, BigDecimal("0.0009")], [:cache_read, BigDecimal("0.000025")], [:output, BigDecimal("0.0002")]
      )
      expect { entry.native.cost_for!({input: 1, web_search: 1}) }
        .to raise_error(RubyLLM::Native::UnpricedUsageError, /web_search/)
    end

    # A request of 200,001 tokens costs what long ones do: 200,001 x 4 + 10 x 12 dollars for a million.
    it "has bills of ruby_llm's own tokens" do
      tokens = RubyLLM::Tokens.new(input: 200_001, output: 10)
      expect(entry.native.cost_for(tokens).total(exact: true)).to eq(BigDecimal("0.800124"))
    end

    it "has a life and controls" do
      old = RubyLLM.models.find("claude-old", :anthropic).native
      expect(old.status).to eq(:deprecated)
      expect(old.status(at: ends - 1)).to eq(:deprecated)
      expect(old.status(at: ends + 86_400)).to eq(:retired)
      expect([old.retires_at, old.replacement]).to eq([ends, "claude-new"])
      expect(entry.native.reasoning).to include(efforts: %i[low high])
      expect(entry.native.accepts?(:temperature)).to be(false)
    end

    it "is the same one after the entry has been made whole, and nothing of it shows" do
      whole = RubyLLM.models.find("gpt-cheap", :openai)
      before = whole.native
      expect(whole.pricing.text_tokens.input).to eq(0.1)
      expect(whole.native).to be(before)
      expect(whole.instance_variables).to match_array([*Beside.entry(id: "x").instance_variables, :@type])
      expect(whole.inspect).not_to include("Native")
      expect(whole.native).to eq(before)
    end

    it "does not go into copies, which find it again" do
      entry.pricing
      dumped = Marshal.dump(entry)
      expect(dumped).not_to include("Native")
      expect(YAML.dump(RubyLLM.models.find("gpt-cheap", :openai).tap(&:pricing))).not_to include("native", "Native")
      [Marshal.load(dumped), entry.dup, entry.clone(freeze: true), entry.dup.freeze].each do |copy|
        expect(copy.native).to eq(RubyLLM::Native.registry.find("gpt-tiers", provider: :openai))
      end
    end

    it "is nil where our registry knows none" do
      expect(Beside.entry(id: "mine").native).to be_nil
      expect(Beside.entry_class.default("gpt-unheard-of", "openai").native).to be_nil
      expect(Beside.entry_class.default("gpt-cheap", "openai").native.price(:output)).to eq(0.3)
    end

    it "is that of its context's registry, whole or not" do
      server.on("openai", json({object: "list", data: [{id: "ft:gpt-cheap:a", object: "model"}]}))
      models = RubyLLM.context { |config| config.openai_api_key = "tenant" }.models.refresh!
      mine = models.find("ft:gpt-cheap:a", :openai)
      known = models.native_registry.find("ft:gpt-cheap:a", provider: :openai)
      expect(mine.native).to eq(known)
      mine.capabilities
      expect(mine.native).to eq(known)
      expect(RubyLLM::Native.registry["ft:gpt-cheap:a"]).to be_nil
    end

    it "can be asked for by many threads while the entry is made whole" do
      many = Array.new(8) { Thread.new { [entry.native, entry.pricing, entry.native, entry.inspect, entry.native] } }
      found = many.flat_map { |thread| thread.value.values_at(0, 2, 4) }
      expect(found.map(&:id)).to eq(["gpt-tiers"] * 24)
    end
  end

  describe "its own names" do
    let(:readers) do
      %i[id name provider family created_at context_window max_output_tokens knowledge_cutoff unlisted_at capabilities
        pricing metadata reasoning_options modalities type]
    end

    it "are ruby_llm's, but for the readers" do
      folder = Gem.loaded_specs["ruby_llm"].full_gem_path
      named = Beside.entry_class.public_instance_methods(false) - readers
      ours = named.reject { |name| Beside.entry_class.instance_method(name).source_location.first.start_with?(folder) }
      expect(ours.reject { |name| name.end_with?("_of_ruby_llm") }).to eq([:native])
    end

    it "have ruby_llm's classes and rounding" do
      cost = entry.cost_for(RubyLLM::Tokens.new(input: 1_000, output: 500))
      expect(cost).to be_an_instance_of(RubyLLM::Cost)
      expect(cost.total).to eq(0.006)
      expect(entry.pricing).to be_an_instance_of(RubyLLM::Model::Pricing)
      expect(entry.pricing.to_h.keys).to eq([:text_tokens])
      expect(entry.pricing.text_tokens.standard.to_h)
        .to eq(input_per_million: 2.0, output_per_million: 8.0, cache_read_input_per_million: 0.5)
    end

    it "take the arguments that ruby_llm takes", if: Beside.v2? do
      expect(entry.price(:cache_read)).to eq(0.5)
      expect { entry.price(:web_search) }.to raise_error(ArgumentError, /Unknown price kind/)
      expect { entry.price(:input, tier: :flex) }.to raise_error(ArgumentError)
      expect(entry.pricing.text_tokens.tier_for(200_001).input_per_million).to eq(4.0)
    end
  end

  # As protocols/chat_completions/models.rb and providers/{mistral,openrouter,azure}/models.rb of ruby_llm 2.x say.
  describe "its metadata", if: Beside.v2? do
    def metadata(id, provider)
      RubyLLM.models.find(id, provider: provider).metadata
    end

    before do
      %w[mistral openrouter azure].each do |source|
        RubyLLM.config.public_send(:"#{source}_api_base=", server.url(source))
        RubyLLM.config.public_send(:"#{source}_api_key=", "key-of-it")
      end
      server.on("openai", json({data: [{id: "gpt-ending", shutdown_date: "2027-01-02"}, {id: "gpt-staying"}]}))
      server.on("mistral", json({data: [
        {id: "tiny-2501", aliases: %w[tiny-latest], deprecation: "2027-01-31T12:00:00Z",
         deprecation_replacement_model: "small-latest"}
      ]}))
      server.on("openrouter", json({data: [
        {id: "lab/model", expiration_date: "2027-02-03",
         per_request_limits: {prompt_tokens: 100, completion_tokens: 50}}
      ]}))
      server.on("azure", json({data: [
        {id: "gpt-x", lifecycle_status: "generally-available", deprecation: {inference: 1_800_000_000},
         capabilities: {chat_completion: true, inference: true}}
      ]}))
      RubyLLM.models.refresh!
    end

    it "has the ends and other names that ruby_llm has there, in its words" do
      expect(metadata("gpt-ending", :openai)).to include(shutdown_date: "2027-01-02")
      expect(metadata("tiny-2501", :mistral)).to include(
        deprecation: "2027-01-31T12:00:00Z", deprecation_replacement_model: "small-latest", aliases: %w[tiny-latest]
      )
      expect(metadata("lab/model", :openrouter)).to include(
        expiration_date: "2027-02-03", per_request_limits: {prompt_tokens: 100, completion_tokens: 50}
      )
      expect(metadata("gpt-x", :azure))
        .to include(lifecycle_status: "generally-available", inference_retires_at: 1_800_000_000)
    end

    it "has nothing of it where the provider states nothing" do
      expect(metadata("gpt-staying", :openai).keys).not_to include(:shutdown_date)
      expect(RubyLLM::Native.registry.find("gpt-ending", provider: :openai).metadata.to_s).not_to include("2027")
    end
  end

  describe "RubyLLM.models" do
    let(:models) { RubyLLM.models }
    let(:added) do
      %i[where supporting configured cheapest cheapest_for unpriced retiring deprecated latest newest_first
        without_snapshots options_for_select explain suggestions preferences last_refresh source]
    end

    it "has methods of ours under names that ruby_llm has none of" do
      expect(added - models.public_methods).to eq([])
      expect(added.select { |name| RubyLLM::Models.method_defined?(:"#{name}_of_ruby_llm") }).to eq([])
    end

    it "has those that retire within a time" do
      soon = models.retiring(within: 31 * 86_400)
      expect(soon).to be_an_instance_of(RubyLLM::Models)
      expect(names(soon)).to include(%w[anthropic claude-old])
      expect(soon.find("claude-old", :anthropic)).to be(models.find("claude-old", :anthropic))
      expect(names(models.retiring(within: 29 * 86_400))).not_to include(%w[anthropic claude-old])
      expect(names(models.by_provider(:openai).retiring(within: 31 * 86_400))).not_to include(%w[anthropic claude-old])
      expect { models.retiring(within: -1) }.to raise_error(ArgumentError, /within/)
    end

    it "has those that are deprecated" do
      expect(names(models.by_provider(:anthropic).deprecated)).to eq([%w[anthropic claude-old]])
    end

    it "has those that can do a request, the cheapest first, and those without a price" do
      openai = models.by_provider(:openai)
      expect(openai.cheapest_for({input: 1_000, output: 100}).map(&:id)).to start_with("gpt-cheap", "gpt-tiers")
      expect(openai.cheapest_for({input: 1_000, output: 100}, tier: :flex).map(&:id)).to eq(["gpt-tiers"])
      expect(openai.unpriced.map(&:id)).to include("gpt-priceless")
      expect(openai.unpriced.first).to be_an_instance_of(Beside.entry_class)
    end
  end
end
