# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "LiteLLM's listings" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(server, only: [], litellm_api_base: "#{server.url("litellm")}/v1")
  end

  # A proxy that answers its list of names and its list of deployments.
  def proxy(names, deployments)
    ->(request) { request.path.end_with?("/model/info") ? deployments : names }
  end

  def refresh_with(names, deployments = json(fixture("litellm/info")))
    server.on("litellm", proxy(names, deployments))
    registry.refresh!(only: :litellm)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  def good
    json(fixture("litellm/good"))
  end

  it "are both asked, with a key where there is one" do
    refresh_with(good)
    requests = server.requests("litellm")
    expect(requests.map(&:path)).to contain_exactly("/litellm/v1/models", "/litellm/v1/model/info")
    expect(requests.map { |request| request.headers["authorization"] }.uniq).to eq([nil])

    server.reset
    config.litellm_api_base = server.url("litellm")
    config.litellm_api_key = "key-of-litellm-1b5e"
    refresh_with(good)
    requests = server.requests("litellm")
    expect(requests.map(&:path)).to contain_exactly("/litellm/models", "/litellm/model/info")
    expect(requests.map { |request| request.headers["authorization"] }.uniq).to eq(["Bearer key-of-litellm-1b5e"])
  end

  it "state together what the proxy knows of a model" do
    refresh_with(good)

    expect(ids(:litellm)).to contain_exactly("acme-large", "acme-embed", "acme-spread")
    expect(outcome(:litellm)).to have_attributes(status: :refreshed, rejected: 0)
    model = registry.find("acme-large")
    expect(model).to have_attributes(type: :chat, created_at: nil, context_window: nil, max_output_tokens: 32_768,
      max_input_tokens: 200_000, capabilities: %w[function_calling vision], input_modalities: %w[text image])
    expect(model.prices.map { |price| [price.meter, price.threshold, price.amount.to_s("F")] }).to contain_exactly(
      [:input, nil, "3.0"], [:output, nil, "15.0"], [:cache_read, nil, "0.3"],
      [:input, 200_000, "6.0"], [:output, 200_000, "22.5"]
    )
    expect(registry.find("acme-embed")).to have_attributes(type: :embedding, max_input_tokens: 8192)
  end

  it "keep nothing of hosts, people and keys" do
    refresh_with(good)

    expect(registry.find("acme-large").metadata)
      .to eq(litellm: {model_info: {key: "acme/large-2", litellm_provider: "acme"}})
    expect(registry.export_json).not_to match(/inner\.acme|sk-hidden|ann@acme|e889baacd17f/)
  end

  it "state what holds for each deployment of a name, and no price where they differ" do
    refresh_with(good)

    expect(registry.find("acme-spread")).to have_attributes(type: :chat, max_input_tokens: 32_000, prices: [],
      capabilities: [], input_modalities: %w[text])
  end

  it "list the names also where the deployments may not be read" do
    refresh_with(good, json(fixture("litellm/error"), status: 403))
    expect(outcome(:litellm)).to have_attributes(status: :refreshed, count: 3)

    refresh_with(good, json("{}", status: 404))
    expect(outcome(:litellm)).to have_attributes(status: :refreshed, count: 3)
    expect(registry.find("acme-embed")).to have_attributes(type: :embedding, prices: [])
  end

  it "are read like any server's where rows state more" do
    refresh_with(json(fixture("litellm/odd")), json(fixture("litellm/empty")))
    expect(registry.find("fjäril")).to have_attributes(context_window: 4096, created_at: nil)
    expect(registry.find("no-date").metadata).to eq({})
  end

  it "lose one row to one bad row" do
    refresh_with(json(fixture("litellm/broken_rows")), json(fixture("litellm/empty")))
    expect(outcome(:litellm)).to have_attributes(status: :refreshed, rejected: 1)
    expect(ids(:litellm)).to contain_exactly("whole-1", "whole-2")
  end

  it "fail with what the error says, and are empty where nothing is listed" do
    refresh_with(json(fixture("litellm/error"), status: 401))
    expect(outcome(:litellm)).to have_attributes(status: :failed, http_status: 401, error: /no key for Acme/)

    refresh_with(json(fixture("litellm/empty")), json(fixture("litellm/empty")))
    expect(outcome(:litellm).status).to eq(:empty)
  end
end
