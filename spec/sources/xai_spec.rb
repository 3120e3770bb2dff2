# frozen_string_literal: true

require_relative "../support/catalogues"

RSpec.describe "xai" do
  include_context "with one source", :xai

  lists = {
    "models" => "good", "language-models" => "language",
    "image-generation-models" => "image", "video-generation-models" => "video"
  }.freeze

  it "asks for each of its lists" do
    answer_with(nil, lists)

    expect(requests.map(&:path)).to match_array(lists.keys.map { |path| "/xai/#{path}" })
    expect(requests.map { |request| request.headers["authorization"] }.uniq)
      .to eq(["Bearer key-of-xai-1b5e55ed0ddba11"])
  end

  it "unites what its lists say of one model" do
    answer_with(nil, lists)

    expect(model("grok-4-0709").modalities.to_h).to eq(input: %w[text image], output: %w[text])
    expect(model("grok-4-0709")).to have_attributes(context_window: 256_000, input_price_per_million: 3.0)
    expect(model("grok-paint")).to have_attributes(type: :image, listed?: true)
    expect(model("grok-imagine-video").type).to eq(:video)
  end

  it "reads a price that holds from a threshold on" do
    answer_with(nil, lists)

    expect(model("grok-4-0709").price(:input, tokens: 127_999)).to eq(3.0)
    expect(model("grok-4-0709").price(:input, tokens: 128_000)).to eq(6.0)
  end

  it "documents its speech models, which no list has" do
    answer_with(nil, lists)

    expect(model("grok-tts")).to have_attributes(type: :audio, listed?: false, prices: [])
    expect(model("grok-stt")).to have_attributes(type: :transcription, listed?: false)
    expect(outcome(:xai).rows).to eq(10)
  end

  it "does without the lists that a server does not have" do
    answer_with(nil, lists.slice("models"))

    expect(outcome(:xai)).to have_attributes(status: :refreshed, rows: 6)
  end
end
