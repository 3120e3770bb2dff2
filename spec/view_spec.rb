# frozen_string_literal: true

require "spec_helper"
require "pp"

RSpec.describe RubyLLM::Native::View do
  subject(:view) { described_class.new(catalog, preferences) }

  let(:preferences) { RubyLLM::Native::Preferences.new(configured: %w[openai]) }
  let(:catalog) { RubyLLM::Native::Catalog.merge(documents.map { |source, document| sheet(source, document) }) }

  # What each provider lists, and what models.dev states: by id [input, output, context window, prices, date of
  # release].
  let(:documents) do
    {
      openai: {data: [
        {id: "talk"}, {id: "talk-2025-06-01", created: 1_748_736_000}, {id: "text-embedding-3-small"}, {id: "whisper-1"}
      ]},
      anthropic: {data: [{id: "claude-see", display_name: "Claude See", created_at: "2025-09-29T00:00:00Z"}]},
      mistral: {data: [{
        id: "le-chat", max_context_length: 131_072,
        capabilities: {completion_chat: true, function_calling: true, vision: true}
      }]},
      models_dev: {
        openai: {models: models("talk" => {
          family: "gpt", tool_call: true,
          modalities: {input: %w[text image], output: %w[text]}, limit: {context: 400_000},
          cost: {input: 0.15, output: 0.6}, release_date: "2025-01-01"
        })},
        anthropic: {models: models(
          "claude-see" => {
            family: "claude", modalities: {input: %w[text image pdf], output: %w[text]},
            limit: {context: 200_000}, cost: {input: 3, output: 15}
          },
          "claude-less" => {
            family: "claude", modalities: {input: %w[text], output: %w[text]},
            limit: {context: 8192}, cost: {input: 0.375, output: 0.375}
          },
          "claude-half" => {family: "claude", cost: {input: 0.01}}
        )}
      }
    }
  end

  def models(entries)
    entries.to_h { |id, facts| [id, {id: id, name: id.capitalize, **facts}] }
  end

  # What a registry file says of a model that is gone.
  def with_gone
    gone = {id: "gone", provider: "gpustack", name: "Gone", unlisted_at: "2026-01-02 00:00:00 UTC"}
    file = [gone, {id: "here", provider: "gpustack", name: "Here"}]
    described_class.new(
      RubyLLM::Native::Catalog.merge([sheet(:file, file), sheet(:openai, documents[:openai])]), preferences
    )
  end

  describe "#where" do
    it "takes one or several providers, types and families, as Strings or Symbols" do
      expect(view.where(provider: :mistral).map(&:id)).to eq(%w[le-chat])
      expect(view.where(provider: ["mistral", :anthropic], type: "chat").map(&:id))
        .to eq(%w[claude-half claude-less claude-see le-chat])
      expect(view.where(type: %i[embedding transcription]).map(&:id)).to eq(%w[text-embedding-3-small whisper-1])
      expect(view.where(family: %w[claude gpt]).map(&:id)).to eq(%w[claude-half claude-less claude-see talk])
    end

    it "takes bounds, and unknown facts are within none" do
      # The context of talk-2025-06-01 is talk's: the ids are equivalent.
      expect(view.where(min_context: 200_001).map(&:id)).to eq(%w[talk talk-2025-06-01])
      expect(view.where(min_context: 200_000, family: %w[claude gpt]).map(&:id)).to eq(%w[claude-see talk])
      expect(view.where(max_input_price: 0.15).map(&:id)).to eq(%w[claude-half talk talk-2025-06-01])
      expect(view.where(max_input_price: BigDecimal("0.375"), provider: :anthropic).map(&:id))
        .to eq(%w[claude-half claude-less])
      expect(view.where(max_input_price: Rational(1, 100)).map(&:id)).to eq(%w[claude-half])
      expect(view.where(max_input_price: 0)).to be_empty
    end

    it "takes what goes in and what comes out" do
      expect(view.where(input: :image, output: %w[text]).map(&:id)).to eq(%w[claude-see le-chat talk])
      expect(view.where(input: %i[image pdf]).map(&:id)).to eq(%w[claude-see])
    end

    it "means all of it together, and nothing by nil" do
      criteria = {provider: nil, type: :chat, input: :image, max_input_price: 1, capabilities: [:function_calling]}
      expect(view.where(**criteria).map(&:id)).to eq(%w[talk])
      expect(view.where.map(&:id)).to eq(view.map(&:id))
      expect(view.where(provider: [])).to be_empty
    end

    it "lists what is known when a word is not" do
      expect { view.where(providers: :openai) }
        .to raise_error(ArgumentError, /\AUnknown criterion: providers \(known: provider, type, family, input/)
      expect { view.where(type: :chatt) }
        .to raise_error(ArgumentError, /\AUnknown type: :chatt \(known: chat, embedding, image, video/)
      expect { view.where(input: :images) }
        .to raise_error(ArgumentError, /\AUnknown modality: :images \(known: text, image/)
      expect { view.supporting(:tools) }
        .to raise_error(ArgumentError, /\AUnknown capability: :tools \(known: streaming, function_calling/)
    end

    it "refuses invalid bounds" do
      expect { view.where(min_context: "many") }
        .to raise_error(ArgumentError, 'min_context must be a whole number of tokens, got "many"')
      expect { view.where(min_context: 2**63) }.to raise_error(ArgumentError, /whole number of tokens/)
      expect { view.where(max_input_price: Float::NAN) }
        .to raise_error(ArgumentError, /US dollars per million tokens, got NaN/)
      expect { view.where(max_input_price: "1") }.to raise_error(ArgumentError, /got "1"/)
    end
  end

  describe "#supporting" do
    it "counts reading images as vision" do
      expect(view.supporting(:vision).map(&:id)).to eq(%w[claude-see le-chat talk])
      expect(view.supporting(:vision, "function_calling").map(&:id)).to eq(%w[le-chat talk])
      expect(view.supporting(%i[vision function_calling]).map(&:id)).to eq(%w[le-chat talk])
    end
  end

  describe "chains" do
    it "give the same in any order" do
      filters = [:chat_models, [:by_provider, :anthropic], [:supporting, :vision], [:by_family, "claude"]]
      ways = filters.permutation.map do |steps|
        steps.reduce(view) { |so_far, step| so_far.public_send(*step) }.map(&:id)
      end
      expect(ways.uniq).to eq([%w[claude-see]])
    end

    it "find only their own" do
      expect(view.by_provider(:anthropic)["talk"]).to be_nil
      expect(view.newest_first["claude-see"].provider).to eq("anthropic")
      expect { view.chat_models.find("whisper-1") }.to raise_error(RubyLLM::ModelNotFoundError)
    end

    it "keep the configured providers apart" do
      expect(view.configured.map(&:provider).uniq).to eq(%w[openai])
      expect(view_of(documents).configured).to be_empty
    end
  end

  describe "models that are gone" do
    it "are found, last of all, and shown only by #unlisted" do
      expect(with_gone.map(&:id)).not_to include("gone")
      expect(with_gone.find("gone")).to be_unlisted
      expect(with_gone.unlisted.map(&:id)).to eq(%w[gone])
      expect(with_gone.by_provider(:gpustack).unlisted.by_provider(:gpustack).all.map(&:id)).to eq(%w[gone])
      expect(with_gone.by_provider(:openai).unlisted).to be_empty
      expect(with_gone.listed["gone"]).to be_nil
    end
  end

  describe "orders" do
    it "put the newest first and unknown dates last" do
      expect(view.newest_first.map(&:id)).to eq(
        %w[claude-see talk-2025-06-01 talk claude-half claude-less le-chat text-embedding-3-small whisper-1]
      )
      expect(view.newest_first.by_provider(:openai).first(2).map(&:id)).to eq(%w[talk-2025-06-01 talk])
    end

    it "know the latest, or none if nobody states a date" do
      expect(view.latest.id).to eq("claude-see")
      expect(view.by_provider(:mistral).latest).to be_nil
      expect(view.where(provider: []).latest).to be_nil
    end

    it "know the cheapest of those with both prices known; ties by provider" do
      expect(view.chat_models.cheapest.id).to eq("talk")
      anthropic_alone = RubyLLM::Native::Preferences.new(configured: [:anthropic])
      expect(described_class.new(catalog, anthropic_alone).chat_models.cheapest.id).to eq("claude-less")
      expect(view.by_provider(:mistral).cheapest).to be_nil
    end
  end

  it "leaves out snapshots whose undated id is there" do
    expect(view.by_provider(:openai).without_snapshots.map(&:id)).to eq(%w[talk text-embedding-3-small whisper-1])
  end

  it "groups by provider" do
    groups = view.chat_models.group_by_provider
    expect(groups.transform_values { |group| group.map(&:id) }).to eq(
      "anthropic" => %w[claude-half claude-less claude-see],
      "mistral" => %w[le-chat], "openai" => %w[talk talk-2025-06-01]
    )
    expect(groups.values).to all(be_a(described_class))
  end

  it "gives options for Rails' selects" do
    expect(view.by_family("gpt").options_for_select).to eq([["OpenAI - Talk", "talk"]])
    expect(view.by_family("claude").where(input: :image).options_for_select(grouped: true))
      .to eq([["Anthropic", [["Claude See", "claude-see"]]]])
  end

  describe "in a console" do
    it "is a table" do
      expect(view.where(min_context: 200_000, family: %w[claude gpt]).inspect).to eq(
        <<~TABLE.chomp
          #<RubyLLM::Native::View 2 models
            provider   id          type  context  $ input  $ output
            anthropic  claude-see  chat  200,000      3.0      15.0
            openai     talk        chat  400,000     0.15       0.6>
        TABLE
      )
    end

    it "has at most twenty rows, and says how many more there are" do
      many = view_of(openai: {data: Array.new(23) { |number| {id: format("m-%02d", number)} }})
      expect(many.inspect.lines.size).to eq(23)
      expect(many.inspect).to end_with("  openai    m-19  chat\n  … and 3 more>")
      expect(many.pretty_inspect).to eq("#{many.inspect}\n")
    end

    it "is short without a model" do
      expect(view.where(provider: []).inspect).to eq("#<RubyLLM::Native::View 0 models>")
    end
  end

  describe "its cost" do
    let(:large) do
      RubyLLM::Native::Catalog.merge([sheet(:openai, {data: Array.new(2_000) { |number| {id: "m-#{number}"} }})])
    end

    def objects
      GC.disable
      before = GC.stat(:total_allocated_objects)
      yield
      GC.stat(:total_allocated_objects) - before
    ensure
      GC.enable
    end

    it "is a handful of objects for two thousand models, also filtered and counted" do
      bytes = large.bytes
      sizes = []
      used = objects do
        view = described_class.new(RubyLLM::Native::Catalog.load(bytes))
        sizes << view.chat_models.by_provider(:openai).count
      end
      expect(used).to be < 100
      expect(sizes).to eq([2_000])
    end

    it "is no message for a miss that is rescued" do
      many = described_class.new(large)
      expect(objects { expect_miss(many) }).to be < 200
    end

    def expect_miss(view)
      view.find("m-none")
    rescue RubyLLM::ModelNotFoundError
      nil
    end
  end

  describe "what comes in as members" do
    it "is refused when it is outside of the catalog" do
      expect { catalog.select([99].pack("L"), 1, {}) }.to raise_error(IndexError)
      expect { catalog.models("abc", 0) }.to raise_error(ArgumentError)
      expect { catalog.cheapest([0].pack("L"), 2, []) }.to raise_error(ArgumentError)
      expect { catalog.resolve("talk", nil, ["openai"] * 1025, nil, nil) }.to raise_error(ArgumentError, /providers/)
      expect { catalog.resolve("talk", nil, [:openai], nil, nil) }.to raise_error(TypeError)
    end

    it "is refused wherever a view that somebody made of it is used" do
      ["....", "...", [0, 99].pack("L*"), [0].pack("L"), "\0\0\0\0\0\0\0\0\0"].each do |members|
        forged = described_class.new(catalog, RubyLLM::Native::Preferences::DEFAULT, members, 3)
        [:to_a, :first, :latest, :cheapest, :newest_first, :chat_models, :inspect, :group_by_provider].each do |method|
          expect { forged.public_send(method) }
            .to raise_error(StandardError) { |error| expect(error).to be_a(ArgumentError).or be_a(IndexError) }
        end
      end
    end

    it "is refused when its count is not a number: converting it would run Ruby code" do
      members = [0].pack("L")
      shown = Object.new.tap do |number|
        # More members than there is room for.
        number.define_singleton_method(:to_int) { members.replace([0].pack("L") * 4_000_000) && 1 }
      end
      [
        -> { catalog.newest_first(members, shown) },
        -> { catalog.select(members, shown, {}) }, -> { catalog.models(members, shown) }
      ].each do |use|
        expect(&use).to raise_error(TypeError)
      end
      expect { catalog.models(members, -1) }.to raise_error(ArgumentError)
      expect { catalog.models(members, 2**70) }.to raise_error(TypeError)
      expect(members.bytesize).to eq(4)
    end

    it "stays what it was, whatever a block does to it" do
      members = [0, 1, 0].pack("L*")
      ids = []
      catalog.each_model(members, 3) { |model| ids << model.id && members.replace("") }
      expect(ids).to eq([0, 1, 0].map { |index| catalog.model(index).id })
      expect { catalog.each_model([0].pack("L"), 1) }.to raise_error(LocalJumpError)
    end
  end
end
