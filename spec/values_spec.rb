# frozen_string_literal: true

require "json"
require "open3"
require "yaml"
require_relative "spec_helper"
require "ruby_llm/native/persistence"

# What Ruby's own protocols give for each public value. Expected JSON is written out here, not taken from the values.
RSpec.describe "public values" do
  native = RubyLLM::Native

  documents = {
    mistral: {data: [
      {
        id: "talk", name: "Talk", capabilities: {completion_chat: true, function_calling: true, vision: true},
        max_context_length: 131_072
      },
      {id: "small", capabilities: {completion_chat: true}, max_context_length: 8192}
    ]},
    openrouter: {data: [
      {id: "a/b", name: "B", context_length: 4096, pricing: {prompt: "0.00000015", completion: "0.0000006"}}
    ]}
  }

  define_method(:view) do
    native::View.new(native::Catalog.merge(documents.map { |source, document| sheet(source, document) }))
  end

  def report(status = :refreshed, **facts)
    outcome = RubyLLM::Native::Outcome.new(source: :openai, status: status, count: 3, duration: 0.25, **facts)
    RubyLLM::Native::Report.new(started_at: Time.utc(2026, 1, 13, 9), duration: 0.5, outcomes: [outcome])
  end

  # Each is made again at every call: equal values that are not the same object.
  values = {
    "Model" => -> { view.find("a/b") },
    "View" => -> { view },
    "View in an order of its own" => -> { view.newest_first },
    "View of some" => -> { view.by_provider(:mistral).supporting(:vision) },
    "Catalog" => -> { view.catalog },
    "Modalities" => -> { view.find("talk").modalities },
    "Pricing" => -> { view.find("a/b").pricing },
    "PricingCategory" => -> { view.find("a/b").pricing.text_tokens },
    "PricingTier" => -> { view.find("a/b").pricing.text_tokens.standard },
    "Price" => -> { view.find("a/b").prices.first },
    "Cost" => -> { view.find("a/b").cost_for(input: 1_000, output: 10) },
    "Usage" => lambda do
      native::Usage.of({"usage" => {"prompt_tokens" => 9, "completion_tokens" => 4}, "service_tier" => "flex"})
    end,
    "Report" => -> { report },
    "Outcome" => -> { report(:failed, error: "HTTP 500", http_status: 500).first },
    "RegistrySource" => -> { native::RegistrySource.new(:file, "the registry file a.json", Time.utc(2026)) },
    "Preferences" => lambda do
      native::Preferences.new(configured: %w[mistral], region: "eu-west-1", aliases: {"fast" => ["talk", nil]})
    end,
    "Explanation" => -> { view.explain("talk") },
    "Diff" => -> { native.diff(native::Catalog.empty, view) },
    "SyncResult" => -> { native::Persistence::SyncResult.new(inserted: 2, report: report) }
  }

  values.each do |name, made|
    describe name do
      let(:value) { instance_exec(&made) }
      let(:twin) { instance_exec(&made) }

      it "is equal to another one that says the same, also as a key" do
        expect(value).to eq(twin)
        expect(value).to eql(twin)
        expect({value => 1}[twin]).to eq(1)
        expect(value).not_to eq(Object.new)
        expect([value.nil?, value == 1]).to eq([false, false])
      end

      it "is frozen, and its copies are equal" do
        expect(value).to be_frozen
        expect([value.dup, value.clone, value.clone(freeze: true)]).to all(eq(value))
      end

      it "comes back from Marshal" do
        back = Marshal.load(Marshal.dump(value))
        expect(back).to eq(value)
        expect(back.hash).to eq(value.hash)
        expect(back.inspect).to eq(value.inspect)
      end

      it "is JSON that a reader understands, also within other values" do
        expect(JSON.parse(JSON.generate([value])).first).to eq(JSON.parse(value.to_json))
        expect(value.to_json).not_to match(/#<|0x/)
        expect(JSON.generate(value.as_json)).to eq(value.to_json)
      end

      it "answers patterns" do
        facts = value.is_a?(Struct) ? value.members : value.class::FACTS
        expect(value.deconstruct_keys(nil).keys).to eq(facts)
        expect(value.deconstruct_keys([facts.last, :unknown])).to eq(facts.last => value.public_send(facts.last))
      end
    end
  end

  it "differ when what they say differs" do
    expect(view.find("talk")).not_to eq(view.find("small"))
    expect(view).not_to eq(view.by_provider(:mistral))
    expect(view.newest_first.sort).not_to eq(view.newest_first)
    expect(view.find("a/b").pricing).not_to eq(view.find("talk").pricing)
    expect(report).not_to eq(report(:failed, error: "HTTP 500"))
    expect(native::Preferences.new(region: "eu-west-1")).not_to eq(native::Preferences::DEFAULT)
    expect(view.explain("talk")).not_to eq(view.explain("small"))
  end

  it "keep their order, their members and their preferences in Marshal" do
    preferences = native::Preferences.new(aliases: {"quick" => ["talk", nil]})
    chosen = native::View.new(view.catalog, preferences).by_provider(:mistral).newest_first
    back = Marshal.load(Marshal.dump(chosen))
    expect(back.map(&:id)).to eq(chosen.map(&:id))
    expect(back.find("quick").context_window).to eq(131_072)
    expect(back["a/b"]).to be_nil
    expect(Marshal.dump(view.by_provider(:openrouter)).bytesize).to be < Marshal.dump(view).bytesize
  end

  it "remember in Marshal where a fact is from, and the models that are gone" do
    file = [
      {id: "gone", provider: "gpustack", name: "Gone", unlisted_at: "2026-01-02 00:00:00 UTC"},
      {id: "here", provider: "gpustack", name: "Here"}
    ]
    back = Marshal.load(Marshal.dump(view_of(file: file).by_provider(:gpustack)))
    expect([back.map(&:id), back.unlisted.map(&:id), back.find("gone").unlisted_at])
      .to eq([%w[here], %w[gone], Time.utc(2026, 1, 2)])
    expect(Marshal.load(Marshal.dump(view.find("talk"))).origin(:context_window)).to eq(:mistral)
  end

  it "are refused by Marshal when their bytes are damaged" do
    bytes = Marshal.dump(view.find("talk"))
    expect { Marshal.load(bytes.sub("talk", "tall")) }.to raise_error(native::CatalogError)
    expect { Marshal.dump(RubyLLM.models) }
      .to raise_error(TypeError, /A registry cannot be marshalled. Marshal its view/)
  end

  it "sort by provider and id" do
    expect(view.sort_by(&:id).sort.map(&:id)).to eq(%w[small talk a/b])
    expect(view.find("talk") <=> 1).to be_nil
  end

  it "match patterns" do
    view.find("talk") => {provider: "mistral", context_window: 100_000.. => context, type: :chat | :image}
    view.by_provider(:mistral) => [first, *]
    report(:failed, http_status: 401)[:openai] => {status: :failed, http_status: 401 | 403 => refused}
    report => [{source: :openai, count: Integer => count}]
    expect([context, first.id, refused, count]).to eq([131_072, "small", 401, 3])
    expect { report => [{status: :failed}] }.to raise_error(NoMatchingPatternError)
  end

  it "are one line each in a console" do
    model = view.find("a/b")
    expect(model.pricing.inspect)
      .to eq("#<RubyLLM::Native::Pricing text_tokens: $0.15 input, $0.6 output per million tokens>")
    expect(view.find("talk").pricing.inspect).to eq("#<RubyLLM::Native::Pricing unknown>")
    expect(model.cost_for(input: 1_000_000, output: 1_000_000).inspect)
      .to eq("#<RubyLLM::Native::Cost $0.75: $0.15 input, $0.6 output>")
    expect(view.find("talk").cost_for(input: 1).inspect).to eq("#<RubyLLM::Native::Cost unknown: unknown input>")
    expect(view.find("talk").modalities.inspect).to eq("#<RubyLLM::Native::Modalities text, image -> text>")
  end

  it "are plain mappings in YAML" do
    expect(YAML.safe_load(YAML.dump(view.find("small"))))
      .to include("id" => "small", "provider" => "mistral", "context_window" => 8192)
    expect(YAML.safe_load(YAML.dump(view)).map { |model| model["id"] }).to eq(%w[small talk a/b])
  end

  it "keep some facts for JSON, or leave some out" do
    expect(view.find("talk").as_json(only: "id")).to eq("id" => "talk")
    expect(view.as_json(only: %i[id provider]).last).to eq("id" => "a/b", "provider" => "openrouter")
    expect(view.find("talk").as_json(except: [:metadata, "pricing"]).keys & %w[metadata pricing id]).to eq(%w[id])
  end

  # In a process of its own: ActiveSupport changes JSON for all.
  it "are the same JSON with ActiveSupport" do
    script = <<~RUBY
      require "active_support"
      require "active_support/core_ext/object/json"
      require "ruby_llm_native"
      pricing = {prompt: "0.00000015", completion: "0"}
      listing = {data: [{id: "m", name: "M", context_length: 4096, created: 1736762400, pricing: pricing}]}
      sheet = RubyLLM::Native.read_sheet("openrouter", JSON.generate(listing), 1).first
      catalog = RubyLLM::Native::Catalog.merge([sheet])
      view = RubyLLM::Native::View.new(catalog)
      puts view.to_json, view.to_json(only: %i[id name]), {model: view.first}.to_json,
        view.first.prices.to_json, JSON.generate(view.first)
    RUBY
    out, err, status = Open3.capture3("ruby", "-Ilib", "-e", script)
    expect(status).to be_success, err
    all, some, inside, prices, plain = out.lines.map { |line| JSON.parse(line) }
    expect(all.first).to include("id" => "m", "created_at" => "2025-01-13T10:00:00Z", "context_window" => 4096,
      "pricing" => {"text_tokens" => {"standard" => {"input_per_million" => 0.15, "output_per_million" => 0.0}}})
    expect(some).to eq([{"id" => "m", "name" => "M"}])
    expect([inside["model"], plain]).to eq([all.first] * 2)
    expect(prices.first).to include("meter" => "input", "amount" => "0.15")
  end
end
