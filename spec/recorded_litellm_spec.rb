# frozen_string_literal: true

require "bigdecimal"
require_relative "spec_helper"

# Each number of the document is asked for under the conditions that its key states. The keys are taken apart here by
# regular expressions, once more and by other means than in C.
RSpec.describe "LiteLLM's cost map as it was recorded", :payloads do
  providers = {
    "openai" => "openai", "text-completion-openai" => "openai", "anthropic" => "anthropic", "gemini" => "gemini",
    "vertex_ai-language-models" => "vertexai", "vertex_ai-embedding-models" => "vertexai", "bedrock" => "bedrock",
    "xai" => "xai", "deepseek" => "deepseek", "moonshot" => "moonshotai", "volcengine" => "volcengine",
    "zhipu" => "zhipuai", "minimax" => "minimax"
  }
  tokens = {
    "input_cost_per_token" => :input, "output_cost_per_token" => :output, "cache_read_input_token_cost" => :cache_read,
    "input_cost_per_token_cache_hit" => :cache_read, "cache_creation_input_token_cost" => :cache_write,
    "output_cost_per_reasoning_token" => :reasoning, "input_cost_per_audio_token" => :audio_input,
    "output_cost_per_audio_token" => :audio_output, "cache_read_input_audio_token_cost" => :audio_cache_read,
    "cache_creation_input_audio_token_cost" => :audio_cache_write, "input_cost_per_image_token" => :image_input,
    "output_cost_per_image_token" => :image_output, "output_cost_per_video_token" => :video_output
  }
  # By mode; nil is any mode.
  others = {
    "input_cost_per_audio_per_second" => {nil => %i[transcription second]},
    "input_cost_per_video_per_second" => {nil => %i[video_read second]},
    "input_cost_per_second" => {"audio_transcription" => %i[transcription second]},
    "output_cost_per_second" => {"audio_speech" => %i[speech second]},
    "input_cost_per_image" => {"embedding" => %i[image_read image], "image_generation" => %i[image_read image]},
    "output_cost_per_image" => {"image_generation" => %i[image image]}
  }
  tiers = {"batches" => :batch, "flex" => :flex, "priority" => :priority}

  before(:context) do
    next unless Payloads.there?

    text = Payloads.payload("litellm/2026-07-24.json")
    @rows = JSON.parse(text, decimal_class: BigDecimal)
    file = JSON.generate(@rows.map { |id, row| {id: id, provider: providers.fetch(row["litellm_provider"])} })
    sheets = {"file" => file, "litellm_prices" => text}.map { |source, json|
      RubyLLM::Native.read_sheet(source, json, Sheets::NOW)
    }
    @rejected = sheets.map(&:last)
    view = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge(sheets.map(&:first)))
    @models = view.to_h { |model| [[model.provider, model.id], model] }
  end

  let(:models) do
    @rows.map { |id, row| [id, row, @models.fetch([providers.fetch(row["litellm_provider"]), id])] }
  end

  # @return [Array(Symbol, Integer, Symbol, Hash), nil] meter, power of ten, unit and conditions of a key
  define_method(:meaning) do |key, row|
    base = [*tokens.keys, *others.keys].select { |name| key.start_with?(name) }.max_by(&:length) or next
    conditions = {}
    hour = false
    rest = key.delete_prefix(base).gsub(/_(batches|flex|priority)|_above_(\d+)k_tokens|_above_1hr/) do |suffix|
      conditions[:tier] = tiers.fetch($1) if $1
      conditions[:tokens] = ($2.to_i * 1000) + 1 if $2
      hour = true if suffix == "_above_1hr"
      ""
    end
    next unless rest.empty?

    meter = hour ? {cache_write: :cache_write_1h}.fetch(tokens[base]) : tokens[base]
    next [meter, 6, :million_tokens, conditions] if meter

    meter, unit = others[base].values_at(row["mode"], nil).compact.first
    [meter, 0, unit, conditions] if meter
  end

  # @return [Array] each number that is called a cost, with what it means
  def costs
    models.flat_map do |id, row, model|
      row.select { |key, value| key.include?("cost") && value.is_a?(Numeric) }.map do |key, value|
        [id, key, value, model, *meaning(key, row)]
      end
    end
  end

  # @return [String] what a spec shows
  def shown(price)
    price && "#{price.amount.to_s("F")} per #{price.unit}"
  end

  it "is whole" do
    expect(@rejected).to eq([0, 0])
    expect(@models.size).to eq(@rows.size)
  end

  it "prices nothing that nobody else states" do
    sheet, = RubyLLM::Native.read_sheet("litellm_prices", Payloads.payload("litellm/2026-07-24.json"), Sheets::NOW)
    expect(RubyLLM::Native::Catalog.merge([sheet]).size).to eq(0)
  end

  it "has every price, found again by its conditions" do
    asked = costs.select { |_, _, value, _, meter| meter && !value.zero? }
    wrong = asked.filter_map do |id, key, value, model, meter, shift, unit, conditions|
      price = model.price_of(meter, **conditions)
      found = [price&.amount, price&.unit, price&.meter]
      next if found == [BigDecimal(value.to_s) * (10**shift), unit, meter]

      [id, key, value.to_s, shown(price)]
    end

    expect(wrong).to be_empty
    expect(asked.size).to eq(1245) # of 1,270 numbers, without 13 zeros and 12 prices of an image
    expect(asked.map { |row| row[1] }.uniq.size).to be > 40
  end

  it "has no other price" do
    models.each do |_, row, model|
      own = row.count { |key, value| value.is_a?(Numeric) && !value.zero? && key.include?("cost") && meaning(key, row) }
      own -= 1 if row.key?("input_cost_per_token_cache_hit") # the same as cache_read_input_token_cost
      stated = model.prices.reject { |price| price.region || price.tier == :fast || price.meter == :web_search }
      expect([model.id, stated.size]).to eq([model.id, own])
    end
  end

  it "leaves in the metadata what cannot be a price, by name" do
    left = costs.reject { |row| row[4] }.group_by { |row| row[1] }.transform_values { |rows| rows.map(&:first) }

    expect(left.transform_values(&:size)).to eq(
      "input_cost_per_image" => 8, "output_cost_per_image" => 4, # chat models, where they are prices of a token
      "input_cost_per_character" => 1 # 0, of an embedding model
    )
    models.each do |id, row, model|
      kept = row.keys.select { |key| left.fetch(key, []).include?(id) && !row[key].zero? }
      expect([id, *(model.metadata[:litellm_prices] || {}).keys]).to include(id, *kept.map(&:to_sym))
    end
  end

  it "takes no 0 for a price" do
    zeros = costs.select { |_, _, value| value.zero? }

    expect(zeros.map { |row| row.first(2) }).to contain_exactly(
      %w[deepseek-v3-2-251201 input_cost_per_token], %w[deepseek-v3-2-251201 output_cost_per_token],
      %w[deepseek-v4-flash cache_creation_input_token_cost], %w[deepseek-v4-pro cache_creation_input_token_cost],
      %w[gemini-2.0-flash-exp-image-generation input_cost_per_token],
      %w[gemini-2.0-flash-exp-image-generation output_cost_per_token],
      %w[gemini-embedding-001 output_cost_per_token], %w[gemini-embedding-2 output_cost_per_token],
      %w[gemini-embedding-2-preview output_cost_per_token],
      %w[gemini-flash-experimental input_cost_per_character], %w[gemini-flash-experimental input_cost_per_token],
      %w[gemini-flash-experimental output_cost_per_token],
      %w[gemini-robotics-er-1.5-preview cache_read_input_token_cost]
    )
    expect(models.flat_map { |_, _, model| model.prices }.map(&:amount)).to all(be_positive)
  end

  it "has the price of short requests for one that ends at a step" do
    steps = costs.select { |row| row[4] && row[7][:tokens] }
    ends = steps.map do |_, _, _, model, meter, _, _, conditions|
      model.price_of(meter, **conditions, tokens: conditions[:tokens] - 1)&.threshold
    end

    expect(steps.size).to eq(110)
    expect(ends).to all(be_nil)
  end

  it "has the price of a search by its size" do
    searches = models.select { |_, row, _model| row["search_context_cost_per_query"] }
    searches.each do |_, row, model|
      %w[low medium high].each do |size|
        expect(model.price(:web_search, size: size, exact: true))
          .to eq(BigDecimal(row["search_context_cost_per_query"]["search_context_size_#{size}"].to_s))
      end
    end
    expect(searches.size).to eq(57)
    expect(searches.count { |_, _, model| model.price(:web_search) }).to eq(54)
  end

  it "multiplies each price of tokens by region and for fast answers" do
    factors = models.to_h { |id, row, _model|
      own = row["provider_specific_entry"] || {}
      [id, {"us" => row["regional_processing_uplift_multiplier_us"] || own["us"],
            "eu" => row["regional_processing_uplift_multiplier_eu"], :fast => own["fast"]}.compact]
    }
    asked = costs.select { |_, _, value, _, meter, shift| meter && shift == 6 && !value.zero? }.flat_map do |row|
      id, key, value, model, meter, _, _, conditions = row
      factors[id].map do |to, factor|
        fast = conditions.key?(:tier) ? nil : :fast
        next if to == :fast && fast.nil?

        price = model.price_of(meter, **conditions, **((to == :fast) ? {tier: :fast} : {region: to}))
        [id, key, to, price&.amount, BigDecimal(value.to_s) * 1_000_000 * BigDecimal(factor.to_s)]
      end
    end.compact

    expect(asked.reject { |*, found, expected| found == expected }).to be_empty
    expect(factors.values.map(&:keys).tally).to eq([] => 189, %w[us eu] => 19, ["us", :fast] => 9, ["us"] => 1)
    opus = models.find { |id, _row| id == "claude-opus-4-6" }.last
    expect(opus.price(:input, tier: :fast, region: "us", exact: true)).to eq(5 * 6 * BigDecimal("1.1"))
  end

  it "has limits, dates, dimensions and efforts" do
    models.each do |id, row, model|
      expect([id, model.max_input_tokens, model.max_output_tokens])
        .to eq([id, row["max_input_tokens"], row["max_output_tokens"]])
    end
    expect(models.count { |_, row, model| row["deprecation_date"] && model.retires_at }).to eq(16)
  end
end
