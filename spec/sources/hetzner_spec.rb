# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "Hetzner's listing" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(
      server, only: [], hetzner_api_base: server.url("hetzner"), hetzner_api_key: "key-of-hetzner-1b5e"
    )
  end

  def refresh_with(answer)
    server.on("hetzner", answer)
    registry.refresh!(only: :hetzner)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  it "is asked once, with a token, and not without" do
    refresh_with(json(fixture("hetzner/good")))
    expect(server.requests("hetzner").map { |request| [request.path, request.query, request.headers["authorization"]] })
      .to eq([["/hetzner/models", {}, "Bearer key-of-hetzner-1b5e"]])

    config.hetzner_api_key = nil
    refresh_with(json(fixture("hetzner/good")))
    expect(outcome(:hetzner).status).to eq(:skipped)
  end

  it "states ids and dates" do
    refresh_with(json(fixture("hetzner/good")))

    expect(registry.find("acme-oss:120b")).to have_attributes(provider: "hetzner",
      created_at: Time.at(1_761_000_001).utc,
      context_window: nil, capabilities: [], prices: [], metadata: {hetzner: {owned_by: "hetzner"}})
    expect(registry.find("acme-embed:1b")).to have_attributes(type: :embedding, created_at: Time.at(1_762_000_001).utc)
  end

  it "takes no date from what is not one" do
    refresh_with(json(fixture("hetzner/odd")))
    expect(registry.by_provider(:hetzner).map { |model| [model.id, model.created_at] })
      .to contain_exactly(["zero-time:latest", nil], ["no-date", nil])
  end

  it "loses one row to one bad row" do
    refresh_with(json(fixture("hetzner/broken_rows")))
    expect(outcome(:hetzner)).to have_attributes(status: :refreshed, rejected: 1)
    expect(ids(:hetzner)).to contain_exactly("whole-1", "whole-2")
  end

  it "fails with what the error says, and is empty where nothing is listed" do
    refresh_with(json(fixture("hetzner/error"), status: 401))
    expect(outcome(:hetzner)).to have_attributes(status: :failed, http_status: 401, error: /Unauthorized at Acme/)

    refresh_with(json(fixture("hetzner/empty")))
    expect(outcome(:hetzner).status).to eq(:empty)
  end
end
