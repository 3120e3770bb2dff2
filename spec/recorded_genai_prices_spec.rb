# frozen_string_literal: true

require "json"
require_relative "spec_helper"
require_relative "support/recorded_genai_prices"

RSpec.describe "genai-prices as it was recorded", :payloads do
  # Ours, where they are not spelled like theirs.
  ours = {
    "aws" => %w[bedrock], "fireworks" => %w[fireworks_ai], "google" => %w[gemini vertexai], "novita" => %w[novita_ai],
    "together" => %w[togetherai], "x-ai" => %w[xai]
  }
  models_dev = {"bedrock" => "amazon-bedrock", "gemini" => "google", "vertexai" => "google-vertex"}
  meters = {
    "input_mtok" => :input, "output_mtok" => :output, "cache_read_mtok" => :cache_read,
    "cache_write_mtok" => :cache_write, "cache_write_1h_mtok" => :cache_write_1h,
    "input_audio_mtok" => :audio_input, "output_audio_mtok" => :audio_output,
    "cache_audio_read_mtok" => :audio_cache_read, "input_image_mtok" => :image_input,
    "cache_image_read_mtok" => :image_cache_read, "output_image_mtok" => :image_output,
    "input_video_mtok" => :video_input, "output_video_mtok" => :video_output, "output_reasoning_mtok" => :reasoning,
    "output_citation_mtok" => :citation, "web_searches_kcount" => :web_search, "requests_kcount" => :request
  }

  # Every text of every match as an id, and every id of the recorded usages, at each provider that they name; models.dev
  # says of these models only that there are such.
  before(:context) do
    next unless Payloads.there?

    @recorded = RecordedGenaiPrices.new(Payloads.payload("genai_prices/2026-08-21.json"))
    @bodies = JSON.parse(Payloads.payload("genai_prices/usages.json")).select { |body| body["model"] }
    asked = Hash.new { |all, provider| all[provider] = [] }
    @recorded.providers.each do |provider|
      asked[provider["id"]] |= provider["models"].flat_map { |row| [row["id"], *@recorded.texts(row["match"])] }
    end
    @bodies.each do |body|
      body["extracted"].flat_map { |each| each["extractors"] }
        .each { |extractor| asked[extractor["provider_id"]] |= [body["model"]] }
    end
    %w[azure google].each { |name| asked[name] |= asked["openai"] | asked["anthropic"] }
    @asked = asked.flat_map do |name, ids|
      ours.fetch(name) { [name.tr("-.", "_")] }.flat_map { |slug| ids.uniq.map { |id| [name, slug, id] } }
    end
    known = @asked.group_by { |_, slug, _| models_dev.fetch(slug, slug) }.transform_values do |rows|
      {models: rows.to_h { |_, _, id| [id, {name: "x"}] }}
    end
    sheets = [["genai_prices", Payloads.payload("genai_prices/2026-08-21.json")], ["models_dev", JSON.generate(known)]]
    (@sheet, @rejected), other = sheets.map { |source, text| RubyLLM::Native.read_sheet(source, text, Sheets::NOW) }
    @models = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([@sheet, other.first]))
      .to_h { |model| [[model.provider, model.id], model] }
  end

  # Each asked id with its model and the row that speaks of it, which may be nil.
  def each_asked
    @asked.each { |name, slug, id| yield @models.fetch([slug, id]), @recorded.row(name, id) }
  end

  it "is read whole" do
    expect(@recorded.providers.sum { |provider| provider["models"].size }).to eq(1466)
    expect(@rejected).to eq(0)
    expect(@asked.size).to be > 3000
  end

  it "is believed only where a row speaks of the id" do
    wrong = []
    each_asked do |model, row|
      speaks = model.metadata.key?(:genai_prices) || model.origin(:pricing) == :genai_prices ||
        model.origin(:context_window) == :genai_prices
      says = row && (row["prices"].any? || row["context_window"] || row["description"] || row["price_comments"])
      wrong << [model.provider, model.id] if speaks != !!says
    end

    expect(wrong).to eq([])
  end

  it "has every price of every row, at every time and length" do
    wrong = []
    compared = 0
    spoken = {}.compare_by_identity
    each_asked do |model, row|
      next unless row&.fetch("prices")&.any?

      spoken[row] = true
      @recorded.times(row).product(@recorded.lengths(row), meters.to_a) do |at, tokens, (key, meter)|
        stated = @recorded.amount(row, key, tokens: tokens, at: at)
        found = model.price(meter, tokens: tokens, at: at, exact: true)
        compared += 1
        wrong << [model.provider, model.id, key, at, tokens, stated, found] if stated != found
      end
    end
    rows = @recorded.providers.flat_map { |provider| provider["models"] }
    silent = rows.reject { |row| spoken.key?(row) || row["prices"].empty? }

    expect(wrong).to eq([])
    expect(silent.map { |row| row["id"] }).to eq([])
    expect(compared).to be > 50_000
  end

  it "has the context windows and deprecations" do
    each_asked do |model, row|
      next unless row

      expect([model.id, model.context_window]).to eq([model.id, row["context_window"]]) if row["context_window"]
      expect([model.id, model.status]).to eq([model.id, :deprecated]) if row["deprecated"]
    end
  end

  # A set without prices costs nothing there; here it says nothing, as in most such rows nobody has looked.
  it "prices the very ids that the library prices" do
    wrong = @bodies.flat_map do |body|
      body["extracted"].flat_map { |each| each["extractors"] }.flat_map do |extractor|
        row = @recorded.row(extractor["provider_id"], body["model"])
        expect(!row.nil?).to eq(extractor.key?("input_price"))
        priced = row&.fetch("prices")&.any? || false
        ours.fetch(extractor["provider_id"]) { [extractor["provider_id"].tr("-.", "_")] }.filter_map do |slug|
          model = @models.fetch([slug, body["model"]])
          [slug, body["model"], priced] if priced != (model.origin(:pricing) == :genai_prices)
        end
      end
    end

    expect(wrong.uniq).to eq([])
  end
end
