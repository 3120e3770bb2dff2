# frozen_string_literal: true

require "pp"
require_relative "spec_helper"

RSpec.describe RubyLLM::Native::Money do
  # Prices of a catalog that is imported, so that each has the conditions that a spec is about.
  def model(prices, id: "m")
    prices = prices.map do |price|
      {"tier" => "standard", "unit" => "million_tokens"}.merge(price.transform_keys(&:to_s)).transform_values { |value|
        value.is_a?(Symbol) ? value.to_s : value
      }
    end
    document = {
      format: {name: "ruby_llm_native", version: 3},
      catalog: {
        models: [{
          id: id, provider: "acme", standing: "listed", type: "chat", prices: prices, origins: {pricing: "acme"}
        }]
      }
    }
    registry = RubyLLM::Native::Registry.new { RubyLLM::Native::Configuration.new }
    registry.import_json(JSON.generate(document))
    registry.find(id, provider: "acme")
  end

  def price(meter, amount, **conditions) = {meter: meter, amount: amount, **conditions}

  let(:listed) { [price(:input, "2"), price(:output, "8"), price(:cache_read, "0.5")] }

  describe "a price" do
    it "is that of its tier, and of no other" do
      batch = model([*listed, price(:input, "1", tier: :batch)])

      expect(batch.price(:input)).to eq(2.0)
      expect(batch.price(:input, tier: :batch, exact: true)).to eq(BigDecimal(1))
      expect([batch.price(:output, tier: :batch), batch.price(:input, tier: :flex)]).to eq([nil, nil])
      expect { batch.price(:input, tier: :cheap) }
        .to raise_error(ArgumentError, /\AUnknown tier: :cheap \(known: standard, /)
    end

    it "begins and ends at midnight in UTC" do
      dated = model([price(:input, "2", until: "2027-01-01"), price(:input, "3", from: "2027-01-01")])

      expect(dated.price(:input, at: Time.utc(2026, 12, 31, 23, 59, 59))).to eq(2.0)
      expect(dated.price(:input, at: Time.utc(2027, 1, 1))).to eq(3.0)
      expect(dated.price(:input, at: Time.new(2027, 1, 1, 0, 30, 0, "+01:00"))).to eq(2.0)
      days = [Date.new(2026, 12, 31), Date.new(2027, 1, 1)]
      expect(days.map { |day| dated.price(:input, at: day) }).to eq([2.0, 3.0])
    end

    it "ends although nothing follows it" do
      expect(model([price(:input, "2", until: "2027-01-01")]).price(:input, at: Date.new(2027, 1, 1))).to be_nil
    end

    it "is another one at some hours, also past midnight" do
      peak = model([price(:input, "4"), price(:input, "1", from_minute: 990, until_minute: 30)])
      times = [[16, 29], [16, 30], [23, 59], [0, 0], [0, 29], [0, 30]].map { |time| Time.utc(2026, 8, 21, *time) }

      expect(times.map { |time| peak.price(:input, at: time) }).to eq([4.0, 1.0, 1.0, 1.0, 1.0, 4.0])
      expect(peak.prices.last.hours).to eq("16:30-00:30")
    end

    it "knows whether its threshold is above or from" do
      steps = model([price(:input, "1"), price(:input, "2", threshold: 100, step: :above),
        price(:output, "1"), price(:output, "2", threshold: 100, step: :from)])

      expect([99, 100, 101].map { |tokens| steps.price(:input, tokens: tokens) }).to eq([1.0, 1.0, 2.0])
      expect([99, 100, 101].map { |tokens| steps.price(:output, tokens: tokens) }).to eq([1.0, 2.0, 2.0])
    end

    it "is that of the region that was asked for, or of all regions, or none" do
      bound = model([*listed, price(:input, "2.2", region: "*"), price(:input, "2.5", region: "eu")])

      expect(%w[us eu].map { |region| bound.price(:input, region: region) }).to eq([2.2, 2.5])
      expect(bound.price(:output, region: "us")).to be_nil
    end

    it "is that of a size and a quality" do
      image = model([price(:image, "0.04", unit: :image), price(:image, "0.08", unit: :image, size: "1024x1536"),
        price(:image, "0.19", unit: :image, size: "1024x1536", quality: "hd")])

      expect(image.price(:image)).to eq(0.04)
      expect(image.price(:image, size: "1024x1536")).to eq(0.08)
      expect(image.price(:image, size: "1024x1536", quality: "hd")).to eq(0.19)
      expect(image.price(:image, size: "256x256")).to eq(0.04)
    end

    it "is that of a longer time in the cache" do
      kept = model([price(:cache_write, "2.5"), price(:cache_write_1h, "4")])

      expect([nil, "5m", "1h"].map { |lifetime| kept.price(:cache_write, lifetime: lifetime) }).to eq([2.5, 2.5, 4.0])
      expect(kept.price(:cache_write, lifetime: "extended")).to be_nil
      expect { kept.price(:input, lifetime: "1h") }.to raise_error(ArgumentError, /lifetime must be/)
    end

    it "is free only where 0 is stated" do
      expect(model([price(:input, "0")]).price(:input)).to eq(0.0)
      expect(model([price(:input, "0")]).price(:output)).to be_nil
    end

    it "tells its origin and the date of its list" do
      stated = model([price(:input, "2", origin: "price_list", stated_at: "2026-10-28")]).price_of(:input)

      expect(stated).to have_attributes(origin: :price_list, stated_at: Date.new(2026, 10, 28), unit: :million_tokens)
      expect(model(listed).price_of(:input).origin).to eq(:acme)
    end
  end

  describe "a bill" do
    it "has a line for each meter, and sums" do
      cost = model(listed).cost_for(input: 1_000, output: 500, cache_read: 2_000)

      expect(cost.lines.map { |line| [line.meter, line.count, line.amount] })
        .to eq([[:input, 1_000, BigDecimal("0.002")], [:output, 500, BigDecimal("0.004")],
          [:cache_read, 2_000, BigDecimal("0.001")]])
      expect([cost.total, cost.total(exact: true)]).to eq([0.007, BigDecimal("0.007")])
      expect([cost.side(:input), cost.side(:output)]).to eq([0.003, 0.004])
    end

    it "says what has no price, and has no sum then" do
      cost = model(listed).cost_for(input: 1_000, web_search: 2)

      expect(cost).to have_attributes(total: nil, complete?: false, unpriced_meters: [:web_search], input: 0.002)
      expect { model(listed).cost_for!(input: 1, web_searches: 2) }
        .to raise_error(RubyLLM::Native::UnpricedUsageError, /\Aacme m has no price for web_search; /)
      expect { model(listed).cost_for!({input: 1}, tier: :batch) }
        .to raise_error(RubyLLM::Native::UnpricedUsageError, /no price for input under tier batch/)
    end

    it "is exact where Floats are not" do
      bill = model([price(:input, "0.1"), price(:output, "0.7")]).cost_for(input: 3, output: 1)

      expect(bill.total(exact: true)).to eq(BigDecimal("0.000001"))
    end

    it "charges minutes by the second, and no less than the minimum" do
      heard = model([price(:transcription, "0.006", unit: :minute, minimum: 10)])

      expect(heard.cost_for(transcription: 90).total(exact: true)).to eq(BigDecimal("0.009"))
      expect(heard.cost_for(transcription: 1).total(exact: true)).to eq(BigDecimal("0.001"))
      expect(model([price(:transcription, "0.01", unit: :minute)]).cost_for(transcription: 1).total(exact: true))
        .to eq(BigDecimal("0.0001666666666666666666666666666666667"))
    end

    it "charges each part of a long request at its own price, where steps are marginal" do
      marginal = model([price(:input, "1"), price(:input, "2", threshold: 100, step: :marginal),
        price(:input, "3", threshold: 300, step: :marginal)])
      cost = marginal.cost_for(input: 350)

      expect(cost.lines.map { |line| [line.count, line.price] }).to eq([[100, 1], [200, 2], [50, 3]])
      expect(cost.total(exact: true)).to eq(BigDecimal("0.00065"))
    end

    it "charges tokens without a price of their own only where another price covers them" do
      counted = {image_input: 1_000, reasoning: 1_000}
      expect(model([price(:input, "2"), price(:output, "8")]).cost_for(counted).unpriced_meters).to eq([:image_input])
      expect(model([price(:input, "2", covers: "media"), price(:output, "8")]).cost_for(counted).total).to eq(0.01)
      expect(model([price(:input, "2", covers: "media")]).cost_for(cache_read: 1).unpriced_meters).to eq([:cache_read])
      expect(model([price(:input, "2", covers: "all")]).cost_for(cache_read: 1_000).total).to eq(0.002)
    end

    it "honours the tier and the region that the usage names" do
      prices = [*listed, price(:input, "1", tier: :flex), price(:output, "4", tier: :flex),
        price(:input, "2.2", region: "us"), price(:output, "8.8", region: "us")]
      flex = {"usage" => {"prompt_tokens" => 1_000_000, "completion_tokens" => 0}, "service_tier" => "flex"}
      us = {"usage" => {"input_tokens" => 1_000_000, "output_tokens" => 1_000_000, "cache_read_input_tokens" => 0,
                        "inference_geo" => "us"}}

      expect(model(prices).cost_for(flex).total).to eq(1.0)
      expect(model(prices).cost_for(us).total).to eq(11.0)
      expect(model(prices).cost_for(flex, tier: :standard).total).to eq(2.0)
      expect(model(prices).cost_for(flex.merge("service_tier" => "scale")).total).to be_nil
    end

    it "counts a request of a provider's answer, where requests have a price" do
      answer = {"usage" => {"prompt_tokens" => 1_000_000, "completion_tokens" => 0}}
      charged = model([*listed, price(:request, "0.005", unit: :request)])

      expect(charged.cost_for(answer).total).to eq(2.005)
      expect(charged.cost_for(input: 1_000_000).total).to eq(2.0)
      expect(model(listed).cost_for(answer)).to have_attributes(total: 2.0, complete?: true)
    end

    it "uses the prices of the day it is about" do
      dated = model([price(:input, "2", until: "2027-01-01"), price(:input, "3", from: "2027-01-01")])

      expect(dated.cost_for({input: 1_000_000}, at: Time.utc(2026, 12, 31)).total).to eq(2.0)
      expect(dated.cost_for({input: 1_000_000}, at: Time.utc(2027, 6, 1)).total).to eq(3.0)
    end

    it "is nothing where nothing was counted" do
      expect(model(listed).cost_for({}).total).to be_nil
      expect(model(listed).cost_for({input: 0}).total).to eq(0.0)
    end
  end

  it "is a list worth reading" do
    printed = PP.pp(model([*listed, price(:input, "1", tier: :batch, threshold: 200_000)]).pricing, +"")

    expect(printed).to eq(<<~TEXT)
      acme:
        $2.0 input per million tokens
        $1.0 input per million tokens, batch, above 200,000 tokens
        $8.0 output per million tokens
        $0.5 cache read per million tokens
    TEXT
  end

  describe "choosing by price" do
    let(:view) do
      cost = ->(input, output) { {input: input, output: output} }
      view_of(models_dev: {openai: {models: {
        "a" => {id: "a", name: "A", cost: cost[1, 20]}, "b" => {id: "b", name: "B", cost: cost[2, 4]},
        "c" => {id: "c", name: "C", cost: {input: 0.1}}, "d" => {id: "d", name: "D", context: 1}
      }}})
    end

    it "ranks by what a request costs, and leaves out what nobody can price" do
      expect(view.cheapest_for(input: 1_000_000, output: 1_000).map(&:id)).to eq(%w[a b])
      expect(view.cheapest_for(input: 1_000, output: 1_000).map(&:id)).to eq(%w[b a])
      expect(view.cheapest_for({input: 1}).map(&:id)).to eq(%w[c a b])
      expect(view.cheapest_for({input: 1}, tier: :batch)).to be_empty
    end

    it "names what has no price" do
      expect(view.unpriced.map(&:id)).to eq(%w[d])
    end

    it "shows prices in the options of a form" do
      expect(view.options_for_select(prices: true).map(&:first))
        .to eq(["OpenAI - A ($1.0 / $20.0)", "OpenAI - B ($2.0 / $4.0)", "OpenAI - C ($0.1 / ?)", "OpenAI - D"])
    end
  end
end
