# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "Cohere's listing" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(
      server, only: [], cohere_api_base: server.url("cohere"), cohere_api_key: "key-of-cohere-1b5e55ed"
    )
  end
  let(:pages) do
    ->(request) { json(fixture((request.query["page_token"] == "page+2=") ? "cohere/page_2" : "cohere/page_1")) }
  end

  def refresh_with(answer)
    server.on("cohere", answer)
    registry.refresh!(only: :cohere)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  it "asks for page after page" do
    refresh_with(pages)

    expect(server.requests("cohere").map { |request| [request.path, request.query] }).to eq([
      ["/cohere/v1/models", {"page_size" => "1000"}],
      ["/cohere/v1/models", {"page_size" => "1000", "page_token" => "page+2="}]
    ])
    expect(server.requests("cohere").map { |request| request.headers["authorization"] }.uniq)
      .to eq(["Bearer key-of-cohere-1b5e55ed"])
    expect(listed(:cohere).size).to eq(4)
  end

  it "states limits, types, features" do
    refresh_with(pages)

    expect(registry.find("command-acme-03-2026")).to have_attributes(type: :chat, context_window: 262_144, status: nil,
      input_modalities: %w[text image], output_modalities: %w[text],
      capabilities: contain_exactly("streaming", "function_calling", "json_mode", "citations", "vision"))
    expect(registry.find("embed-acme-v5")).to have_attributes(type: :embedding,
      context_window: 8192, status: :deprecated,
      input_modalities: %w[text image], output_modalities: %w[embeddings])
    expect(registry.find("rerank-acme")).to have_attributes(type: :rerank, context_window: 4096, capabilities: [])
    expect(registry.find("transcribe-acme"))
      .to have_attributes(type: :transcription, context_window: nil, input_modalities: %w[audio])
    expect(registry.find("command-acme-03-2026").metadata[:cohere])
      .to include(endpoints: %w[chat generate], is_deprecated: false)
  end

  it "takes nothing from what says nothing" do
    refresh_with(json(fixture("cohere/odd")))

    expect(registry.find("parse-acme"))
      .to have_attributes(type: :ocr, context_window: 16_000, input_modalities: %w[image], capabilities: %w[ocr])
    expect(registry.find("embed-acme-image"))
      .to have_attributes(type: :embedding, context_window: nil, input_modalities: %w[image])
    expect(registry.find("classify-acme")).to have_attributes(context_window: nil, capabilities: [])
    expect(registry.find("old-acme").capabilities)
      .to contain_exactly("streaming", "reasoning", "structured_output", "tool_choice")
    expect(registry.find("silent-acme")).to have_attributes(capabilities: [], input_modalities: [])
  end

  it "loses one row to one bad row" do
    refresh_with(json(fixture("cohere/broken_rows")))
    expect(outcome(:cohere)).to have_attributes(status: :refreshed, rejected: 1)
    expect(ids(:cohere)).to contain_exactly("whole-1", "whole-2")
  end

  it "fails whole when a page fails" do
    refresh_with(lambda do |request|
      next json(fixture("cohere/error"), status: 401) if request.query["page_token"]

      json(fixture("cohere/page_1"))
    end)
    expect(outcome(:cohere))
      .to have_attributes(status: :failed, http_status: 401, error: /Incorrect API key provided: \*\*\*\*acme/)
    expect(ids(:cohere)).to eq([])
  end

  it "is empty where nothing is listed" do
    refresh_with(json(fixture("cohere/empty")))
    expect(outcome(:cohere).status).to eq(:empty)
  end
end
