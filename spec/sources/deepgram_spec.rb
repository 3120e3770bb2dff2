# frozen_string_literal: true

require_relative "../support/catalogues"

RSpec.describe "deepgram" do
  include_context "with one source", :deepgram

  it "asks for v1/models with its key as a token" do
    answer_with("good")

    expect(requests.map { |request| [request.path, request.query] }).to eq([["/deepgram/v1/models", {}]])
    expect(requests.first.headers).to include("authorization" => "Token key-of-deepgram-1b5e55ed0ddba11")
  end

  it "makes one model of the rows that one has for each language" do
    answer_with("good")

    expect(registry.map(&:id)).to eq(%w[aura-9-shed-da flux-general-en nova-8-general phonecall])
    expect(model("nova-8-general").metadata[:deepgram]).to eq(
      name: "general", architecture: "nova-8", languages: %w[da de en en-US],
      batch: true, streaming: true, formatted_output: false,
      multilingual: false
    )
  end

  it "types a model by its list alone" do
    answer_with("good")

    expect(registry.to_h { |model| [model.id, model.type] }).to eq(
      "aura-9-shed-da" => :audio, "flux-general-en" => :transcription,
      "nova-8-general" => :transcription, "phonecall" => :transcription
    )
    expect(model("phonecall").modalities.to_h).to eq(input: %w[audio], output: %w[text])
    expect(model("aura-9-shed-da").modalities.to_h).to eq(input: %w[text], output: %w[audio])
    expect(model("flux-general-en").capabilities).to contain_exactly("realtime", "transcription")
  end

  it "keeps what it tells of a voice" do
    answer_with("good")

    expect(model("aura-9-shed-da").metadata[:deepgram]).to include(
      voice: "shed", languages: %w[da da-DK], version: "2025-10-01.0", accent: "Danish", tags: %w[calm]
    )
  end

  it "gives the same models whatever the order of rows" do
    answer_with("good")
    reversed = JSON.parse(fixture("deepgram/good")).transform_values { |rows| rows.is_a?(Array) ? rows.reverse : rows }
    server.on("deepgram", json(reversed))

    expect { registry.refresh! }.not_to change { registry.catalog.content_hash }
  end

  it "falls back to the name of a row without a canonical one" do
    answer_with("odd")

    expect(registry.map(&:id)).to eq(%w[old-general x])
  end

  it_behaves_like "a source that fails well", rows: 2, status: 401, message: "HTTP 401: Invalid credentials."
end
