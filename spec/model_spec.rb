# frozen_string_literal: true

require "spec_helper"
require "json"
require "tmpdir"

RSpec.describe RubyLLM::Native::Model do
  def models_dev(provider, models)
    rows = models.to_h { |id, facts| [id, {id: id, name: id, **facts}] }
    JSON.generate(provider => {id: provider, name: provider, models: rows})
  end

  def listing(*ids)
    JSON.generate(
      object: "list", data: ids.map { |id| {id: id, object: "model", created: 1_744_316_542, owned_by: "system"} }
    )
  end

  let(:facts) do
    {
      name: "GPT-4.1", family: "gpt", tool_call: true, structured_output: true, reasoning: true,
      reasoning_options: [{type: "effort", values: ["low", "high", nil]}],
      knowledge: "2024-04", release_date: "2025-04-14",
      modalities: {input: %w[text image], output: %w[text]},
      limit: {context: 1_047_576, output: 32_768}, open_weights: false,
      cost: {
        input: 2, output: 8, cache_read: 0.5, tiers: [{input: 4, output: 12, tier: {type: "context", size: 200_000}}]
      }
    }
  end
  let(:view) do
    view_of(
      openai: listing("gpt-4.1", "gpt-bare"), models_dev: models_dev("openai", "gpt-4.1" => facts, "gpt-old" => {})
    )
  end
  let(:model) { view.find("gpt-4.1") }
  let(:bare) { view.find("gpt-bare") }

  it "has what the sources state" do
    expect(model).to have_attributes(id: "gpt-4.1", provider: "openai",
      name: "GPT-4.1", family: "gpt", type: :chat, context_window: 1_047_576,
      max_output_tokens: 32_768, max_tokens: 32_768, display_name: "GPT-4.1", label: "OpenAI - GPT-4.1")
  end

  it "knows nothing that nobody states" do
    expect(bare).to have_attributes(context_window: nil, max_output_tokens: nil,
      knowledge_cutoff: nil, knowledge_cutoff_precision: nil,
      retires_at: nil, status: nil, input_price_per_million: nil,
      capabilities: [], reasoning_options: [], function_calling?: false)
    expect(bare.pricing.to_h).to eq({})
  end

  it "has its dates in UTC, and how exactly the cutoff is stated" do
    expect(model).to have_attributes(
      created_at: Time.at(1_744_316_542).utc, knowledge_cutoff: Date.new(2024, 4, 1), knowledge_cutoff_precision: :month
    )
    expect(model.created_at).to be_utc
  end

  it "answers for its capabilities and modalities" do
    expect(model).to have_attributes(function_calling?: true,
      supports_functions?: true, structured_output?: true, reasoning?: true,
      streaming?: false, supports_vision?: true, supports_video?: false)
    expect(model.supports?("function_calling")).to be(true)
    expect(model.modalities.to_h).to eq(input: %w[text image], output: %w[text])
  end

  it "has the options of its reasoning" do
    expect(model.reasoning_options).to eq([{type: "effort", values: ["low", "high", nil]}])
    expect(model.reasoning_option_values(:effort)).to eq(["low", "high", ""])
    expect(model.reasoning_option(:toggle)).to be_nil
  end

  describe "the options of its reasoning, by who states them" do
    let(:low) { [{type: "effort", values: %w[low]}] }
    let(:budget) { [{type: "budget_tokens", min: 1024}] }

    def row(options) = JSON.generate([{id: "shed", provider: "openai", metadata: {reasoning_options: options}}])

    def steered(**answers) = view_of(**answers).find("shed", provider: "openai").reasoning_options

    it "are those of models.dev first, then of the published catalogue, then of ruby_llm's file" do
      said = models_dev("openai", "shed" => {reasoning_options: [{type: "toggle"}]})
      expect(steered(models_dev: said, published: row(low))).to eq([{type: "toggle"}])
      expect(steered(published: row(low), openai: listing("shed"))).to eq(low)
      expect(steered(bundle: row(budget), openai: listing("shed"))).to eq(budget)
      expect(steered(file: row(budget))).to eq(budget)
    end
  end

  it "keeps each source's other facts under its slug, frozen" do
    expect(model.metadata[:models_dev]).to include(open_weights: false)
    expect(model.metadata).to be_frozen
    expect(model.metadata[:models_dev]).to be_frozen
  end

  it "has the record's keys in the ruby_llm gem's order" do
    expect(model.to_h.keys).to eq(%i[
      id name provider family created_at context_window max_output_tokens knowledge_cutoff modalities capabilities
      pricing metadata
    ])
  end

  it "is frozen, equal by its facts, and short to look at" do
    expect(model).to be_frozen
    expect(model).to eq(view.find("gpt-4.1"))
    expect(model.inspect)
      .to eq('#<RubyLLM::Native::Model openai gpt-4.1 "GPT-4.1": chat, context 1,047,576, output 32,768, $2.0 input, ' \
        "$8.0 output per million tokens>")
    expect(bare.inspect).to eq('#<RubyLLM::Native::Model openai gpt-bare "gpt-bare": chat>')
  end

  describe "prices" do
    it "are in every place where the ruby_llm gem has them" do
      expect(model.pricing.text_tokens).to have_attributes(input: 2.0,
        output: 8.0, cache_read_input: 0.5, cache_write_input: nil, batch: nil,
        long_context_threshold: 200_000)
      expect(model.pricing.text_tokens.standard.input_per_million).to eql(2.0)
      expect(model).to have_attributes(
        input_price_per_million: 2.0, output_price_per_million: 8.0, cached_input_price_per_million: 0.5
      )
      expect(model.pricing.audio_tokens.standard).to be_nil
    end

    it "make one Hash" do
      expect(model.pricing.to_h).to eq(text_tokens: {
        standard: {input_per_million: 2.0, output_per_million: 8.0, cache_read_input_per_million: 0.5},
        long_context: {input_per_million: 4.0, output_per_million: 12.0}, long_context_threshold: 200_000
      })
    end

    it "are exact on request" do
      row = {id: "a/b", name: "B", pricing: {prompt: "0.00000015", completion: "0"}}
      routed = view_of(openrouter: JSON.generate(data: [row])).first
      expect(routed.price(:input)).to eql(0.15)
      expect(routed.price(:input, exact: true)).to eq(BigDecimal("0.15"))
      expect(routed.price(:output)).to eql(0.0)
      expect(routed.price(:cache_read)).to be_nil
    end

    it "are of known meters" do
      expect { model.price(:tokens) }
        .to raise_error(ArgumentError, /\AUnknown meter: :tokens \(known: input, output, cache_read, .*storage\)\z/)
    end

    it "say what tokens cost" do
      expect(model.cost_for(input: 1_000, output: 500).total).to be_within(1e-12).of(0.006)
      expect(model.cost_for(Struct.new(:input, :output).new(1_000, 0)).to_h)
        .to include(input: 0.002, output: nil, total: 0.002)
      expect(bare.cost_for(input: 1_000).total).to be_nil
    end

    it "change with the length of the request" do
      expect(model.cost_for(input: 200_000).total).to be_within(1e-12).of(0.4)
      expect(model.cost_for(input: 200_001).total).to be_within(1e-12).of(0.800004)
      expect(model.cost_for({input: 1, output: 1}, tier: :batch).total).to be_nil
    end
  end

  describe "views" do
    it "hold listed and catalogued models" do
      expect(view.map(&:id)).to eq(%w[gpt-4.1 gpt-bare gpt-old])
      expect(view.listed.map(&:id)).to eq(%w[gpt-4.1 gpt-bare])
    end

    it "chain" do
      expect(view.by_provider(:openai).chat_models.by_family("gpt").map(&:id)).to eq(%w[gpt-4.1])
      expect(view.chat_models.by_provider(:anthropic)).to be_empty
      expect(view.embedding_models.to_a + view.audio_models.to_a + view.image_models.to_a).to eq([])
    end

    it "find a model in either spelling, and only among their own" do
      expect([view.find("gpt-4.1", :openai), view.find("gpt-4.1", provider: "openai"), view["gpt-4.1"]])
        .to eq([model] * 3)
      expect(view.by_family("gpt")["gpt-bare"]).to be_nil
      expect(view.find { |each| each.id.end_with?("bare") }).to eq(bare)
    end

    it "say what to do about a model they do not have" do
      expect { view.find("gpt-x", provider: :openai) }.to raise_error(RubyLLM::ModelNotFoundError,
        'Unknown model: "gpt-x" for provider: :openai. If the model exists at the provider, refresh the registry ' \
        "with `RubyLLM.models.refresh!`, or load a saved registry with `RubyLLM.models.load_from_json(path)`. " \
        "Did you mean gpt-old?")
    end

    it "prefer the maker to the router" do
      both = view_of(openrouter: JSON.generate(data: [{id: "gpt-4.1", name: "Routed"}]), openai: listing("gpt-4.1"))
      expect(both.find("gpt-4.1").provider).to eq("openai")
    end

    it "are frozen and show the first few" do
      expect(view).to be_frozen
      expect(view.by_family("gpt").inspect).to eq(<<~TABLE.chomp)
        #<RubyLLM::Native::View 1 model
          provider  id       type    context  $ input  $ output
          openai    gpt-4.1  chat  1,047,576      2.0       8.0>
      TABLE
    end
  end

  describe "a registry file" do
    around { |example| Dir.mktmpdir { |folder| Dir.chdir(folder, &example) } }

    let(:registry) { RubyLLM.models }

    before { registry.import_json(RubyLLM::Native::Export.dump(catalog, {})) }

    def catalog
      documents = {
        openai: listing("gpt-4.1", "gpt-bare", "gpt-realtime"), models_dev: models_dev("openai", "gpt-4.1" => facts)
      }
      RubyLLM::Native::Catalog.merge(documents.map { |source, document| sheet(source, document) })
    end

    it "gives back what was saved" do
      before = registry.map { |each| [each.to_h, each.type, each.knowledge_cutoff_precision] }
      registry.save_to_json("models.json").forget!.load_from_json("models.json")
      expect(registry.map { |each| [each.to_h, each.type, each.knowledge_cutoff_precision] }).to eq(before)
    end

    it "is the same file when saved again" do
      registry.save_to_json("models.json").load_from_json("models.json").save_to_json("again.json")
      expect(File.read("again.json")).to eq(File.read("models.json"))
    end

    it "has full dates, times in UTC and a final newline" do
      text = registry.save_to_json("models.json").then { File.read("models.json") }
      expect(JSON.parse(text).first).to include("created_at" => "2025-04-10 20:22:22 UTC",
        "knowledge_cutoff" => "2024-04-01",
        "metadata" => include("knowledge_cutoff" => "2024-04"))
      expect(text).to end_with("]\n")
    end

    it "keeps its mode and leaves no draft" do
      File.write("models.json", "[]", perm: 0o600)
      registry.save_to_json("models.json")
      expect(Dir.children(".")).to eq(["models.json"])
      expect(File.stat("models.json").mode & 0o777).to eq(0o600)
    end

    it "changes nothing when it is not there or no registry" do
      File.write("broken.json", '[{"id": "a"')
      expect { registry.load_from_json("missing.json") }
        .to raise_error(RubyLLM::Native::Error, /\AThe registry file missing\.json cannot be read: No such file/)
      expect { registry.load_from_json!("broken.json") }
        .to raise_error(RubyLLM::Native::Error, /\AThe registry file broken\.json cannot be read: /)
      expect(registry.size).to eq(3)
    end
  end
end
