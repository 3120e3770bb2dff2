# frozen_string_literal: true

require_relative "beside_helper"

# Tenants beside ruby_llm: its contexts have settings of their own; here they have models of their own, too.
RSpec.describe "the models of a context beside ruby_llm", unless: Beside.alone? do
  include_context "with providers"

  subject(:models) { context.models }

  let(:context) { RubyLLM.context { |config| config.openai_api_key = "tenant-a" } }

  before do
    keys = {"Bearer tenant-a" => %w[gpt-4.1 ft:gpt-4.1:a]}
    server.on("openai", lambda { |request|
      ids = keys.fetch(request.headers["authorization"], %w[gpt-4.1])
      json({object: "list", data: ids.map { |id| {id: id, object: "model"} }})
    })
    RubyLLM.models.refresh!
  end

  def listed(registry)
    registry.native_registry.view.by_provider(:openai).listed.map(&:id)
  end

  it "are those that its own keys are answered, and nobody else's" do
    before = RubyLLM.models.map { |model| [model.provider, model.id] }
    expect(models.refresh!).to be(models)
    expect(models.find("ft:gpt-4.1:a", :openai)).to be_an_instance_of(Beside.entry_class)
    expect(listed(models)).to contain_exactly("gpt-4.1", "ft:gpt-4.1:a")
    expect(RubyLLM.models.map { |model| [model.provider, model.id] }).to eq(before)
    expect { RubyLLM.models.find("ft:gpt-4.1:a") }.to raise_error(RubyLLM::ModelNotFoundError)
    expect(RubyLLM.context.models.map(&:id)).not_to include("ft:gpt-4.1:a")
  end

  it "begin with what the metadata sources state" do
    expect(models.find("gpt-4.1", provider: :openai).context_window).to eq(1_047_576)
    expect(listed(models)).to eq([])
  end

  it "are the same registry each time, and the process's stays ruby_llm's" do
    expect(context.models).to be(models)
    expect(RubyLLM.models).to be_an_instance_of(RubyLLM::Models)
  end

  it "can be narrowed and filtered, and tell what became of their own refresh" do
    models.refresh(only: :openai)
    expect(models.by_provider(:openai).chat_models.map(&:id)).to include("ft:gpt-4.1:a")
    expect(models.where(provider: :openai).find("ft:gpt-4.1:a").provider).to eq("openai")
    expect(models.where(provider: :nobody).to_a).to eq([])
    expect(models.by_provider(:openai).cheapest).to be_an_instance_of(Beside.entry_class)
    expect(models.last_refresh[:openai].status).to eq(:refreshed)
    expect(RubyLLM.models.last_refresh.map(&:source)).to include(:ollama)
  end

  it "know the aliases of their configuration" do
    context.config.model_aliases = {"mine" => ["gpt-4.1", "openai"]}
    expect(models.find("mine").id).to eq("gpt-4.1")
    expect { RubyLLM.models.find("mine") }.to raise_error(RubyLLM::ModelNotFoundError)
  end

  it "are asked for again once on a miss, if configured" do
    context.config.refresh_on_miss = true
    expect(models.find("ft:gpt-4.1:a").provider).to eq("openai")
  end

  it "raise when every provider fails, and stay" do
    %w[openai ollama].each { |source| server.on(source, status(500)) }
    before = models.map(&:id)
    expect { models.refresh! }.to raise_error(RubyLLM::Native::RefreshError)
    expect(context.models.map(&:id)).to eq(before)
  end

  it "show no key" do
    expect([models.last_refresh.inspect, context.config.inspect].join).not_to include("tenant-a")
  end
end
