# frozen_string_literal: true

require "spec_helper"

RSpec.describe "Ractors" do
  around do |example|
    experimental = Warning[:experimental]
    Warning[:experimental] = false
    example.run
  ensure
    Warning[:experimental] = experimental
  end

  let(:view) do
    RubyLLM::Native::View.new(
      RubyLLM::Native::Catalog.merge([
        sheet(:anthropic, {data: [{id: "claude-x-20250101", display_name: "X"}]}),
        sheet(:openai, {data: [{id: "gpt-x"}]})
      ]),
      RubyLLM::Native::Preferences.new(configured: [:openai], region: "us-east-1", aliases: {"fast" => ["gpt-x", nil]})
    )
  end

  it "can share a view, its preferences and its models" do
    shared = [view, view.chat_models, view.newest_first, view.preferences, view.first, view.explain("gpt-x")]
    expect(shared.map { |each| Ractor.shareable?(each) }).to eq([true] * 6)
  end

  it "can share the registry's snapshot, which stays as it was taken" do
    registry = RubyLLM.models.import_json(RubyLLM::Native::Export.dump(view.catalog, {}))
    RubyLLM.config.openai_api_key = "key-of-openai-1b5e55ed0ddba11"
    RubyLLM.config.model_alias "fast", "gpt-x"
    snapshot = registry.snapshot
    RubyLLM.config.openai_api_key = nil
    RubyLLM.config.model_alias "fast", "claude-x"
    registry.forget!
    ractor = Ractor.new(snapshot) { |shared| [shared.find("fast").id, shared.configured.map(&:provider)] }

    expect(Ractor.shareable?(snapshot)).to be(true)
    expect(ractor.respond_to?(:value) ? ractor.value : ractor.take).to eq(["gpt-x", %w[openai]])
  end

  it "use the same objects, whichever of them has asked first" do
    shared = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([
      sheet(:openai, {data: Array.new(500) { |number| {id: "gpt-#{number}"} }})
    ]))
    ractors = Array.new(4) { Ractor.new(shared) { |models| models.map { |model| [model, model.id] } } }
    found = ractors.map { |ractor| ractor.respond_to?(:value) ? ractor.value : ractor.take }

    expect(found.flatten(1).map { |model, id| [model.object_id, id] }.uniq.size).to eq(500)
    expect(found.first.map(&:last)).to eq(shared.map(&:id))
  end

  it "can find, filter, explain and miss in a view of another one" do
    ractor = Ractor.new(view) do |shared|
      missed = begin
        shared.find("gpt-z")
      rescue => error
        error.message
      end
      [shared.find("fast").id, shared["claude-x"].id,
        shared.where(type: :chat, provider: :openai).map(&:id), shared.configured.count,
        shared.group_by_provider.keys, shared.explain("claude-x").to_s, shared.inspect.lines.size, missed]
    end
    *found, explained, lines, missed = ractor.respond_to?(:value) ? ractor.value : ractor.take
    expect(found).to eq(["gpt-x", "claude-x-20250101", %w[gpt-x], 1, %w[anthropic openai]])
    expect(explained).to start_with("\"claude-x\" is claude-x-20250101 of anthropic")
    expect(lines).to eq(4)
    expect(missed).to start_with("Unknown model: \"gpt-z\".")
  end

  # As docs/reference/filters.md says.
  it "cannot ask the process's registry from another one, and can take along a view or a model" do
    RubyLLM.models.import_json(RubyLLM::Native::Export.dump(view.catalog, {}))
    asking = Ractor.new do
      Thread.current.report_on_exception = false
      RubyLLM.models.count
    end
    taking = Ractor.new(RubyLLM.models.chat_models, RubyLLM.models.find("gpt-x")) do |models, model|
      [models.count, model.id]
    end
    answer = ->(ractor) { ractor.respond_to?(:value) ? ractor.value : ractor.take }

    expect { answer[asking] }
      .to raise_error(Ractor::RemoteError) { |error| expect(error.cause).to be_a(Ractor::IsolationError) }
    expect(answer[taking]).to eq([2, "gpt-x"])
  end
end
