# frozen_string_literal: true

require "spec_helper"
require "pp"

RSpec.describe RubyLLM::Native::Explanation do
  let(:documents) do
    {
      anthropic: {data: [
        {id: "claude-x-20250101", display_name: "X"}, {id: "claude-x-20240101", display_name: "Old X"}
      ]},
      openrouter: {data: [{id: "anthropic/claude-x", name: "Anthropic: X"}]},
      file: [
        {id: "claude-x", provider: "gpustack", name: "X", unlisted_at: "2026-01-02 00:00:00 UTC"},
        {id: "other", provider: "gpustack", name: "Other"}
      ],
      models_dev: {"amazon-bedrock" => {models: {"eu.acme.large-v1:0" => {id: "eu.acme.large-v1:0", name: "Large"}}}}
    }
  end
  let(:preferences) do
    RubyLLM::Native::Preferences.new(
      configured: %w[anthropic], region: "eu-west-1",
      aliases: {"smart" => ["claude-x", nil], "lost" => %w[claude-y xai]}
    )
  end
  let(:view) do
    RubyLLM::Native::View.new(
      RubyLLM::Native::Catalog.merge(documents.map { |source, document| sheet(source, document) }), preferences
    )
  end

  it "lists who answers, in order, and why" do
    explanation = view.explain("claude-x")
    expect(explanation.to_s).to eq(<<~TEXT.chomp)
      "claude-x" is claude-x-20250101 of anthropic
        1.  anthropic   claude-x-20250101   alias of claude-x-20250101 (newest snapshot), configured provider
        2.  openrouter  anthropic/claude-x  short for anthropic/claude-x, not configured
        3.  gpustack    claude-x            exact id, unlisted since 2026-01-02, not configured
    TEXT
    expect(explanation.choice).to eq(view.find("claude-x"))
    expect(explanation.candidates.map { |each| [each.how, each.configured?] })
      .to eq([[:snapshot, true], [:namespace, false], [:exact, false]])
  end

  it "is the same text in a console" do
    explanation = view.explain("claude-x")
    expect(explanation.inspect).to eq(explanation.to_s)
    expect(explanation.pretty_inspect).to eq("#{explanation}\n")
  end

  it "says what the app's own alias stands for" do
    expect(view.explain("smart", provider: :openrouter).to_s).to eq(<<~TEXT.chomp)
      "smart" of openrouter is anthropic/claude-x of openrouter
        the app's alias of "claude-x" of openrouter
        1.  openrouter  anthropic/claude-x  short for anthropic/claude-x, not configured
    TEXT
    expect(view.explain("lost").to_s).to eq("\"lost\" is not a known model\n  the app's alias of \"claude-y\" of xai")
  end

  it "says which region a profile is for, and which suffix was left out" do
    expect(view.explain("acme.large-v1:0").candidates.map(&:reason))
      .to eq(["inference profile for eu-west-1, only documented, not configured"])
    expect(view.explain("anthropic/claude-x:nitro").candidates.map(&:reason))
      .to eq(["without the suffix :nitro, not configured"])
  end

  it "suggests when nothing answers" do
    explanation = view.explain(:"x-claude")
    expect(explanation).to have_attributes(choice: nil, candidates: [])
    expect(explanation.to_s)
      .to start_with("\"x-claude\" is not a known model\n  nearest: ").and include("anthropic/claude-x")
  end

  it "finds what find finds, among a view's own models too" do
    expect(view.by_provider(:openrouter).explain("claude-x").choice.provider).to eq("openrouter")
    expect(view.explain("claude-x")).to be_frozen
  end
end
