# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "the listing of Ollama's cloud" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(
      server, only: [], ollama_cloud_api_base: server.url("ollama_cloud"),
      ollama_cloud_api_key: "key-of-ollama_cloud-1b5e"
    )
  end

  def refresh_with(answer)
    server.on("ollama_cloud", answer)
    registry.refresh!(only: :ollama_cloud)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  it "is asked once, with a token, and not without" do
    refresh_with(json(fixture("ollama_cloud/good")))
    requests = server.requests("ollama_cloud")
    expect(requests.map { |request| [request.path, request.query, request.headers["authorization"]] })
      .to eq([["/ollama_cloud/models", {}, "Bearer key-of-ollama_cloud-1b5e"]])

    config.ollama_cloud_api_key = nil
    refresh_with(json(fixture("ollama_cloud/good")))
    expect(outcome(:ollama_cloud).status).to eq(:skipped)
  end

  it "states ids and dates" do
    refresh_with(json(fixture("ollama_cloud/good")))

    expect(registry.find("acme-oss:120b")).to have_attributes(provider: "ollama_cloud",
      created_at: Time.at(1_761_000_001).utc,
      context_window: nil, capabilities: [], prices: [], metadata: {ollama_cloud: {owned_by: "ollama_cloud"}})
    expect(registry.find("acme-embed:1b")).to have_attributes(type: :embedding, created_at: Time.at(1_762_000_001).utc)
  end

  it "takes no date from what is not one" do
    refresh_with(json(fixture("ollama_cloud/odd")))
    expect(registry.by_provider(:ollama_cloud).map { |model| [model.id, model.created_at] })
      .to contain_exactly(["zero-time:latest", nil], ["no-date", nil])
  end

  it "loses one row to one bad row" do
    refresh_with(json(fixture("ollama_cloud/broken_rows")))
    expect(outcome(:ollama_cloud)).to have_attributes(status: :refreshed, rejected: 1)
    expect(ids(:ollama_cloud)).to contain_exactly("whole-1", "whole-2")
  end

  it "fails with what the error says, and is empty where nothing is listed" do
    refresh_with(json(fixture("ollama_cloud/error"), status: 401))
    expect(outcome(:ollama_cloud)).to have_attributes(status: :failed, http_status: 401, error: /Unauthorized at Acme/)

    refresh_with(json(fixture("ollama_cloud/empty")))
    expect(outcome(:ollama_cloud).status).to eq(:empty)
  end
end
