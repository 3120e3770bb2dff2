# frozen_string_literal: true

require "bigdecimal"
require_relative "../support/catalogues"

RSpec.describe "the published catalogue" do
  include_context "with one source", :published

  def there(provider, id)
    registry.find { |model| model.provider == provider && model.id == id }
  end

  it "is off unless its address is set" do
    config.published_models_url = nil
    config.openai_api_key = "sk-none"

    expect(RubyLLM::Native.const_get(:Plan).new(config).skipped).to include("published" => :published_models_url)
  end

  it "is asked for at its address, with its ETag the next time, and with no key" do
    answer_with("good", etag: '"abc"')
    registry.refresh!

    expect(requests.map(&:path)).to eq(%w[/published/models.json] * 2)
    expect(requests.map { |request| request.headers["if-none-match"] }).to eq([nil, '"abc"'])
    expect(requests.flat_map { |request| request.headers.keys }).not_to include("authorization")
    expect(outcome(:published).status).to eq(:unchanged)
  end

  it "takes all that models.dev said, in its own words" do
    answer_with("good")

    expect(there("anthropic", "claude-shed")).to have_attributes(
      context_window: 1000, max_output_tokens: 500,
      input_price_per_million: 1.5, output_price_per_million: 6, listed?: false,
      knowledge_cutoff_precision: :month, function_calling?: true, name: "CLAUDE-SHED"
    )
  end

  it "takes prices of openrouter's rows, without the noise of a multiplication" do
    answer_with("good")

    expect(there("openrouter", "a/words")).to have_attributes(input_price_per_million: 0.25, context_window: 111)
    expect(there("openrouter", "a/words").capabilities).to eq(%w[function_calling])
    expect(there("openrouter", "a/noisy").prices.map(&:amount)).to eq([BigDecimal("0.2"), BigDecimal(1)])
  end

  {"0.7999999999999999" => "0.8", "2.4999999999999996" => "2.5", "18.750000000000004" => "18.75",
   "0.08333333333333334" => "0.08333333333333334",
   "0.123456789012345" => "0.123456789012345", "1e-7" => "0.0000001"}.each do |written, price|
    it "reads #{written} as #{price}" do
      pricing = %({"text_tokens": {"standard": {"input_per_million": #{written}}}})
      model = view_of(published: %([{"id": "shed/x", "provider": "openrouter", "pricing": #{pricing}}])).first
      expect(model.price(:input, exact: true)).to eq(BigDecimal(price))
    end
  end

  it "takes nothing that was made up" do
    answer_with("good")

    expect(there("azure", "jamba-shed")).to have_attributes(prices: [], context_window: nil, capabilities: [])
    expect(there("perplexity", "sonar-shed")).to have_attributes(prices: [], context_window: nil)
    expect(there("bedrock", "vendor.picture")).not_to be_function_calling
    expect(there("bedrock", "vendor.words")).to be_function_calling
    expect(there("deepgram", "phonecall").type).to eq(:transcription)
    expect(there("deepgram", "aura-9-shed-da").type).to eq(:audio)
    expect(%w[mistral cohere].map { |provider| registry.find { |model| model.provider == provider }.created_at })
      .to eq([nil, nil])
  end

  it "speaks after models.dev" do
    metadata = {source: "models.dev", cost: {input: 1}, limit: {context: 10, output: 5}}
    spoken = view_of(
      published: [{id: "gpt-x", provider: "openai", metadata: metadata}],
      models_dev: {openai: {models: {"gpt-x" => {name: "X", cost: {input: 2}, limit: {context: 20}}}}}
    ).first

    expect(spoken).to have_attributes(context_window: 20, max_output_tokens: 5, input_price_per_million: 2)
    expect([spoken.origin(:pricing), spoken.origin(:max_output_tokens)]).to eq(%i[models_dev published])
  end

  it_behaves_like "a source that fails well", rows: 2, status: 404, message: "HTTP 404: No such catalogue"

  describe "as it was in August 2026", :payloads do
    rows = nil
    sheet = nil
    before do
      rows ||= JSON.parse(payload("published/2026-08-19.json"), decimal_class: BigDecimal)
      sheet ||= RubyLLM::Native.read_sheet("published", payload("published/2026-08-19.json"), Sheets::NOW)
    end

    let(:all) do
      RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([sheet.first])).to_h do |model|
        [[model.provider, model.id], model]
      end
    end

    it "is read without losing a row" do
      expect(sheet.last).to eq(0)
      expect(all.size).to eq(1637)
    end

    it "keeps the precision of every knowledge date" do
      stated = rows.select { |row| row["metadata"]["knowledge"] }

      expect(stated.size).to eq(485)
      stated.each do |row|
        expect(all[row.values_at("provider", "id")].knowledge_cutoff_precision)
          .to eq((row["metadata"]["knowledge"].size == 7) ? :month : :day)
      end
    end

    it "has the prices and limits of models.dev's rows exactly" do
      rows.select { |row| row["metadata"]["source"] == "models.dev" }.each do |row|
        model = all[row.values_at("provider", "id")]
        cost, limit = row["metadata"].values_at("cost", "limit")

        expect([model.price(:input, exact: true), model.price(:output, exact: true)])
          .to eq([cost&.fetch("input", nil), cost&.fetch("output", nil)])
        expect(model.context_window).to eq(limit["context"].zero? ? nil : limit["context"]) if limit
      end
    end

    it "has none of the faults" do
      voices = %w[general general-polaris conversationalai finance meeting phonecall phoneme video voicemail]
      bedrock = all.values.select { |model| model.provider == "bedrock" && !model.modalities.output.include?("text") }

      expect(all.values.select { |model| model.provider == "azure" }.flat_map(&:prices)).to be_empty
      expect(bedrock.select(&:function_calling?)).to be_empty
      expect(all.values_at(*voices.map { |id| ["deepgram", id] }).map(&:type).uniq).to eq([:transcription])
      expect(all.values.select { |model| model.id.end_with?("-dQw4w9WgXcQ") }.map(&:type)).to eq(%i[transcription] * 2)
    end
  end
end
