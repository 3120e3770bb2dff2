# frozen_string_literal: true

require_relative "beside_helper"
require_relative "../support/databases"
require_relative "../support/llm_tables"

# Our own table of models, in a program that has ruby_llm too: what `RubyLLM.models` gives there are ruby_llm's entries.
RSpec.describe "our table of models beside ruby_llm", unless: Beside.alone? do
  include_context "with providers"

  before do
    Databases.all.first.connect
    LLMTables.create(ActiveRecord::Base.connection)
    stub_const("LLMModel", Class.new(ActiveRecord::Base) { self.table_name = "llm_models" })
    LLMModel.acts_as_llm_model
  end

  def keys(models)
    models.map { |model| [model.provider, model.id] }
  end

  it "is kept in sync with the registry behind RubyLLM.models" do
    RubyLLM.models.count
    result = LLMModel.sync!
    expect(result.inserted).to eq(RubyLLM::Native.registry.view.size)
    expect(LLMModel.find_by(provider: "openai", model_id: "gpt-4.1"))
      .to have_attributes(available: true, context_window: 1_047_576)
    expect(LLMModel.sync!).not_to be_changed
    expect(RubyLLM.models.find("qwen3:8b")).to be_an_instance_of(Beside.entry_class) # which has noticed
  end

  it "keeps the entries that a program chooses, as what our registry knows of them" do
    RubyLLM.models.refresh!
    chosen = RubyLLM.models.by_provider(:openai).chat_models
    expect(LLMModel.save_models(chosen).inserted).to eq(chosen.count)
    expect(LLMModel.pluck(:provider, :model_id)).to match_array(keys(chosen))
    expect(LLMModel.pluck(:fingerprint)).to all(be_a(String))
    expect(LLMModel.save_models(RubyLLM::Native.registry.by_provider(:openai).chat_models)).not_to be_changed
    expect(LLMModel.save_models(chosen.all)).not_to be_changed
  end

  it "keeps an entry of the program's own too, and says when one is not a model" do
    RubyLLM.models.refresh!
    stray = Beside.entry(id: "house-model", name: "Our own", provider: "house", context_window: 4096)
    expect(LLMModel.save_models([*RubyLLM.models.by_provider(:openai).first(2), stray]).inserted).to eq(3)
    expect(LLMModel.find_by(model_id: "house-model"))
      .to have_attributes(name: "Our own", provider: "house", context_window: 4096)
    expect { LLMModel.save_models([Beside.entry(id: nil, name: "Nothing")]) }
      .to raise_error(RubyLLM::Native::Error, /1 of 1 rows were rejected; first: id must be a string, got null/)
  end

  it "takes what a block of a sync chooses, in either class" do
    RubyLLM.models.refresh!
    expect(LLMModel.sync! { RubyLLM.models.by_provider(:ollama) }.inserted).to eq(6)
    expect(LLMModel.sync! { |models| models.by_provider(:ollama) }).not_to be_changed
  end

  it "gives the model of our registry for a row, and nil for one that it does not know" do
    LLMModel.sync!
    row = LLMModel.find_by(provider: "openai", model_id: "gpt-4.1")
    expect(row.to_llm).to be_a(RubyLLM::Native::Model).and have_attributes(id: "gpt-4.1", context_window: 1_047_576)
    expect(RubyLLM.models.find(row.model_id, row.provider).id).to eq("gpt-4.1")
    expect(LLMModel.new(provider: "openai", model_id: "none").to_llm).to be_nil
  end
end
