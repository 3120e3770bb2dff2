# frozen_string_literal: true

require "json"
require "zlib"
require_relative "spec_helper"

# Each number of the recorded documents is asked for under the conditions that it stands under.
RSpec.describe "prices as they were recorded, asked for", :payloads do
  noon = Time.utc(2026, 7, 2, 12)

  # @return [Hash{Array(String, String) => Model}]
  def models_of(source, text, provider: nil)
    bytes, = RubyLLM::Native.read_sheet(source, text, Sheets::NOW)
    RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([bytes]))
      .to_h { |model| [provider ? model.id : [model.provider, model.id], model] }
  end

  # Questions are [model, meter, conditions, the expected amount].
  def wrong(questions, at)
    questions.filter_map do |model, meter, conditions, amount|
      found = model.price(meter, at: at, exact: true, **conditions)
      [model.provider, model.id, meter, conditions, amount.to_s("F"), found&.to_s("F")] unless found == amount
    end
  end

  describe "of models.dev" do
    meters = {
      "input" => :input, "output" => :output, "cache_read" => :cache_read, "cache_write" => :cache_write,
      "reasoning" => :reasoning, "input_audio" => :audio_input, "output_audio" => :audio_output
    }
    tiers = %w[standard batch flex priority fast ultrafast on_demand]

    # Prices that hold together: the numbers, and the conditions of a request that they are for.
    sets = lambda do |cost, conditions|
      steps = cost.fetch("tiers", []).to_h { |step| [step["tier"]["size"], step] }
      steps = {200_000 => cost["context_over_200k"]} if steps.empty? && cost["context_over_200k"]
      [[cost, {**conditions, tokens: 0}], *steps.map { |size, step| [step, {**conditions, tokens: size + 1}] }]
    end
    all_sets = lambda do |row|
      modes = row.dig("experimental", "modes").to_h.filter_map do |name, mode|
        tier = mode.dig("provider", "body", "service_tier") || name
        [mode["cost"], {tier: tier.to_sym}] if mode["cost"] && tiers.include?(tier)
      end
      [[row["cost"], {}], *modes].select(&:first).flat_map { |cost, conditions| sets[cost, conditions] }
    end

    # @return [Array] the questions, and what a document states that no question can be asked for
    define_method(:questions) do |text|
      document = JSON.parse(text, decimal_class: BigDecimal)
      models = models_of("models_dev", text)
      rows = document.flat_map { |group, of| of["models"].map { |id, row| [group, id, row] } }
      others = rows.flat_map { |_, _, row| row["cost"].to_h.keys } - meters.keys - %w[tiers context_over_200k]
      asked = rows.flat_map do |group, id, row|
        found = models.values_at(*slugs_of(group).map { |slug| [slug, id] }).compact.first or next []
        next [] unless row["cost"] && found.priced?

        all_sets[row].flat_map do |cost, conditions|
          meters.filter_map { |key, meter| [found, meter, conditions, BigDecimal(cost[key].to_s)] if cost[key] }
        end
      end
      [asked, others.uniq]
    end

    def slugs_of(group)
      ours = {"google" => "gemini", "google-vertex" => "vertexai", "amazon-bedrock" => "bedrock"}
      [ours.fetch(group) { group.tr("-", "_") }, group.tr("-", "_").delete("."), group]
    end

    it "are found again, with long requests and modes" do
      asked, others = questions(payload("models_dev/2026-07-02.json"))

      expect(others).to eq([])
      expect(asked.size).to be > 12_000
      expect(asked.map { |_, _, conditions, _| conditions[:tier] }.tally.keys).to include(:priority, :fast)
      expect(wrong(asked, noon)).to eq([])
    end

    it "are found again in a document that knows one threshold only" do
      text = Zlib.gunzip(payload("models_dev/history/2026-02-02.json.gz").b).force_encoding("UTF-8")
      asked, = questions(text)

      expect(asked.count { |_, _, conditions, _| conditions[:tokens] == 200_001 }).to be > 20
      expect(wrong(asked, noon)).to eq([])
    end
  end

  describe "of OpenRouter" do
    per_token = {
      "prompt" => :input, "completion" => :output, "input_cache_read" => :cache_read,
      "input_cache_write" => :cache_write, "input_cache_write_1h" => :cache_write_1h,
      "internal_reasoning" => :reasoning, "audio" => :audio_input, "audio_output" => :audio_output
    }
    others = {"image" => :image_read, "request" => :request, "web_search" => :web_search}

    %w[2025-11-03 2026-01-13].each do |day|
      it "are found again, on #{day}" do
        text = payload("#{day}/openrouter.json")
        models = models_of("openrouter", text, provider: "openrouter")
        rows = JSON.parse(text)["data"].reject { |row| row["pricing"]["prompt"].start_with?("-") }
        asked = rows.flat_map do |row|
          row["pricing"].filter_map do |key, written|
            amount = BigDecimal(written)
            next if amount.zero? && !%w[prompt completion input_cache_read input_cache_write].include?(key)

            meter = per_token[key] || others.fetch(key)
            [models.fetch(row["id"]), meter, {}, per_token.key?(key) ? amount * 1_000_000 : amount]
          end
        end

        expect(asked.size).to be > 700
        expect(wrong(asked, noon)).to eq([])
      end
    end
  end
end
