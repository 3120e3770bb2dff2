# frozen_string_literal: true

require "json"

# What docs/explanation/facts.md promises, as an app sees it: who stated a fact, what a model is for, and which ids are
# offered.
RSpec.describe "the facts of a registry" do
  def sheet(source, answer)
    RubyLLM::Native.read_sheet(source, JSON.generate(answer), 1_780_000_000).first
  end

  def view(answers)
    RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge(answers.map { |source, answer| sheet(source, answer) }))
  end

  def ids(models)
    models.map(&:id)
  end

  it "name what is compiled into the gem, and let every source outvote it" do
    listing = {"perplexity" => {data: [{id: "acme/one"}]}}
    alone = view(listing).find("sonar-pro", provider: :perplexity)
    documented = {perplexity: {models: {"sonar-pro" => {name: "S", limit: {context: 5}, cost: {input: 7}}}}}
    outvoted = view(**listing, "models_dev" => documented).find("sonar-pro", provider: :perplexity)

    expect(%i[context_window pricing type].map { |field| alone.origin(field) }).to eq(%i[builtin builtin builtin])
    expect(outvoted).to have_attributes(context_window: 5, input_price_per_million: 7.0)
    expect(%i[context_window pricing].map { |field| outvoted.origin(field) }).to eq(%i[models_dev models_dev])
  end

  it "name the file of an installed ruby_llm as what it is, and hear it last" do
    row = {id: "gpt-acme", provider: "openai", name: "Acme", metadata: {source: "models.dev", limit: {context: 3}}}
    bundled = view("bundle" => [row]).find("gpt-acme")
    answered = view("bundle" => [row], "file" => [row.merge(context_window: 4)]).find("gpt-acme")

    expect([bundled.context_window, bundled.origin(:context_window)]).to eq([3, :bundle])
    expect([answered.context_window, answered.origin(:context_window)]).to eq([4, :file])
  end

  it "keep what does not chat out of the chat models" do
    models = view(
      "openai" => {data: %w[davinci-002 babbage-002 gpt-3.5-turbo-instruct whisper-1 gpt-acme].map { |id| {id: id} }},
      "gemini" => {models: [{name: "models/quiz", supportedGenerationMethods: ["generateAnswer"]}]},
      "azure" => {data: [{id: "mute", capabilities: {chat_completion: false, completion: false, embeddings: false}}]},
      "xai" => {data: [{id: "grok-9-image"}]}
    )

    expect(ids(models.chat_models)).to eq(["gpt-acme"])
    expect(models.find("gpt-3.5-turbo-instruct").type).to eq(:completion)
    expect([models.find("quiz").type, models.find("mute").type]).to eq(%i[other other])
  end

  it "have a type that is a capability among the capabilities" do
    models = view("openai" => {data: %w[whisper-1 tts-1 dall-e-3 gpt-realtime].map { |id| {id: id} }})

    expect(models.find("whisper-1").supports?(:transcription)).to be(true)
    expect(ids(models.supporting(:speech_generation))).to eq(["tts-1"])
    expect(ids(models.supporting(:image_generation))).to eq(["dall-e-3"])
    expect(ids(models.supporting(:realtime))).to eq(["gpt-realtime"])
  end

  it "offer an inference profile instead of the id that only it can reach" do
    stated = {modelId: "acme.deep-v1:0", inferenceTypesSupported: ["INFERENCE_PROFILE"], outputModalities: ["TEXT"]}
    documented = {name: "Deep", modalities: {input: ["text"], output: ["text"]}}
    models = view(
      "bedrock" => {modelSummaries: [stated]},
      "models_dev" => {"amazon-bedrock" => {models: {"acme.deep-v1:0" => documented}}}
    )

    expect(ids(models)).to eq(["us.acme.deep-v1:0"])
    expect(ids(models.chat_models)).to eq(["us.acme.deep-v1:0"])
    expect(models.find("acme.deep-v1:0").id).to eq("us.acme.deep-v1:0")
    expect(models.explain("acme.deep-v1:0").to_s).to include("inference profile for us", "not offered on its own")
    expect(models.unlisted.find("acme.deep-v1:0"))
      .to have_attributes(id: "acme.deep-v1:0", standing: :unlisted, unlisted_at: nil, name: "Deep")
  end

  it "call a model retired that models.dev calls deprecated, unless its provider lists it" do
    models = view("mistral" => {data: [{id: "here"}]},
      "models_dev" => {mistral: {models: {"here" => {status: "deprecated"}, "gone" => {status: "deprecated"}}}})

    expect([models.find("here").status, models.find("gone").status]).to eq(%i[deprecated retired])
  end
end
