# frozen_string_literal: true

require "spec_helper"
require "json"
require "logger"
require "stringio"
require_relative "support/stubbed_sources"

RSpec.describe "a model's life" do
  def only(documents)
    view_of(documents).first
  end

  describe "of a deprecated model with dates" do
    let(:listed) do
      only(anthropic: {data: [{id: "claude-x", lifecycle: "deprecated", deprecated_at: "2026-03-01T00:00:00Z",
                               retires_at: "2026-09-01T00:00:00Z", allowed_fallback_models: %w[claude-z claude-y]}]})
    end

    it "is as stated, unless a time is given" do
      expect(listed.status).to eq(:deprecated)
      expect([listed.deprecated_at, listed.retires_at]).to eq([Time.utc(2026, 3), Time.utc(2026, 9)])
      expect(listed.retires_no_sooner?).to be_nil
    end

    it "follows from the dates at that time" do
      expect(listed.status(at: Time.utc(2026, 2, 28, 23, 59, 59))).to eq(:active)
      expect(listed.status(at: Date.new(2026, 3, 1))).to eq(:deprecated)
      expect(listed.status(at: Time.utc(2026, 8, 31, 23, 59, 59))).to eq(:deprecated)
    end

    it "is overdue as long as its provider lists it after its end, and retired in the future" do
      allow(Time).to receive(:now).and_return(Time.utc(2026, 10, 1))
      expect(listed.status(at: Time.now)).to eq(:overdue)
      expect(listed.status(at: Date.new(2026, 10, 2))).to eq(:retired)
    end

    it "has its replacements by kind" do
      expect(listed.replacements.map(&:to_h)).to eq([
        {id: "claude-y", kind: :fallback, provider: "anthropic"},
        {id: "claude-z", kind: :fallback, provider: "anthropic"}
      ])
      expect(listed.replacement).to eq("claude-y")
      expect(listed.replacements).to be_frozen.and all(be_frozen)
    end
  end

  it "prefers a successor to a fallback" do
    model = only(mistral: {data: [{id: "m", deprecation: "2026-01-31", deprecation_replacement_model: "z-successor"}]})

    expect(model.replacement).to eq("z-successor")
    expect(model.replacements.map(&:kind)).to eq([:successor])
    expect(model.status).to eq(:deprecated)
  end

  it "is not ended by a date that is only the first one possible" do
    model = only(bedrock: {modelSummaries: [{modelId: "acme.a-v1:0", modelLifecycle: {
      status: "LEGACY", legacyTime: "2025-01-01T00:00:00Z", endOfLifeTime: "2025-06-01T00:00:00Z"
    }}]})

    expect(model.retires_no_sooner?).to be(true)
    expect(model.status(at: Time.now)).to eq(:overdue)
    expect(model.status(at: Time.now + 86_400)).to eq(:deprecated)
  end

  it "is retired by its date where only a metadata source has it" do
    model = only(models_dev: {openai: {models: {a: {name: "A", status: "deprecated"}}}})

    expect([model.status, model.status(at: Date.new(2020, 1, 1))]).to eq(%i[retired retired])
    expect(only(models_dev: {openai: {models: {a: {name: "A"}}}}).status(at: Time.now)).to be_nil
  end

  it "takes times and dates only" do
    model = only(openai: {data: [{id: "a"}]})

    expect { model.status(at: "tomorrow") }.to raise_error(ArgumentError, 'at must be a Time or a Date, got "tomorrow"')
  end

  describe "in lists" do
    let(:view) do
      view_of(openai: {data: [
        {id: "gone-soon", shutdown_date: (Time.now + (40 * 86_400)).strftime("%Y-%m-%d")},
        {id: "gone-later", shutdown_date: (Time.now + (400 * 86_400)).strftime("%Y-%m-%d")},
        {id: "overdue", shutdown_date: "2024-01-01"},
        {id: "plain"},
        {id: "deprecated", deprecated: true}
      ]})
    end

    it "finds what is to stop, the most urgent first" do
      expect(view.retiring(within: 90 * 86_400).map(&:id)).to eq(%w[overdue gone-soon])
      expect(view.retiring(within: 0).map(&:id)).to eq(%w[overdue])
      expect(view.retiring(within: 10**12).map(&:id)).to eq(%w[overdue gone-soon gone-later])
    end

    it "finds what is deprecated by word or by date" do
      expect(view.deprecated.map(&:id)).to eq(%w[deprecated overdue])
      expect(view.listed.deprecated.where(provider: :openai).size).to eq(2)
    end

    it "refuses a time that is none" do
      [-1, "90", nil, Float::NAN, Float::INFINITY].each do |wrong|
        expect { view.retiring(within: wrong) }
          .to raise_error(ArgumentError, "within must be a number of seconds of at least 0, got #{wrong.inspect}")
      end
    end
  end

  describe "told of after a refresh" do
    include_context "with stubbed sources"

    before { RubyLLM.config.openai_api_key = "key" }

    let(:log) { StringIO.new }

    def refresh(*rows)
      stub_source(:openai, body: JSON.generate({data: rows}))
      RubyLLM.models.refresh!.last_refresh
    end

    it "is silent about the first one, and about what did not change" do
      expect(refresh({id: "a", deprecated: true}).life_cycle_changes).to eq([])
      expect(refresh({id: "a", deprecated: true}).life_cycle_changes).to eq([])
      expect(RubyLLM.models.last_refresh.to_h).not_to have_key(:life_cycle)
    end

    it "names the models that enter a state that ends, and those that leave it" do
      refresh({id: "a"}, {id: "b", deprecated: true}, {id: "c"})
      RubyLLM.config.logger = Logger.new(log)
      report = refresh(
        {id: "a", shutdown_date: "2024-05-06", deprecation_replacement_model: "a-2"}, {id: "b"}, {id: "c"},
        {id: "new", deprecated: true}
      )

      expect(report.life_cycle_changes.map { |change| change.to_h.values }).to eq([
        ["openai", "a", nil, :overdue, Time.utc(2024, 5, 6), "a-2"], ["openai", "b", :deprecated, nil, nil, nil]
      ])
      expect(log.string)
        .to include("WARN -- : openai a is now overdue; it was to retire on 2024-05-06; replacement: a-2")
      expect(log.string).to include("INFO -- : openai b is no longer deprecated")
      stored = JSON.parse(JSON.generate(report.to_h), symbolize_names: true)
      expect(RubyLLM::Native::Report.of(stored).life_cycle_changes).to eq(report.life_cycle_changes)
    end

    it "writes of many changes only the first" do
      rows = Array.new(25) { |number| {id: "m#{number}"} }
      refresh(*rows)
      RubyLLM.config.logger = Logger.new(log)
      rows = rows.map { |row| row.merge(deprecated: true) }
      report = refresh(*rows)

      expect(report.life_cycle_changes.size).to eq(25)
      expect(log.string.scan("is now deprecated").size).to eq(20)
      expect(log.string).to include("5 more: see the report's life_cycle_changes")
    end
  end
end
