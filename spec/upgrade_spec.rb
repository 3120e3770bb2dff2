# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/homes"

# What the version before has stored, written by it on a machine of this byte order.
RSpec.describe "a registry of the format before", if: [1].pack("S") == [1].pack("v") do
  let(:bytes) { File.binread(File.join(__dir__, "fixtures", "stored", "registry-v3.rlm")) }

  def facts(model)
    [model.provider, model.id, model.name, model.standing, model.endpoints, model.context_window,
      model.input_price_per_million, %i[name context_window pricing].map { |field| model.origin(field) }]
  end

  def loads?(copy)
    RubyLLM::Native::StoredFile.load(copy)
  rescue RubyLLM::Native::CatalogError
    false
  end

  before { expect(RubyLLM::Native::FORMAT_VERSION).to eq(4) }

  it "keeps each fact, its origin, and who lists it" do
    catalog, sheets, = RubyLLM::Native::StoredFile.load(bytes)

    expect(RubyLLM::Native::View.new(catalog).map { |model| facts(model) }).to eq([
      ["bedrock", "acme.sized-v1:0:20k", "Sized", :listed, [:bedrock], 20_000, nil, [:bedrock, :id, nil]],
      ["openai", "gpt-x", "GPT X", :listed, [:openai], 8000, 1.25, %i[models_dev models_dev models_dev]],
      ["openai", "gpt-x-2025-01-01", "gpt-x-2025-01-01", :listed, [:openai], 8000, 1.25, %i[id alias alias]],
      ["xai", "grok-é", "Grok É", :catalogued, [], nil, 0.0, [:models_dev, nil, :models_dev]]
    ])
    heads = sheets.transform_values { |sheet| RubyLLM::Native.block_head(sheet).slice(:api, :provider, :count) }
    expect(heads).to eq(
      "bedrock" => {api: "bedrock", provider: "bedrock", count: 1},
      "models_dev" => {api: "models_dev", provider: nil, count: 2},
      "openai" => {api: "openai", provider: "openai", count: 2}
    )
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
    cut = (1...bytes.bytesize).step(97).map { |length| bytes.byteslice(0, length) }

    damaged.each do |copy|
      expect { RubyLLM::Native::StoredFile.load(copy) }.to raise_error(RubyLLM::Native::CatalogError)
    end
    expect(cut.count { |copy| loads?(copy) }).to eq(0)
  end

  describe "in a folder" do
    include_context "with a kept registry"

    it "is read once and stored anew, beside the old file" do
      old = File.join(folder, "registry-v3.rlm")
      File.binwrite(old, bytes)
      expect(kept_registry.find("gpt-x", provider: :openai).input_price_per_million).to eq(1.25)

      FileUtils.rm(old)
      expect(kept_registry.find("gpt-x", provider: :openai).endpoints).to eq([:openai])
    end
  end
end
