# frozen_string_literal: true

require "bigdecimal"
require_relative "spec_helper"

# Each number of the document is asked for under the conditions that its key states: at a day on which it holds, at an
# hour of its windows, in a request that is long enough. The keys are taken apart here by words, not by prefixes as in
# C.
RSpec.describe "llm_cost_tracker's price file as it was recorded", :payloads do
  meters = {
    %w[input] => :input, %w[output] => :output, %w[cache read input] => :cache_read,
    %w[cache write input] => :cache_write, %w[cache write extended input] => :cache_write_extended,
    %w[image input] => :image_input, %w[image output] => :image_output, %w[image cache read input] => :image_cache_read,
    %w[audio input] => :audio_input, %w[audio output] => :audio_output, %w[audio cache read input] => :audio_cache_read,
    %w[video input] => :video_input, %w[video output] => :video_output, %w[transcription minute] => :transcription,
    %w[text to speech character] => :character, %w[ocr page] => :page, %w[rerank search unit] => :search_unit,
    %w[grounding request] => :grounding, %w[maps grounding request] => :maps_grounding,
    %w[cache storage token hour] => :cache_storage
  }
  units = {
    transcription: :minute, character: :million_characters, page: :thousand_pages, search_unit: :thousand_requests,
    grounding: :thousand_requests, maps_grounding: :thousand_requests, cache_storage: :million_token_hours
  }
  tiers = %w[batch flex priority fast ultrafast]

  before(:context) do
    next unless Payloads.there?

    text = Payloads.payload("llm_cost_tracker/0.15.2.json")
    @document = JSON.parse(text, decimal_class: BigDecimal)
    file = JSON.generate(@document["models"].keys.map { |key| key.split("/", 2) }
      .map { |provider, id| {id: id, provider: provider} })
    models, = RubyLLM::Native.read_sheet("file", file, Sheets::NOW)
    prices, @told = RubyLLM::Native.read_price_file("llm_cost_tracker", text, Sheets::NOW)
    view = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([models, prices]))
    @models = view.to_h { |model| ["#{model.provider}/#{model.id}", model] }
  end

  # Wednesday noon, when no list has an off-peak window.
  let(:noon) { Time.utc(2026, 10, 28, 9, 30) }

  # @return [Array(Symbol, Hash)] the meter and the conditions of a key
  define_method(:meaning) do |provider, key, row|
    undated, day = key.match(/\A(.*?)(?:_from_(\d{4}-\d\d-\d\d))?\z/).captures
    words = undated.split("_")
    conditions = {at: day ? Time.utc(*day.split("-").map(&:to_i), 9, 30) : noon}
    conditions[:tokens] = row.fetch("_context_price_threshold_tokens") + 1 if words.include?("above")
    conditions[:region] = "anywhere" if words.include?("residency")
    conditions[:at] = Time.utc(2026, 10, 28, 5, 0) if words.include?("peak")
    conditions[:tier] = :on_demand if words.include?("demand")
    tiers.each { |tier| conditions[:tier] = tier.to_sym if words.include?(tier) }
    meter = meters.fetch(words - %w[above context data residency off peak on demand] - tiers)
    meter = :cache_write_1h if meter == :cache_write_extended && provider == "anthropic"
    # A price without a day that another one has replaced by now is asked for on the day before.
    first = row.keys.select { |other| other.start_with?("#{undated}_from_") }.map { |other| other[-10..] }.min
    conditions[:at] = Time.utc(*first.split("-").map(&:to_i)) - 3600 if day.nil? && first && first <= "2026-10-28"
    [meter, conditions]
  end

  def prices
    @prices ||= @document["models"].flat_map do |name, row|
      row.reject { |key, _amount| key.start_with?("_") }.map do |key, amount|
        [name, key, BigDecimal(amount.to_s), @models.fetch(name), *meaning(name[/\A[^\/]+/], key, row)]
      end
    end
  end

  it "is read whole, and tells which charges have no meter" do
    expect(@models.size).to eq(832)
    expect(@told).to include(rejected: 0, unread_prices: 0, left_out: 3,
      left_out_reason: "web_fetch_request of anthropic is charged for something that has no meter")
  end

  it "has every price, found again by its conditions" do
    wrong = prices.filter_map do |name, key, amount, model, meter, conditions|
      price = model.price_of(meter, **conditions)
      found = [price&.amount, price&.unit, price&.meter]
      next if found == [amount, units.fetch(meter, :million_tokens), meter]

      [name, key, amount.to_s("F"), *found]
    end

    expect(wrong).to be_empty
    expect(prices.size).to eq(5947)
  end

  it "has no price but those and the charges of its provider" do
    windows = ->(row) { Array(row["_off_peak_windows"]).sum { |window| window["hours_utc"].size } }
    @document["models"].each do |name, row|
      keys = row.keys.reject { |key| key.start_with?("_") }
      expected = keys.sum { |key| key.include?("off_peak") ? windows.call(row) : 1 }
      charges = {"anthropic" => 2, "openai" => 2}.fetch(name[/\A[^\/]+/], 0)
      expect([name, @models.fetch(name).prices.size]).to eq([name, expected + charges])
    end
  end

  it "has the short request's price at the threshold" do
    long = prices.select { |row| row.last[:tokens] }
    ends = long.map { |*, model, meter, conditions|
      model.price_of(meter, **conditions, tokens: conditions[:tokens] - 1)&.threshold
    }

    expect(long.size).to eq(994)
    expect(ends).to all(be_nil)
  end

  it "has the peak price outside of the windows, on weekdays only" do
    off_peak = prices.select { |row| row[1].start_with?("off_peak_") }
    off_peak.each do |name, key, amount, model, meter, _|
      full = BigDecimal(@document["models"][name][key.delete_prefix("off_peak_")].to_s)
      at = ->(*time) { model.price(meter, at: Time.utc(2026, 10, *time), exact: true) }

      expect([at[28, 0, 59], at[28, 1, 0], at[28, 3, 59], at[28, 4, 0], at[28, 6, 0], at[28, 9, 59], at[28, 10, 0]])
        .to eq([amount, full, full, amount, full, full, amount])
      expect([at[30, 2, 0], at[31, 2, 0], at[31, 23, 59]]).to eq([full, amount, amount]) # Friday, Saturday
    end
    expect(off_peak.size).to eq(12)
  end

  it "ends a price where the next one begins" do
    dated = prices.select { |row| row[1].include?("_from_") }
    dated.each do |name, key, _, model, meter, conditions|
      day = Date.iso8601(key[-10..])
      row = @document["models"][name]
      same = row.keys.select { |other| other == key[...-16] || other.start_with?(key[..-11]) }
      earlier = same.select { |other| other.length < key.length || other < key }.max
      before = model.price(meter, **conditions, at: Time.utc(day.year, day.month, day.day) - 1, exact: true)
      expect([name, key, before]).to eq([name, key, earlier && BigDecimal(row[earlier].to_s)])
    end
    expect(dated.size).to eq(378)
  end

  it "has the charges of providers" do
    sums = %w[openai/gpt-5.4 anthropic/claude-opus-4-8 mistral/codestral-2508].map { |name|
      %i[web_search file_search code_execution].map { |meter| @models.fetch(name).price_of(meter)&.to_s }
    }

    expect(sums).to eq([
      ["$10.0 web search per 1,000 requests", "$2.5 file search per 1,000 requests", nil],
      ["$10.0 web search per 1,000 requests", nil, "$0.05 code execution per hour"],
      [nil, nil, nil]
    ])
    expect(@models.fetch("anthropic/claude-opus-4-8").metadata[:llm_cost_tracker])
      .to eq(service_charges: {web_fetch_request: 0.0})
    expect(@models.fetch("openai/gpt-5.4").metadata[:llm_cost_tracker]).to eq(service_charges: {
      web_search_preview_request_non_reasoning: 25.0, web_search_preview_request_reasoning: 10.0
    })
  end

  it "says when the list is of, and how long is charged for at least" do
    expect(@models.values.flat_map(&:prices).map(&:stated_at).uniq).to eq([Date.new(2026, 10, 28)])
    expect(@models.fetch("groq/whisper-large-v3").price_of(:transcription))
      .to have_attributes(minimum: 10, unit: :minute)
    expect(@models.values.count { |model| model.prices.any?(&:minimum) }).to eq(2)
    expect(@models.values.map { |model| model.origin(:pricing) }.uniq).to eq([:llm_cost_tracker])
  end
end
