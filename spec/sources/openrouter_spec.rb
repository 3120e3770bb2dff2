# frozen_string_literal: true

require_relative "../support/catalogues"

RSpec.describe "openrouter" do
  include_context "with one source", :openrouter

  lists = {
    "models" => "good", "embeddings/models" => "embeddings", "models?output_modalities=speech" => "speech",
    "models?output_modalities=transcription" => "transcription",
    "models?output_modalities=rerank" => "rerank", "images/models" => "images"
  }.freeze

  it "asks for each of its lists" do
    answer_with(nil, lists)

    expect(requests.map { |request| [request.path.delete_prefix("/openrouter/"), request.query] }).to contain_exactly(
      ["models", {}], ["embeddings/models", {}], ["images/models", {}], ["models", {"output_modalities" => "speech"}],
      ["models", {"output_modalities" => "transcription"}], ["models", {"output_modalities" => "rerank"}]
    )
    expect(requests.map { |request| request.headers["authorization"] }.uniq)
      .to eq(["Bearer key-of-openrouter-1b5e55ed0ddba11"])
  end

  it "knows of models that do not write" do
    answer_with(nil, lists)

    expect(%w[a/embed a/speak a/listen a/rank a/paint].to_h { |id| [id, model(id).type] }).to eq(
      "a/embed" => :embedding, "a/speak" => :audio,
      "a/listen" => :transcription, "a/rank" => :rerank, "a/paint" => :image
    )
    expect(model("a/embed")).to have_attributes(context_window: 8192, name: "A: Embed", input_price_per_million: 0.02)
    expect(model("a/paint").metadata[:openrouter]).to include(supported_parameters: {size: ["1024x1024"]})
  end

  it "makes one model of one that is in several lists" do
    answer_with(nil, lists)

    expect(registry.count { |model| model.id == "google/gemini-2.5-flash-image" }).to eq(1)
    expect(model("google/gemini-2.5-flash-image"))
      .to have_attributes(type: :chat, context_window: 32_768, input_price_per_million: 0.3)
  end

  it "treats no model as gone while a list fails, and counts it as kept" do
    answer_with(nil, lists)
    server.on(
      "openrouter",
      ->(request) { request.path.end_with?("/images/models") ? status(500) : json(fixture("openrouter/good")) }
    )
    registry.refresh!

    expect(outcome(:openrouter)).to have_attributes(status: :refreshed, remark: "images/models: HTTP 500")
    expect(model("a/paint")).to be_listed
    expect(outcome(:openrouter).kept).to be >= 1
  end

  it "treats a model as gone when its list does not exist" do
    answer_with(nil, lists)
    answer_with(nil, lists.except("images/models"))

    expect(outcome(:openrouter)).to have_attributes(status: :refreshed, remark: /\Aimages\/models: HTTP 404/, kept: 0)
    expect(registry.find { |found| found.id == "a/paint" }).to be_nil
  end

  it "fails when the first list does" do
    expect { answer_with(nil, lists.except("models")) }.to raise_error(RubyLLM::Native::RefreshError)
    expect(outcome(:openrouter)).to have_attributes(status: :failed, http_status: 404)
  end
end
