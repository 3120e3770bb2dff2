# frozen_string_literal: true

require "json"
require_relative "spec_helper"
require_relative "support/refreshing"

# Bills that an independent calculator has drawn over the recorded price list: from the raw answers of providers to the
# last digit of what they cost. Each provider lists the ids of these answers, and the list is the only source of prices.
RSpec.describe "bills over genai-prices as it was recorded", :payloads do
  include Refreshing
  include ReplayServer::Answers

  # Our providers, where they are not spelled like theirs.
  ours = {
    "aws" => "bedrock", "fireworks" => "fireworks_ai", "google" => "gemini", "novita" => "novita_ai",
    "together" => "togetherai", "x-ai" => "xai"
  }
  slug = ->(name) { ours.fetch(name) { name.tr("-", "_") } }
  noon = Time.utc(2026, 8, 21, 12)

  # Three bills of this model were reckoned with what it cost until July. The list has {} as the prices of the other
  # one: the calculator takes what is missing for 0, and we do not know what it costs.
  others = {%w[bedrock openai.gpt-5.6-luna] => 3, %w[cerebras qwen-3-coder-480b] => 1}

  let(:bills) do
    JSON.parse(payload("genai_prices/usages.json")).select { |body| body["model"] }.flat_map do |body|
      body["extracted"].flat_map { |read| read["extractors"] }.map do |bill|
        [slug[bill["provider_id"]], body["model"], body["body"], bill]
      end
    end
  end
  let!(:server) { ReplayServer.start }
  after { server.stop }

  let(:registry) do
    config = Refreshing.configuration(server, only: [], genai_prices_url: "#{server.url("prices")}/data.json")
    server.on("prices", json(payload("genai_prices/2026-08-21.json")))
    bills.group_by(&:first).each do |provider, of|
      ids = of.map { |_, id| id }.uniq
      name = :"#{provider}_here"
      config.endpoint name, provider: provider, api: :openai, base_url: server.url(name.to_s), api_key: "key"
      server.on(name.to_s, json(JSON.generate(data: ids.map { |id| {id: id} })))
    end
    registry_for(config).tap(&:refresh!)
  end

  def charged(model, body, bill, at)
    cost = model.cost_for(body, format: bill["api_flavor"], at: at)
    {"input_price" => cost.side(:input, exact: true), "output_price" => cost.side(:output, exact: true),
     "total_price" => cost.total(exact: true)}
  end

  it "are right to the last digit" do
    models = registry.to_h { |model| [[model.provider, model.id], model] }
    drawn = bills.select { |_, _, _, bill| bill["input_price"] }
    wrong = drawn.reject { |provider, id, body, bill|
      stated = bill.slice("input_price", "output_price", "total_price").transform_values { |text| BigDecimal(text) }
      stated <= charged(models.fetch([provider, id]), body, bill, noon)
    }

    expect(registry.last_refresh.failures).to be_empty
    expect(drawn.size).to eq(1731)
    expect(wrong.map { |provider, id, _, _| [provider, id] }.tally).to eq(others)
  end

  it "are none where the list has no price for the model" do
    models = registry.to_h { |model| [[model.provider, model.id], model] }
    free = bills.reject { |_, _, _, bill| bill["input_price"] }
    priced = free.map { |provider, id, *| models.fetch([provider, id]) }.uniq.select(&:priced?)

    expect(free.size).to be > 7_000
    # Its price is that of the id without the date, at the same provider.
    expect(priced.map { |model| [model.id, model.origin(:pricing)] }).to eq([["openai/gpt-5-mini-2025-08-07", :alias]])
  end
end
