# frozen_string_literal: true

require_relative "../support/catalogues"

RSpec.describe "elevenlabs" do
  include_context "with one source", :elevenlabs

  it "asks for v1/models with its key in xi-api-key" do
    answer_with("good")

    expect(requests.map { |request| [request.path, request.query] }).to eq([["/elevenlabs/v1/models", {}]])
    expect(requests.first.headers).to include("xi-api-key" => "key-of-elevenlabs-1b5e55ed0ddba11")
    expect(requests.first.headers.keys).not_to include("authorization")
  end

  it "tells speakers and voice changers by their flags" do
    answer_with("good")

    expect(model("eleven_shed_v9"))
      .to have_attributes(name: "Eleven Shed v9", type: :audio, listed?: true, created_at: nil, prices: [])
    expect(model("eleven_shed_v9").modalities.to_h).to eq(input: %w[text], output: %w[audio])
    expect(model("eleven_shed_v9").capabilities).to contain_exactly("speech_generation", "fine_tuning")
    expect(model("eleven_swap_v3").modalities.to_h).to eq(input: %w[audio], output: %w[audio])
    expect(model("eleven_both_v1").modalities.to_h).to eq(input: %w[text audio], output: %w[audio])
  end

  it "keeps languages and rates as metadata" do
    answer_with("good")

    expect(model("eleven_shed_v9").metadata[:elevenlabs]).to include(
      languages: [{language_id: "en", name: "English"}, {language_id: "da", name: "Danish"}], token_cost_factor: 1.0,
      model_rates: {character_cost_multiplier: 0.5}
    )
    expect(model("eleven_shed_v9").request_limits).to eq(characters: 12_000)
  end

  it "says nothing that a bare row does not" do
    answer_with("odd")

    expect(model("eleven_bare")).to have_attributes(type: :audio, capabilities: ["speech_generation"], metadata: {})
    expect(registry.map(&:id)).to eq(%w[eleven_bare eleven_null])
  end

  it_behaves_like "a source that fails well", rows: 2, status: 401, message: "HTTP 401: Invalid API key"
end
