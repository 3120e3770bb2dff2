# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "LiteLLM's cost map" do
  include Refreshing
  include ReplayServer::Answers

  let!(:server) { ReplayServer.start }
  let(:config) do
    Refreshing.configuration(server, only: %w[openai], litellm_prices_url: "#{server.url("map")}/map.json")
  end
  let(:registry) { registry_for(config) }
  let(:requests) { server.requests("map") }

  before { server.on("openai", json(JSON.generate(data: %w[acme-large acme-draw].map { |id| {id: id} }))) }
  after { server.stop }

  def answer_with(name, **options)
    server.on("map", json(fixture("litellm_prices/#{name}"), **options))
    registry.refresh!
  end

  def large
    registry.find("acme-large")
  end

  it "is off unless its address is set" do
    config.litellm_prices_url = nil

    expect(RubyLLM::Native.const_get(:Plan).new(config).skipped).to include("litellm_prices" => :litellm_prices_url)
  end

  it "is asked for at its address, with its ETag the next time, and with no key" do
    answer_with("good", etag: '"abc"')
    registry.refresh!

    expect(requests.map(&:path)).to eq(%w[/map/map.json] * 2)
    expect(requests.map { |request| request.headers["if-none-match"] }).to eq([nil, '"abc"'])
    expect(requests.flat_map { |request| request.headers.keys }).not_to include("authorization")
    expect(outcome(:litellm_prices).status).to eq(:unchanged)
  end

  it "prices what a provider lists, and makes no model" do
    answer_with("good")

    expect(registry.map(&:id)).to contain_exactly("acme-large", "acme-draw")
    expect(large.origin(:pricing)).to eq(:litellm_prices)
    expect(large).to have_attributes(input_price_per_million: 3.0, output_price_per_million: 15.0,
      cache_read_input_price_per_million: 0.3, cache_write_input_price_per_million: nil, max_input_tokens: 200_000)
    expect(outcome(:litellm_prices)).to have_attributes(status: :refreshed, left_out: 1, rejected: 0)
  end

  it "has the price under each of its conditions" do
    answer_with("good")

    expect(large.price(:input, tier: :batch)).to eq(1.5)
    expect(large.price(:output, tokens: 200_000)).to eq(15.0)
    expect(large.price(:output, tokens: 200_001)).to eq(22.5)
    expect(large.price(:input, tokens: 250_000, tier: :priority)).to eq(9.0)
    expect(large.price(:input, region: "eu")).to eq(3.3)
    expect(large.price(:input, region: "us")).to be_nil
    expect(%w[low medium high].map { |size| large.price(:web_search, size: size) }).to eq([0.01, 0.0125, 0.02])
    expect(registry.find("acme-draw").price(:image, size: "1024x1024", quality: "hd")).to eq(0.08)
  end

  it "comes after what a provider's own metadata source states" do
    config.models_dev_url = "#{server.url("models_dev")}/api.json"
    server.on("models_dev", json('{"openai": {"models": {"acme-large": {"cost": {"input": 2, "output": 10}}}}}'))
    answer_with("good")

    expect(large.origin(:pricing)).to eq(:models_dev)
    expect([large.price(:input), large.price(:input, tier: :batch), large.price(:cache_read)]).to eq([2.0, nil, nil])
  end

  it "keeps what has no place elsewhere" do
    answer_with("good")

    expect(large.metadata[:litellm_prices]).to eq(source: "https://acme.example/prices", tpm: 100)
  end

  it "loses one row to one bad row, and says which price could not be read" do
    answer_with("broken_rows")

    expect(outcome(:litellm_prices)).to have_attributes(status: :refreshed, rejected: 1, unread_prices: 1,
      rejection: "a row must have a litellm_provider",
      unread_price: 'acme-large: output_cost_per_token must be a number, got "dear"')
    expect(large.prices).to be_empty
    expect(registry.find("acme-draw").price(:image)).to eq(0.04)
  end

  it "does not make a registry file step aside" do
    file = RubyLLM::Native.read_sheet("file", '[{"id": "acme-large", "provider": "openai"}]', Sheets::NOW).first
    map = RubyLLM::Native.read_sheet("litellm_prices", fixture("litellm_prices/good"), Sheets::NOW).first
    view = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([file, map]))

    expect(view.map(&:id)).to eq(%w[acme-large])
    expect(view.first.price(:input)).to eq(3.0)
  end
end
