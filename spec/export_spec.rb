# frozen_string_literal: true

require "json"
require "tmpdir"
require_relative "spec_helper"
require_relative "support/random_documents"

RSpec.describe RubyLLM::Native::Export do
  def catalog_of(sheets)
    RubyLLM::Native::Catalog.merge(sheets.values)
  end

  # nil for an error's body, a page of another listing, and nonsense.
  def readable(slug, text, now)
    RubyLLM::Native.read_sheet(slug, text, now).first
  rescue RubyLLM::Native::SourceError
    nil
  end

  def expect_lossless(sheets)
    catalog = catalog_of(sheets)
    text = described_class.dump(catalog, sheets)
    loaded, loaded_sheets = described_class.load(text)

    expect(loaded.bytes).to eq(catalog.bytes)
    expect(loaded_sheets).to eq(sheets)
    expect(described_class.dump(loaded, loaded_sheets)).to eq(text)
    JSON.parse(text, max_nesting: false)
  end

  let(:sheets) do
    {"openai" => sheet(:openai, {data: [{id: "gpt-x", created: 1_700_000_000}, {id: "gpt-y"}]}),
     "models_dev" => sheet(:models_dev, {openai: {models: {"gpt-x" => {
       id: "gpt-x", name: "GPT X", knowledge: "2024-07", tool_call: true,
       reasoning: false, modalities: {input: %w[text image], output: %w[text]},
       limit: {context: 128_000},
       cost: {input: 0.08333333333333334, output: 2, tiers: [{input: 4, tier: {type: "context", size: 200_000}}]}
     }}}})}
  end

  describe "for random answers of every source" do
    # Counted, so that answers which no reader takes do not pass for a proof.
    20.times do |seed|
      it "gives back the bytes of the catalog and of each sheet (seed #{seed})" do
        documents = RandomDocuments.new(seed)
        sheets = documents.to_h.to_h { |slug, text| [slug, readable(slug, text, documents.time)] }.compact

        expect(sheets.size).to be >= 10
        parsed = expect_lossless(sheets)
        expect(parsed["catalog"]["models"].size).to be > 100
      end
    end
  end

  it "gives back the answers of sources that answer oddly" do
    sheets = Dir[File.expand_path("fixtures/*/*.json", __dir__)].sort.filter_map do |path|
      slug = File.basename(File.dirname(path))
      bytes = readable(slug, File.binread(path), Sheets::NOW)
      {slug => bytes} if bytes
    end

    expect(sheets.size).to be > 50
    sheets.each { |one| expect_lossless(one) }
  end

  it "gives back the recorded answers", :payloads do
    slugs = RubyLLM::Native::SOURCES.map { |source| source[:slug] } - ["litellm"] # there, its list of prices
    lists = Dir[File.join(Payloads::FOLDER, "**/*.json")].sort.reject { |path| path.end_with?("/usages.json") }
    recorded = lists.to_h do |path|
      folder = File.basename(File.dirname(path))
      [slugs.include?(folder) ? folder : File.basename(path, ".json"), path]
    end
    sheets = recorded.slice(*slugs).to_h { |slug, path| [slug, sheet(slug, File.binread(path))] }

    expect(sheets.keys).to include("openai", "openrouter", "bedrock", "models_dev", "published", "genai_prices")
    expect(expect_lossless(sheets)["catalog"]["models"].size).to be > 1500
  end

  it "keeps a sheet's stamp and the models that are gone" do
    file = JSON.generate([{id: "a", provider: "openai", unlisted_at: "2026-01-02T03:04:05Z"}])
    old = RubyLLM::Native.read_sheet("file", file, -5).first
    parsed = expect_lossless({"file" => old})

    expect(parsed["file"]["stamp"]).to eq("fetched_at" => -5)
    expect(parsed["catalog"]["models"])
      .to contain_exactly(include("standing" => "unlisted", "unlisted_at" => "2026-01-02T03:04:05Z"))
  end

  it "tells what is stated, with yes and no, steps, origins and precision, and nothing else" do
    parsed = JSON.parse(described_class.dump(catalog_of(sheets), sheets))
    model, bare = parsed["catalog"]["models"]

    expect(parsed.keys).to eq(%w[format catalog models_dev openai])
    expect(parsed["format"]).to eq("name" => "ruby_llm_native", "version" => 3)
    expect(model)
      .to include("knowledge_cutoff" => "2024-07", "context_window" => 128_000, "created_at" => "2023-11-14T22:13:20Z")
    expect(model["capabilities"]).to include("yes" => %w[function_calling vision], "no" => %w[reasoning video])
    expect(model["prices"].map { |price| price.values_at("meter", "amount", "threshold") }).to eq(
      [["input", "0.08333333333333334", nil], ["input", "4", 200_000], ["output", "2", nil]]
    )
    expect(model["origins"]).to include("created_at" => "openai", "pricing" => "models_dev")
    expect(bare.keys).to eq(%w[endpoints id name origins provider standing type])
  end

  it "is one line a fact, sorted" do
    lines = described_class.dump(catalog_of(sheets), sheets).lines.map(&:chomp)
    facts = lines.slice_after("      },").first.grep(/\A {8}"/).map { |line| line[/\w+/] }

    expect(facts).to eq(facts.sort).and include("id", "prices", "provider")
    expect(lines).to include('        "context_window": 128000,', '          "yes": ["function_calling", "vision"]')
  end

  it "does not depend on the order of the sheets" do
    catalog = catalog_of(sheets)

    expect(described_class.dump(catalog, sheets.to_a.reverse.to_h)).to eq(described_class.dump(catalog, sheets))
  end

  it "is UTF-8, and loads from text in any encoding that it is in" do
    named = {"ollama" => sheet(:ollama, {data: [{id: "modèle"}]})}
    text = described_class.dump(catalog_of(named), named)

    expect(text.encoding).to eq(Encoding::UTF_8)
    expect(described_class.load(text.b).first.model(0).id).to eq("modèle")
  end

  it "gives a frozen Hash of sheets and a catalog that is as good as a merged one" do
    catalog, loaded = described_class.load(described_class.dump(catalog_of(sheets), sheets))

    expect(loaded).to be_frozen
    expect(catalog.content_hash).to eq(catalog_of(loaded).content_hash)
    expect(RubyLLM::Native::View.new(catalog).find("gpt-x").price(:input, exact: true))
      .to eq(BigDecimal("0.08333333333333334"))
  end

  it "loads a file by its path" do
    Dir.mktmpdir do |folder|
      path = File.join(folder, "registry.json")
      File.write(path, described_class.dump(catalog_of(sheets), sheets))

      expect(described_class.load(path).last).to eq(sheets)
      expect(described_class.load(Pathname(path)).last).to eq(sheets)
    end
  end

  describe "what cannot be read" do
    it "is named with the file, the model, the fact and the byte" do
      Dir.mktmpdir do |folder|
        path = File.join(folder, "registry.json")
        text = described_class.dump(catalog_of(sheets), sheets)
        File.write(path, text.sub('"type": "chat"', '"type": "chats"'))

        found = /catalog: openai gpt-x: type: unknown value "chats" \(known: chat, /
        expect { described_class.load(path) }.to raise_error(
          RubyLLM::Native::Error, /\AThe registry file #{path} cannot be read: #{found}/
        )
        expect { described_class.load(File.read(path)) }.to raise_error(RubyLLM::Native::SourceError) { |error|
          expect(error).to have_attributes(status: :bad_shape, byte: text.index("\n      },\n") + 9)
        }
      end
    end

    it "is a file that is not there, one of the ruby_llm gem, and one that is cut" do
      Dir.mktmpdir do |folder|
        path = File.join(folder, "registry.json")

        expect { described_class.load(path) }
          .to raise_error(RubyLLM::Native::Error, /#{path} cannot be read: No such file/)
        File.write(path, "[]")
        expect { described_class.load(path) }
          .to raise_error(RubyLLM::Native::Error, /not an exported registry/)
        File.write(path, described_class.dump(catalog_of(sheets), sheets)[0..-5])
        expect { described_class.load(path) }.to raise_error(RubyLLM::Native::Error, /ended early/)
      end
    end

    it "is a sheet under another source's name, and bytes that are damaged" do
      catalog = catalog_of(sheets)

      expect { described_class.dump(catalog, {"xai" => sheets["openai"]}) }
        .to raise_error(RubyLLM::Native::CatalogError, /must belong to the source/)
      expect { described_class.dump(catalog, {"xai" => catalog.bytes}) }
        .to raise_error(RubyLLM::Native::CatalogError, /got a sheet as the catalog/)
      expect { described_class.dump(catalog, {"openai" => sheets["openai"][0..-2]}) }
        .to raise_error(RubyLLM::Native::CatalogError)
      expect { described_class.dump(catalog, nil) }.to raise_error(TypeError)
      lying = Class.new(Hash) { def to_a = 5 }.new.merge!(sheets)
      expect(RubyLLM::Native.export(catalog.bytes, lying)).to eq(RubyLLM::Native.export(catalog.bytes, sheets))
    end
  end
end
