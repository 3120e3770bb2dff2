# frozen_string_literal: true

require "json"
require "tmpdir"
require_relative "spec_helper"

RSpec.describe "RubyLLM::Native.diff" do
  def diff(old, new) = RubyLLM::Native.diff(old, new)

  def catalog(documents) = RubyLLM::Native::Catalog.merge(sheets(documents).values)

  def sheets(documents) = documents.to_h { |slug, document| [slug.to_s, sheet(slug, document)] }

  # OpenAI's listing, and what models.dev states of gpt-4.1.
  def documents(*ids, **facts)
    {
      openai: {data: ids.map { |id| {id: id, created: 1_700_000_000} }},
      models_dev: {openai: {models: {"gpt-4.1" => {
        id: "gpt-4.1", name: "GPT-4.1", knowledge: "2024-04", tool_call: true,
        modalities: {input: %w[text image], output: %w[text]},
        limit: {context: 128_000, output: 32_768},
        cost: {input: 2, output: 8, tiers: [{input: 4, tier: {type: "context", size: 200_000}}]}, **facts
      }}}}
    }
  end

  let(:old) { catalog(documents("gpt-4.1", "gpt-old")) }
  let(:new) do
    catalog(documents("gpt-4.1", "gpt-5", tool_call: false,
      knowledge: "2024-06", limit: {context: 1_047_576}, open_weights: false,
      cost: {input: 1.5, output: 8, cache_read: 0, tiers: [{input: 3, tier: {type: "context", size: 200_000}}]}))
  end

  def ids(models) = models.map(&:id)

  it "has the models that came and went, and both values of each fact that changed" do
    difference = diff(old, new)
    change = difference.changed.first

    expect([ids(difference.added), ids(difference.removed), difference.changed.size]).to eq([%w[gpt-5], %w[gpt-old], 1])
    expect(change.before.context_window).to eq(128_000)
    expect(change.after.context_window).to eq(1_047_576)
    expect(change.fields.keys)
      .to eq(%i[
        knowledge_cutoff context_window max_output_tokens capabilities denied_capabilities open_weights prices metadata
      ])
    expect(change.fields).to include(
      context_window: [128_000, 1_047_576], max_output_tokens: [32_768, nil],
      knowledge_cutoff: [Date.new(2024, 4), Date.new(2024, 6)],
      capabilities: [%w[function_calling vision], %w[vision]]
    )
    expect(change.fields[:prices].map { |prices| prices.map { |price| price.amount.to_f } })
      .to eq([[2.0, 4.0, 8.0], [1.5, 3.0, 8.0, 0.0]])
  end

  it "is empty for equal registries, whoever stated their facts" do
    same = catalog(documents("gpt-4.1", "gpt-old"))

    expect(diff(old, same)).to be_empty
    expect(diff(old, same).to_s).to eq("No differences")
    expect(diff(old, new)).not_to be_empty
  end

  it "does not report a model if only the origin of a fact differs" do
    by_catalogue = catalog(
      models_dev: {mistral: {models: {"m" => {id: "m", name: "M", limit: {context: 5}}}}}, mistral: {data: [{id: "m"}]}
    )
    by_provider = catalog(mistral: {data: [{id: "m", name: "M", max_context_length: 5}]})

    expect(by_catalogue.model(0)).not_to eq(by_provider.model(0))
    expect(diff(by_catalogue, by_provider)).to be_empty
  end

  it "counts a model as gone when it is unlisted, and as new when it is listed again" do
    listed = [{id: "a", provider: "openai"}, {id: "b", provider: "openai"}]
    unlisted = [{id: "a", provider: "openai"}, {id: "b", provider: "openai", unlisted_at: "2026-01-01T00:00:00Z"}]
    before, after = [listed, unlisted].map { |rows| catalog(file: rows) }

    expect(ids(diff(before, after).removed)).to eq(%w[b])
    expect(ids(diff(after, before).added)).to eq(%w[b])
    expect(diff(after, after)).to be_empty
    expect(diff(after, before).changed).to be_empty
  end

  it "is a table for people" do
    expect(diff(old, new).to_s).to eq(<<~TEXT.chomp)
      1 added, 1 removed, 1 changed

      + openai gpt-5
      - openai gpt-old
      ~ openai gpt-4.1  knowledge cutoff 2024-04-01 -> 2024-06-01
                        context window 128000 -> 1047576
                        max output tokens 32768 -> unknown
                        capabilities -function_calling
                        denied capabilities +function_calling
                        open weights unknown -> false
                        input price 2.0 -> 1.5
                        input price (above 200,000 tokens) 4.0 -> 3.0
                        cache read price unknown -> 0.0
                        metadata
    TEXT
  end

  it "is a Hash that JSON can say" do
    hash = diff(old, new).to_h

    expect(JSON.parse(JSON.generate(hash), symbolize_names: true)).to eq(hash)
    expect(hash).to include(added: [{provider: "openai", id: "gpt-5"}], removed: [{provider: "openai", id: "gpt-old"}])
    expect(hash[:changed].first[:fields])
      .to include(context_window: [128_000, 1_047_576], knowledge_cutoff: %w[2024-04-01 2024-06-01])
    expect(hash[:changed].first[:fields][:prices].last.first).to eq(
      meter: "input", unit: "million_tokens", amount: "1.5", tier: "standard", covers: ["media"], origin: "models_dev"
    )
  end

  it "is frozen, and says its numbers when it is inspected" do
    expect([diff(old, new), diff(old, new).added, diff(old, new).changed, diff(old, new).changed.first.fields])
      .to all(be_frozen)
    expect(diff(old, new).inspect).to eq("#<RubyLLM::Native::Diff 1 added, 1 removed, 1 changed>")
  end

  it "names prices of other kinds" do
    row = lambda do |price|
      prices = {prompt: "0", completion: "0", image: price, request: price, internal_reasoning: price}
      {data: [{id: "m", pricing: prices}]}
    end

    expect(diff(catalog(openrouter: row["0.5"]), catalog(openrouter: row["0.25"])).to_s).to include(
      "reasoning price 500000.0 -> 250000.0",
      "image read price per image 0.5 -> 0.25", "request price per request 0.5 -> 0.25"
    )
  end

  it "looks closely only at what differs" do
    rows = Array.new(2000) { |number| {id: "m#{number}"} }
    before = catalog(openai: {data: rows})
    after = catalog(openai: {data: rows + [{id: "new"}]})
    looked = 0
    trace = TracePoint.new(:c_call) { |call| looked += 1 if call.method_id == :metadata_json }

    trace.enable { expect(ids(diff(before, after).added)).to eq(%w[new]) }
    expect(looked).to eq(0)
  end

  describe "of other things than catalogs" do
    around { |example| Dir.mktmpdir { |folder| @folder = folder and example.run } }

    def file(name, bytes)
      File.join(@folder, name).tap { |path| File.binwrite(path, bytes) }
    end

    it "takes registries and views, of a view its whole catalog" do
      path = file("old.json", JSON.generate([{id: "a", provider: "openai"}, {id: "b", provider: "xai"}]))
      RubyLLM.models.load_from_json(path)

      expect(ids(diff(RubyLLM::Native::Catalog.empty, RubyLLM.models).added)).to eq(%w[a b])
      expect(ids(diff(RubyLLM::Native::Catalog.empty, RubyLLM.models.by_provider(:openai)).added)).to eq(%w[a b])
    end

    it "takes a file of each kind by what it begins with" do
      exported = file("exported", RubyLLM::Native::Export.dump(old, sheets(documents("gpt-4.1", "gpt-old"))))
      stored = file("stored", old.bytes + sheet(:openai, {data: [{id: "x"}]}))

      expect(diff(exported, Pathname(stored))).to be_empty
      expect(ids(diff(stored, new).added)).to eq(%w[gpt-5])
    end

    it "compares with the ruby_llm gem's registry file what that can tell" do
      written = file("models.json", JSON.generate(RubyLLM::Native::View.new(old).map(&:to_registry_h)))

      expect(diff(written, old)).to be_empty
      expect(diff(old, written)).to be_empty
      expect(diff(written, new).changed.first.fields).to include(context_window: [128_000, 1_047_576])
      expect(diff(written, new).changed.first.fields.keys).not_to include(:standing, :denied_capabilities)
    end

    it "names the file that cannot be read" do
      missing = File.join(@folder, "none.json")
      {file("html", "<html>") => /not JSON/,
       file("cut", old.bytes[0..-9]) => /registry block/, file("empty", "") => /ended early/,
       missing => /No such file/}.each do |path, reason|
        expect { diff(path, old) }
          .to raise_error(RubyLLM::Native::Error, /\AThe registry file #{path} cannot be read: .*#{reason}/)
      end
    end

    it "refuses what is not a registry" do
      expect { diff(nil, old) }
        .to raise_error(ArgumentError, "Each side must be a registry, a view, a catalog or a path, got nil")
    end
  end
end
