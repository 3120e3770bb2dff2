# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "Perplexity's listing" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(
      server, only: [], perplexity_api_base: server.url("perplexity"), perplexity_api_key: "key-of-perplexity-1b5e"
    )
  end

  def refresh_with(answer)
    server.on("perplexity", answer)
    registry.refresh!(only: :perplexity)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  it "is asked once, with a token" do
    refresh_with(json(fixture("perplexity/good")))

    requests = server.requests("perplexity")
    expect(requests.map { |request| [request.path, request.query, request.headers["authorization"]] })
      .to eq([["/perplexity/v1/models", {}, "Bearer key-of-perplexity-1b5e"]])
  end

  it "states prices, and no date" do
    refresh_with(json(fixture("perplexity/good")))

    model = registry.find("acme/large-2")
    expect(model).to have_attributes(created_at: nil, standing: :listed, metadata: {perplexity: {owned_by: "acme"}})
    expect(%i[input output cache_read cache_write].map { |kind| model.price(kind) }).to eq([7.0, 21.5, 0.7, nil])
    expect(registry.find("acme/free").price(:output)).to eq(0.0)
    expect(registry.find("perplexity/sonar").price(:input)).to be_nil
  end

  it "adds what the documentation says of its own models, as catalogued" do
    refresh_with(json(fixture("perplexity/good")))

    unlisted = registry.by_provider(:perplexity).reject(&:listed?)
    facts = unlisted.map do |model|
      [model.id, model.type, model.context_window, model.price(:input), model.price(:output)]
    end
    expect(facts)
      .to contain_exactly(["sonar", :chat, 128_000, 1.0, 1.0], ["sonar-pro", :chat, 200_000, 3.0, 15.0],
        ["sonar-reasoning-pro", :chat, 128_000, 2.0, 8.0], ["sonar-deep-research", :chat, 128_000, 2.0, 8.0],
        ["pplx-embed-v1-0.6b", :embedding, 32_768, 0.004, nil], ["pplx-embed-v1-4b", :embedding, 32_768, 0.03, nil])
    expect(registry.find("sonar-deep-research").prices.map { |price| [price.meter, price.amount] })
      .to include([:reasoning, 3])
  end

  it "knows one unit of prices, and is silent where the listing speaks" do
    refresh_with(json(fixture("perplexity/odd")))

    expect(registry.find("acme/by-thousand")).to have_attributes(prices: [],
      metadata: {perplexity: {pricing: {input: 0.004, output: 0.008, unit: "usd_per_1k_tokens"}}})
    expect(registry.find("acme/no-unit").prices).to eq([])
    expect(registry.find("sonar")).to have_attributes(standing: :listed, context_window: nil)
    expect(registry.find("sonar").price(:input)).to eq(9.0)
  end

  it "adds nothing to an invalid answer" do
    refresh_with(json(fixture("perplexity/empty")))
    expect(outcome(:perplexity).status).to eq(:empty)
    expect(ids(:perplexity)).to eq([])

    refresh_with(json(fixture("perplexity/error"), status: 401))
    expect(outcome(:perplexity)).to have_attributes(status: :failed, http_status: 401, error: /Invalid API key of Acme/)
    expect(ids(:perplexity)).to eq([])
  end

  it "loses one row to one bad row" do
    refresh_with(json(fixture("perplexity/broken_rows")))
    expect(outcome(:perplexity)).to have_attributes(status: :refreshed, rejected: 1)
    expect(listed(:perplexity)).to contain_exactly("whole-1", "whole-2")
  end
end
