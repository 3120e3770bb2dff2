# frozen_string_literal: true

require_relative "spec_helper"

RSpec.describe "prices by the length of a request" do
  # Two steps, of which the upper one states no price for cached input.
  let(:model) do
    cost = {
      input: 1.25, output: 10, cache_read: 0.125,
      tiers: [
        {input: 2.5, output: 15, cache_read: 0.25, tier: {type: "context", size: 200_000}},
        {input: 5, output: 20, tier: {type: "context", size: 500_000}}
      ],
      context_over_200k: {input: 2.5, output: 15}
    }
    view_of(models_dev: {google: {models: {"g" => {id: "g", name: "G", cost: cost}}}}).find("g")
  end

  it "hold above their threshold, not at it" do
    expect([0, 200_000, 200_001, 500_000, 500_001].map { |tokens| model.price(:input, tokens: tokens) })
      .to eq([1.25, 1.25, 2.5, 2.5, 5.0])
  end

  it "stay what they were where a step leaves them out" do
    expect(model.price(:cache_read, tokens: 600_000)).to eq(0.25)
  end

  it "are exact on request" do
    expect(model.price(:output, tokens: 250_000, exact: true)).to eq(BigDecimal(15))
    expect(model.price(:cache_write, tokens: 250_000, exact: true)).to be_nil
  end

  it "count in what a request costs" do
    cost = model.cost_for(input: 250_000, output: 1_000, cached: 50_000)
    expect([cost.input, cost.output, cost.cache_read]).to eq([0.625, 0.015, 0.0125])
    expect(cost.total).to be_within(1e-12).of(0.6525)
  end

  it "are all there, step by step" do
    expect(model.prices.map { |price| [price.meter, price.threshold] }).to eq(
      [[:input, nil], [:input, 200_000], [:input, 500_000], [:output, nil], [:output, 200_000], [:output, 500_000],
        [:cache_read, nil], [:cache_read, 200_000]]
    )
  end
end
