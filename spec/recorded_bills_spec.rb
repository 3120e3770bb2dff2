# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/price_file_calculator"

RSpec.describe "bills over llm_cost_tracker's price file as it was recorded", :payloads do
  let(:text) { payload("llm_cost_tracker/0.15.2.json") }
  let(:calculator) { PriceFileCalculator.new(text) }
  let(:models) do
    rows = calculator.models.keys.map { |key| key.split("/", 2) }.map { |provider, id| {id: id, provider: provider} }
    sheets = [
      RubyLLM::Native.read_sheet("file", JSON.generate(rows), Sheets::NOW),
      RubyLLM::Native.read_price_file("llm_cost_tracker", text, Sheets::NOW)
    ]
    RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge(sheets.map(&:first)))
      .to_h { |model| ["#{model.provider}/#{model.id}", model] }
  end

  def charged(draw)
    models.fetch(draw.name)
      .cost_for(draw.usage, tier: draw.tier || :standard, region: ("eu" if draw.bound), at: draw.at)
  end

  # Exact, but for a price per minute or hour, of which 34 digits are kept in each line.
  def right?(total, expected)
    return total.nil? if expected.nil?

    total && (total.to_r - expected).abs <= ((expected.denominator % 3 == 0) ? expected / 10**30 : 0)
  end

  it "are right to the last digit, 10,000 of them" do
    random = Random.new(15)
    drawn = Array.new(10_000) { calculator.draw(random) }
    wrong = drawn.filter_map do |draw|
      total, expected = charged(draw).total(exact: true), calculator.total(draw)
      [draw.to_h, total, expected&.to_f] unless right?(total, expected)
    end

    expect(wrong.first(3)).to eq([])
    expect(drawn.count { |draw| calculator.total(draw) }).to be_between(5_000, 9_800)
    expect(drawn.flat_map { |draw| draw.usage.keys }.uniq.size).to eq(24)
    expect(drawn.map { |draw| [draw.tier, draw.bound] }.uniq.size).to be >= 11
  end
end
