# frozen_string_literal: true

require_relative "beside_helper"

# A chat through ruby_llm over real HTTP: its model comes from our registry, its cost from our prices.
RSpec.describe "a chat beside ruby_llm", unless: Beside.alone? do
  include_context "with providers"

  let(:sources) { %w[deepseek models_dev] + (Beside.v2? ? %w[published] : []) }
  let(:answer) do
    {id: "1", object: "chat.completion", created: 1, model: "deepseek-chat",
     choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: "Four."}}],
     usage: {prompt_tokens: 1_000_000, completion_tokens: 500_000, total_tokens: 1_500_000}}
  end

  before do
    server.on("deepseek", lambda { |request|
      request.path.end_with?("/chat/completions") ? json(answer) : json(fixture("deepseek/good"))
    })
    RubyLLM.models.refresh!
  end

  it "resolves the model, asks its provider and computes the cost" do
    chat = RubyLLM.chat(model: "deepseek-chat", provider: :deepseek)
    expect(chat.model).to be(RubyLLM.models.find("deepseek-chat", :deepseek))
    response = chat.ask("Two and v2?")
    expect(response.content).to eq("Four.")
    expect(server.requests("deepseek").last).to have_attributes(method: "POST", path: "/deepseek/chat/completions")
    input, output = %i[input output].map { |kind| chat.model.pricing.text_tokens.public_send(kind) }
    expect(response.cost.total).to be_within(1e-9).of(input + (output / 2))
    expect([input, output]).to eq([0.28, 0.42]) # as models.dev states them
  end

  it "resolves without a provider, and by an alias of the program's own" do
    RubyLLM.config.model_aliases = {"cheap" => ["deepseek-chat", "deepseek"]}
    expect(RubyLLM.chat(model: "deepseek-chat").ask("?").content).to eq("Four.")
    expect(RubyLLM.models.find("cheap").id).to eq("deepseek-chat")
  end

  it "asks the providers once for a model that it misses, when it is told so" do
    RubyLLM.config.refresh_on_miss = true
    server.on("deepseek", json({object: "list", data: [{id: "deepseek-new", object: "model"}]}))
    expect(RubyLLM.models.find("deepseek-new", provider: :deepseek).id).to eq("deepseek-new")
  end

  it "leaves a context its own settings" do
    context = RubyLLM.context { |config| config.deepseek_api_key = "another-key" }
    context.chat(model: "deepseek-chat", provider: :deepseek).ask("?")
    expect(server.requests("deepseek").last.headers["authorization"]).to eq("Bearer another-key")
  end
end
