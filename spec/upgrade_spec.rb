# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/homes"

# What the version before has stored, written by it on a machine of this byte order.
RSpec.describe "a registry of the format before", if: [1].pack("S") == [1].pack("v") do
  let(:bytes) { File.binread(File.join(__dir__, "fixtures", "stored", "registry-v4.rlm")) }

  def facts(model)
    [model.provider, model.id, model.name, model.standing, model.endpoints, model.context_window,
      model.input_price_per_million, %i[name context_window pricing].map { |field| model.origin(field) }]
  end

  def loads?(copy)
    RubyLLM::Native::StoredFile.load(copy)
  rescue RubyLLM::Native::CatalogError
    false
  end

  before { expect(RubyLLM::Native::FORMAT_VERSION).to eq(5) }

  it "keeps each fact, its origin, and who lists it" do
    catalog, sheets, = RubyLLM::Native::StoredFile.load(bytes)

    expect(RubyLLM::Native::View.new(catalog).map { |model| facts(model) }).to eq([
      ["bedrock", "acme.sized-v1:0:20k", "Sized", :listed, [:bedrock], 20_000, nil, [:bedrock, :id, nil]],
      ["mistral", "new-2601", "new-2601", :listed, [:mistral], nil, nil, [:id, nil, nil]],
      ["mistral", "old-2401", "old-2401", :listed, [:mistral], 32_000, nil, [:id, :mistral, nil]],
      ["openai", "gpt-x", "GPT X", :listed, [:openai], 8000, 1.25, %i[models_dev models_dev models_dev]],
      ["openai", "gpt-x-2025-01-01", "gpt-x-2025-01-01", :listed, [:openai], 8000, 1.25, %i[id alias alias]],
      ["openrouter", "lab/a", "A", :listed, [:openrouter], nil, 0.08333333333333334, [:openrouter, nil, :openrouter]],
      ["openrouter", "lab/batched", "Batched", :catalogued, [], nil, 2.5, [:published, nil, :published]],
      ["xai", "grok-paints", "grok-paints", :listed, [:xai], nil, nil, [:id, nil, :xai]],
      ["xai", "grok-stt", "grok-stt", :catalogued, [], nil, nil, [:id, nil, nil]],
      ["xai", "grok-tts", "grok-tts", :catalogued, [], nil, nil, [:id, nil, nil]],
      ["xai", "grok-x", "grok-x", :listed, [:xai], nil, 3.0, [:id, nil, :xai]],
      ["xai", "grok-é", "Grok É", :catalogued, [], nil, 0.0, [:models_dev, nil, :models_dev]]
    ])
    heads = sheets.transform_values { |sheet| RubyLLM::Native.block_head(sheet).slice(:api, :provider, :count) }
    expect(heads).to eq(
      "bedrock" => {api: "bedrock", provider: "bedrock", count: 1},
      "mistral" => {api: "mistral", provider: "mistral", count: 2},
      "models_dev" => {api: "models_dev", provider: nil, count: 2},
      "openai" => {api: "openai", provider: "openai", count: 2},
      "openrouter" => {api: "openrouter", provider: "openrouter", count: 1},
      "published" => {api: "published", provider: nil, count: 1},
      "xai" => {api: "xai", provider: "xai", count: 4}
    )
  end

  def in_words(price)
    step = "above #{price.threshold}" if price.threshold
    tier = price.tier unless price.tier == :standard
    unit = "per #{price.unit}" unless price.unit == :million_tokens

    [price.meter, *tier, *step, price.amount.to_s("F"), *unit].join(" ")
  end

  # A threshold of xAI's was stored as one token less, above which the price holds.
  it "keeps each price, by the meter that its category and direction mean" do
    catalog, = RubyLLM::Native::StoredFile.load(bytes)
    prices = RubyLLM::Native::View.new(catalog).to_h do |model|
      [model.id, model.pricing.list.map { |price| in_words(price) }]
    end

    expect(prices.reject { |_id, list| list.empty? }).to eq(
      "gpt-x" => openai = [
        "input 1.25", "input above 200000 2.5", "output 10.0", "output above 200000 15.0", "cache_read 0.125"
      ],
      "gpt-x-2025-01-01" => openai,
      "lab/a" => [
        "input 0.08333333333333334", "output 0.0", "cache_read 0.5", "cache_write 1.0", "reasoning 9.0",
        "request 0.01 per request", "web_search 0.004 per request", "image_read 0.02 per image"
      ],
      "lab/batched" => [
        "input 2.5", "input batch 1.25", "output 10.0", "audio_input 40.0", "audio_output 80.0", "image_input 5.0",
        "embedding 0.02"
      ],
      "grok-paints" => ["image 0.07 per image"],
      "grok-x" => ["input 3.0", "input above 127999 6.0", "output 15.0"],
      "grok-é" => ["input 0.0"]
    )
  end

  it "has the one replacement of a model as its successor" do
    catalog, = RubyLLM::Native::StoredFile.load(bytes)
    lists = RubyLLM::Native::View.new(catalog).to_h { |model| [model.id, model.replacement_list] }

    expect(lists.delete("old-2401")).to eq(["successor new-2601"])
    expect(lists.values.uniq).to eq([[]])
  end

  it "has sheets whose merge is what this version would have made" do
    catalog, sheets, = RubyLLM::Native::StoredFile.load(bytes)
    merged = RubyLLM::Native::Catalog.merge(sheets.values)

    expect(RubyLLM::Native::View.new(merged).map { |model| facts(model) })
      .to eq(RubyLLM::Native::View.new(catalog).map { |model| facts(model) })
  end

  it "is refused where a byte is damaged or missing, whichever it is" do
    random = Random.new(4)
    damaged = Array.new(200) do
      bytes.dup.tap do |copy|
        position = random.rand(copy.bytesize)
        copy.setbyte(position, copy.getbyte(position) ^ (1 << random.rand(8)))
      end
    end
    cut = (1...bytes.bytesize).step(96).map { |length| bytes.byteslice(0, length) } # never between two blocks

    damaged.each do |copy|
      expect { RubyLLM::Native::StoredFile.load(copy) }.to raise_error(RubyLLM::Native::CatalogError)
    end
    expect(cut.count { |copy| loads?(copy) }).to eq(0)
  end

  describe "in a folder" do
    include_context "with a kept registry"

    it "is read once and stored anew, beside the old file" do
      old = File.join(folder, "registry-v4.rlm")
      File.binwrite(old, bytes)
      expect(kept_registry.find("gpt-x", provider: :openai).input_price_per_million).to eq(1.25)

      FileUtils.rm(old)
      expect(kept_registry.find("gpt-x", provider: :openai).endpoints).to eq([:openai])
    end
  end
end
