# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "Azure's listing" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(
      server, only: [], azure_api_base: server.url("azure"), azure_api_key: "key-of-azure-1b5e55ed"
    )
  end

  def asked
    server.requests("azure").last
  end

  def refresh_with(answer)
    server.on("azure", answer)
    registry.refresh!(only: :azure)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  # [path, api-version] of the request that this base URL leads to.
  def asked_at(base)
    config.azure_api_base = "#{server.url("azure")}#{base}"
    refresh_with(json(fixture("azure/good")))
    [asked.path, asked.query]
  end

  it "asks the resource with its key header" do
    refresh_with(json(fixture("azure/good")))

    expect(server.requests("azure").size).to eq(1)
    expect(asked).to have_attributes(path: "/azure/openai/v1/models", query: {"api-version" => "preview"})
    expect(asked.headers)
      .to include("api-key" => "key-of-azure-1b5e55ed").and(satisfy { |headers| !headers.key?("authorization") })
  end

  it "finds the list from any URL that people call the base URL" do
    list = "/azure/openai/v1/models"
    expect(asked_at("/openai/v1")).to eq([list, {"api-version" => "preview"}])
    expect(asked_at("/openai/v1/?api-version=2025-04-01")).to eq([list, {"api-version" => "2025-04-01"}])
    expect(asked_at("/models/chat/completions?x=1&api-version=2024-05-01-preview"))
      .to eq([list, {"api-version" => "2024-05-01-preview"}])
    expect(asked_at("/openai/deployments/mine/chat/completions?api-version=2024-10-21"))
      .to eq([list, {"api-version" => "2024-10-21"}])
    expect(asked_at("/openai/deployments/mine")).to eq([list, {"api-version" => "preview"}])
    expect(asked_at("/")).to eq([list, {"api-version" => "preview"}])
  end

  it "sends a token if there is no key, and needs one of the two" do
    config.azure_api_key = nil
    refresh_with(json(fixture("azure/good")))
    expect(outcome(:azure).status).to eq(:skipped)

    config.azure_ai_auth_token = "token-of-azure"
    refresh_with(json(fixture("azure/good")))
    expect(asked.headers)
      .to include("authorization" => "Bearer token-of-azure").and(satisfy { |headers| !headers.key?("api-key") })
  end

  it "states types, dates and lives" do
    refresh_with(json(fixture("azure/good")))

    expect(registry.find("gpt-5-acme-2026-02-03")).to have_attributes(type: :chat,
      status: :active, created_at: Time.utc(2026, 2, 3),
      retires_at: Time.at(1_801_612_800).utc, input_modalities: ["text"], output_modalities: ["text"], capabilities: [])
    expect(registry.find("text-embedding-acme")).to have_attributes(type: :embedding, status: :preview, retires_at: nil)
    expect(registry.find("babbage-acme")).to have_attributes(type: :completion,
      status: :deprecated, retires_at: Time.at(1_660_000_001).utc,
      capabilities: ["fine_tuning"])
    expect(registry.find("babbage-acme").metadata[:azure])
      .to eq(capabilities: {inference: true}, deprecation: {fine_tune: 1_650_000_001}, status: "succeeded")
    expect(registry.find("whisper-acme").type).to eq(:transcription)
  end

  it "unites what comes twice, and reads plain objects" do
    refresh_with(json(fixture("azure/odd")))

    expect(ids(:azure)).to contain_exactly("twice", "plain", "new-life", "far", "acme.ft-1")
    expect(registry.find("twice")).to have_attributes(type: :chat, status: :deprecated)
    expect(registry.find("plain").created_at).to eq(Time.at(1_700_000_003).utc)
    expect(registry.find("new-life"))
      .to have_attributes(status: nil, created_at: nil, metadata: {azure: {lifecycle_status: "hibernating"}})
    expect(registry.find("far").retires_at).to eq(Time.utc(2100, 1, 1))
  end

  it "loses one row to one bad row" do
    refresh_with(json(fixture("azure/broken_rows")))
    expect(outcome(:azure)).to have_attributes(status: :refreshed, rejected: 1)
    expect(ids(:azure)).to contain_exactly("whole-1", "whole-2")
  end

  it "fails with what the error says" do
    refresh_with(json(fixture("azure/error"), status: 401))
    expect(outcome(:azure))
      .to have_attributes(status: :failed, http_status: 401, error: /Access denied due to an invalid key of Acme/)
  end

  it "is empty where nothing is listed" do
    refresh_with(json(fixture("azure/empty")))
    expect(outcome(:azure).status).to eq(:empty)
  end
end
