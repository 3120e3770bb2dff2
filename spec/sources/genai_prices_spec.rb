# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "genai-prices" do
  include Refreshing
  include ReplayServer::Answers

  # What the provider lists, models.dev documents for three others.
  listed = %w[shed-mini SHED-MINI-2 my-mini-shed shed-2 shed-2-2030-01-31 shed-2-next shed-night shed-hears shed-free
    shed-smells shed-weekly shed-odd hut-1 other]
  documented = {"google" => %w[hut-1-pro], "google-vertex" => %w[hut-1-pro], "xai" => %w[red-barn],
                "azure" => %w[shed-2 shed-mini blue-barn attic]}

  let!(:server) { ReplayServer.start }
  let(:config) do
    Refreshing.configuration(server, only: %w[openai models_dev],
      genai_prices_url: "#{server.url("prices")}/data.json", documented_providers: :all)
  end
  let(:registry) { registry_for(config) }
  let(:requests) { server.requests("prices") }
  let(:noon) { Time.utc(2030, 6, 1, 12) }

  before do
    server.on("openai", json(JSON.generate(data: listed.map { |id| {id: id} })))
    server.on("models_dev", json(JSON.generate(documented.transform_values { |ids|
      {models: ids.to_h { |id| [id, {name: id.upcase}] }}
    })))
  end
  after { server.stop }

  def answer_with(body = fixture("genai_prices/good"), **options)
    server.on("prices", json(body, **options))
    registry.refresh!
  end

  def prices(id, provider: :openai, **conditions)
    model = registry.find(id, provider: provider)
    %i[input output].map { |meter| model.price(meter, at: noon, **conditions) }
  end

  it "is off unless its address is set" do
    config.genai_prices_url = nil

    expect(RubyLLM::Native.const_get(:Plan).new(config).skipped).to include("genai_prices" => :genai_prices_url)
  end

  it "is asked for at its address, with its ETag the next time, and with no key" do
    answer_with(etag: '"abc"')
    registry.refresh!

    expect(requests.map(&:path)).to eq(%w[/prices/data.json] * 2)
    expect(requests.map { |request| request.headers["if-none-match"] }).to eq([nil, '"abc"'])
    expect(requests.flat_map { |request| request.headers.keys }).not_to include("authorization")
    expect(outcome(:genai_prices).status).to eq(:unchanged)
  end

  it "makes no model" do
    answer_with

    expect(registry.map { |model| [model.provider, model.id] }).to match_array(
      [*listed.map { |id| ["openai", id] }, %w[gemini hut-1-pro], %w[vertexai hut-1-pro], %w[xai red-barn],
        *documented["azure"].map { |id| ["azure", id] }]
    )
  end

  it "lets the first row speak that matches an id, whatever its case" do
    answer_with

    expect(%w[shed-mini SHED-MINI-2 my-mini-shed].map { |id| prices(id) }).to all(eq([0.5, 1.0]))
    expect(%w[shed-2 shed-2-2030-01-31].map { |id| prices(id) }).to all(eq([2.0, 8.0]))
    expect(prices("shed-2-next")).to eq([99.0, nil])
    expect(%w[hut-1 other].map { |id| prices(id) }).to all(eq([nil, nil]))
  end

  it "states facts of the ids, and no name" do
    answer_with
    mini = registry.find("shed-mini", provider: :openai)
    two = registry.find("shed-2-2030-01-31", provider: :openai)

    expect(mini).to have_attributes(name: "shed-mini", context_window: 8000)
    expect([mini.origin(:pricing), mini.origin(:context_window)]).to all(eq(:genai_prices))
    expect(mini.metadata[:genai_prices]).to eq({description: "A small one."})
    expect(two).to have_attributes(status: :deprecated, context_window: nil)
    expect(two.metadata[:genai_prices]).to eq({price_comments: "The page rounds."})
  end

  it "goes by its names of providers, and by those whose prices hold for others" do
    answer_with

    expect(%i[gemini vertexai].map { |provider| prices("hut-1-pro", provider: provider) }).to all(eq([0.1, 0.2]))
    expect(prices("red-barn", provider: :xai)).to eq([7.0, 14.0])
    expect(%w[shed-2 shed-mini blue-barn attic].map { |id| prices(id, provider: :azure) })
      .to eq([[2.2, 8.8], [0.5, 1.0], [7.0, 14.0], [nil, nil]])
  end

  it "has steps by the length of the request, and ends on the day on which other prices begin" do
    answer_with
    model = registry.find("shed-2", provider: :openai)

    expect([200_000, 200_001].map { |tokens| prices("shed-2", tokens: tokens) }).to eq([[2.0, 8.0], [4.0, 12.0]])
    expect(model.price(:cache_write, lifetime: "1h", at: noon)).to eq(4.0)
    expect(prices("shed-2", at: Time.utc(2031, 2, 28, 23, 59, 59), tokens: 300_000)).to eq([4.0, 12.0])
    expect(prices("shed-2", at: Time.utc(2031, 3, 1), tokens: 300_000)).to eq([3.0, 9.0])
    expect(model.price(:request, at: noon, exact: true)).to eq(BigDecimal("0.005"))
    expect(model.price(:request, at: Date.new(2031, 3, 1))).to be_nil
  end

  it "has hours, in UTC, over midnight and from a day on" do
    answer_with
    shown = ->(*time) { prices("shed-night", at: Time.utc(*time)) }

    expect(shown[2030, 6, 1, 16, 29]).to eq([4.0, 6.0])
    expect(shown[2030, 6, 1, 16, 30]).to eq([1.0, nil])
    expect(shown[2030, 6, 2, 0, 29]).to eq([1.0, nil])
    expect(shown[2030, 6, 2, 0, 30]).to eq([4.0, 6.0])
    expect(shown[2031, 2, 28, 1, 0]).to eq([4.0, 6.0])
    expect(shown[2031, 3, 1, 1, 0]).to eq([2.0, nil])
    expect(shown[2031, 3, 1, 2, 0]).to eq([4.0, 6.0])
  end

  it "has a price for every kind of token, those that are read from the cache included" do
    answer_with
    model = registry.find("shed-hears", provider: :openai)
    shown = {
      audio_input: 3.0, audio_output: 4.0, audio_cache_read: 0.5, image_input: 5.0, image_cache_read: 0.25,
      image_output: 6.0, video_input: 7.0, video_output: 8.0, reasoning: 9.0, citation: 10.0,
      cache_read: 1.0, cache_write: 1.0, video_cache_read: 1.0, web_search: nil
    }

    expect(shown.to_h { |meter, _| [meter, model.price(meter)] }).to eq(shown)
  end

  it "gives a model no price if one of a set is not understood, and says which" do
    answer_with

    expect(%w[shed-smells shed-weekly shed-free].map { |id| prices(id) }).to all(eq([nil, nil]))
    expect(outcome(:genai_prices)).to have_attributes(status: :refreshed, rejected: 1, left_out: 1)
    expect(outcome(:genai_prices).inspect).to include(
      "smell_mtok is not a price that is known here",
      '"^shed-(odd|even)$" is not a regular expression that is understood here',
      "a provider must have an id of 1 to 64 bytes, without control characters, before its models; got none there"
    )
  end

  it "steps back behind what others state" do
    mini = {name: "x", cost: {input: 5}}
    server.on("models_dev", json(JSON.generate(openai: {models: {"shed-mini" => mini}})))
    answer_with

    expect(registry.find("shed-mini", provider: :openai).origin(:pricing)).to eq(:models_dev)
    expect(prices("shed-mini")).to eq([5.0, nil])
  end

  it "fails with a reason where the document is another one" do
    server.on("prices", json(JSON.generate(units: {}, providers: [])))
    registry.refresh!

    expect(outcome(:genai_prices))
      .to have_attributes(status: :failed, error: "the answer must be a list, got an object")
    answer_with("[]")
    expect(outcome(:genai_prices)).to have_attributes(status: :failed, error: "no [].models[] in the answer")
  end
end
