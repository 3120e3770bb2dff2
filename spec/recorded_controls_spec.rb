# frozen_string_literal: true

require "json"
require_relative "spec_helper"
require_relative "support/payloads"

# Life cycles, controls and prices of service tiers in recorded documents, read here once more with a few lines of Ruby.
RSpec.describe "what recorded documents say of life and controls", :payloads do
  efforts = %w[none minimal low medium high xhigh max]

  def models_of(source, document)
    view = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([sheet(source, document)]))
    view.to_h { |model| [model.id, model] }
  end

  # Those that differ, of the models of which something is stated.
  def differences(stated, models)
    stated.reject { |id, expected| yield(models.fetch(id)) == expected }
      .map { |id, expected| [id, expected, yield(models.fetch(id))] }
  end

  describe "of models.dev" do
    # One provider at a time: ids are not unique across them.
    def rows
      @rows ||= JSON.parse(payload("models_dev/2026-07-02.json"))
    end

    def each_provider
      rows.each do |name, provider|
        yield models_of(:models_dev, JSON.generate(name => provider)), provider["models"]
      end
    end

    it "is whether weights are open and temperature is accepted" do
      counts = Hash.new(0)
      wrong = []
      each_provider do |models, stated|
        stated.each do |id, row|
          model = models.fetch(id)
          counts[:open] += 1 if row["open_weights"]
          counts[:temperature] += 1 if row.key?("temperature")
          expected = [row["open_weights"], row["temperature"]]
          shown = [model.open_weights?, model.accepts?(:temperature)]
          wrong << [id, expected, shown] unless shown == expected
        end
      end

      expect(wrong).to be_empty
      expect(counts).to eq(open: 2010, temperature: 4558)
    end

    it "is how reasoning is controlled" do
      counts = Hash.new(0)
      wrong = []
      each_provider do |models, stated|
        stated.each do |id, row|
          options = row.fetch("reasoning_options", [])
          options.each { |option| counts[option["type"]] += 1 }
          said = options.to_h { |option| [option["type"], option] }
          budget = said["budget_tokens"]
          expected = {
            efforts: said["effort"] && (efforts & said["effort"]["values"]).map(&:to_sym),
            toggle: (true if said["toggle"]),
            budget: budget && {min: budget["min"], max: budget["max"]}.compact.reject { |_, bound| bound.negative? }
          }.reject { |name, value| value.nil? || (name == :efforts && value.empty?) }
          shown = models.fetch(id).reasoning.to_h
          wrong << [id, expected, shown] unless shown == expected
        end
      end

      expect(wrong).to be_empty
      expect(counts).to eq("effort" => 1198, "toggle" => 881, "budget_tokens" => 485)
    end

    it "is what the modes cost, each a tier" do
      found = 0
      meters = {"input" => :input, "output" => :output, "cache_read" => :cache_read, "cache_write" => :cache_write}
      wrong = []
      each_provider do |models, stated|
        stated.each do |id, row|
          row.dig("experimental", "modes").to_h.each do |name, mode|
            tier = (mode.dig("provider", "body", "service_tier") || name).to_sym
            mode["cost"].each do |key, dollars|
              found += 1
              shown = models.fetch(id).price(meters.fetch(key), tier: tier, exact: true)
              wrong << [id, tier, key, dollars, shown] unless shown == BigDecimal(dollars.to_s)
            end
          end
        end
      end

      expect(wrong).to be_empty
      expect(found).to eq((21 * 3) + (19 * 4))
    end
  end

  it "of OpenRouter are its parameters and their defaults" do
    rows = JSON.parse(payload("2026-01-13/openrouter.json"))["data"]
    models = models_of(:openrouter, payload("2026-01-13/openrouter.json"))
    known = RubyLLM::Native::PARAMETERS.map(&:to_s)
    accepted = rows.to_h { |row| [row["id"], (known & row["supported_parameters"]).map(&:to_sym)] }
    defaults = rows.to_h { |row| [row["id"], row["default_parameters"].to_h.compact.transform_keys(&:to_sym)] }

    expect(differences(accepted, models) { |model| model.parameters.keys }).to be_empty
    expect(differences(defaults, models) { |model|
      model.bounds.transform_values { |bound| bound[:default] }.compact
    }).to be_empty
    expect([accepted.values.sum(&:size), defaults.values.sum(&:size)]).to eq([2729, 98])
  end

  it "of Gemini are its parameters with their bounds" do
    rows = JSON.parse(payload("2026-01-13/gemini.json"))["models"]
    models = models_of(:gemini, payload("2026-01-13/gemini.json"))
    stated = rows.to_h do |row|
      temperature = {default: row["temperature"], max: row["maxTemperature"],
                     min: row["maxTemperature"] && 0}.compact
      bounds = {temperature: temperature, top_p: {default: row["topP"]}.compact, top_k: {default: row["topK"]}.compact}
      [row["name"].delete_prefix("models/"), bounds.reject { |_, bound| bound.empty? }]
    end

    expect(differences(stated, models, &:parameters)).to be_empty
    expect(stated.values.count { |bounds| bounds.key?(:temperature) }).to eq(34)
  end

  it "of Mistral are temperatures, ends and successors" do
    rows = JSON.parse(payload("2026-01-13/mistral.json"))["data"].group_by { |row| row["id"] }
      .select { |_, same| same.size == 1 }.transform_values(&:first)
    models = models_of(:mistral, payload("2026-01-13/mistral.json"))

    expect(differences(rows.transform_values { |row| row["default_model_temperature"] }, models) { |model|
      model.bounds.dig(:temperature, :default)
    }).to be_empty
    expect(differences(rows.transform_values { |row| row["deprecation_replacement_model"] }, models, &:replacement))
      .to be_empty
    expect(differences(rows.transform_values { |row| row["deprecation"] && Time.iso8601(row["deprecation"]) }, models,
      &:retires_at)).to be_empty
    expect(rows.each_value.filter_map { |row| row["deprecation"] }.size).to be > 5
  end
end
