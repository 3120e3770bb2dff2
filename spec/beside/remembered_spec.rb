# frozen_string_literal: true

require_relative "beside_helper"

# `find` and `[]` remember their answers. Nobody can tell but by the time they take: each example asks, changes
# something that the answer depends on, and asks again.
RSpec.describe "beside ruby_llm, answers that are remembered", unless: Beside.alone? do
  include_context "with providers"

  subject(:models) { RubyLLM.models }

  let(:list) { models.instance_variable_get(:@models) }
  let(:aliases) { Beside.one? ? RubyLLM::Aliases : RubyLLM::Models::Aliases }

  # No name is an alias here: remembered_aliases_spec.rb has those.
  around do |example|
    table = aliases.aliases
    aliases.instance_variable_set(:@aliases, {})
    example.run
    aliases.instance_variable_set(:@aliases, table)
  end

  # @return [Array(String, String), nil] id and provider of what is found, each time that it is asked for
  def found(id, provider = nil, models: RubyLLM.models, **options)
    entries = Array.new(3) { find_in(models, id, provider, **options) }
    expect(entries.uniq(&:__id__).size).to eq(1) unless block_given?
    entries.last && [entries.last.id, entries.last.provider]
  end

  def find_in(models, id, provider, **options)
    options.empty? ? models[id, provider: provider] : models.find(id, provider: provider, **options)
  end

  def message(id, provider = nil)
    models.find(id, provider: provider)
  rescue RubyLLM::ModelNotFoundError => e
    e.message
  end

  describe "the list" do
    it "is changed in place" do
      expect([found("mine"), found("mine", :ollama), found("mine", "ollama")]).to eq([nil] * 3)
      list << Beside.entry(id: "mine")
      expect([found("mine"), found("mine", :ollama), found("mine", "ollama")]).to eq([%w[mine ollama]] * 3)
      list.unshift(Beside.entry(id: "mine", provider: "openai"))
      expect([found("mine"), found("mine", :ollama)]).to eq([%w[mine openai], %w[mine ollama]])
      list.reject! { |entry| entry.id == "mine" && found("mine") }
      expect([found("mine"), found("mine", :ollama), found("mine", "ollama")]).to eq([nil] * 3)
    end

    it "is in the middle of a change" do
      list.unshift(mine = Beside.entry(id: "mine"))
      expect(found("mine")).to eq(%w[mine ollama])
      seen = nil
      list.map! do |entry|
        next Beside.entry(id: "mine", provider: "openai") if entry.equal?(mine)

        seen ||= found("mine")
        entry
      end
      expect(seen).to eq(%w[mine openai])
    end

    it "is replaced while it is searched" do
      before = list
      allow(models).to receive(:preferred_match).and_wrap_original do |original, *arguments|
        models.instance_variable_set(:@models, [])
        original.call(*arguments)
        Beside.entry(id: "gpt-4o")
      end
      expect(models.find("gpt-4o").provider).to eq("ollama")
      RSpec::Mocks.space.proxy_for(models).reset
      models.instance_variable_set(:@models, before)
      expect(found("gpt-4o")).to eq(%w[gpt-4o openai])
    end

    it "is replaced" do
      expect(found("gpt-4o")).to eq(%w[gpt-4o openai])
      [[], [Beside.entry(id: "gpt-4o")]].each do |entries|
        models.instance_variable_set(:@models, entries)
        models.instance_variable_set(:@model_index, nil)
        expect(found("gpt-4o")).to eq(entries.map { |entry| [entry.id, entry.provider] }.first)
      end
    end

    it "is loaded, or refreshed" do
      before = models.find("gpt-4o", provider: :openai)
      file = File.join(@folder, "other.json")
      File.write(file, JSON.generate([{id: "gpt-4o", provider: "ollama", name: "Mine"}]))
      models.load_from_json!(file)
      expect([found("gpt-4o"), found("gpt-4o", :openai), found("gpt-4.1")]).to eq([%w[gpt-4o ollama], nil, nil])
      models.refresh!
      expect(found("gpt-4.1", :openai)).to eq(%w[gpt-4.1 openai])
      expect(before.id).to eq("gpt-4o")
    end

    it "is copied, and then changed" do
      expect(found("mine")).to be_nil
      copy = models.dup
      copy.instance_variable_set(:@models, list.dup << Beside.entry(id: "mine"))
      expect([found("mine"), found("mine", models: copy), found("mine")]).to eq([nil, %w[mine ollama], nil])
      list << Beside.entry(id: "mine", provider: "openai")
      expect([found("mine"), found("mine", models: copy)]).to eq([%w[mine openai], %w[mine ollama]])
    end

    it "is changed, and then copied" do
      expect(found("mine")).to be_nil
      list << Beside.entry(id: "mine")
      copy = models.dup.tap { |other| other.instance_variable_set(:@models, list.dup) }
      expect([found("mine", models: copy), found("mine")]).to eq([%w[mine ollama]] * 2)
    end

    it "is frozen, or copied for another Ractor" do
      small = list.class.new([Beside.entry(id: "mine")])
      models.instance_variable_set(:@models, small)
      models.instance_variable_set(:@model_index, nil)
      expect(found("mine")).to eq(%w[mine ollama])
      expect(Ractor.make_shareable(small, copy: true).map(&:id)).to eq(%w[mine])
      small.freeze
      expect([found("mine"), found("none"), small.cache]).to eq([%w[mine ollama], nil, nil])
    end

    it "changes in one thread while others look" do
      ids = Array.new(50) { |number| "mine-#{number}" }
      stop = false
      readers = Array.new(3) { Thread.new { ids.each { |id| models[id] } until stop } }
      wrong = ids.reject do |id|
        list << Beside.entry(id: id)
        models[id]
      end
      stop = true
      readers.each(&:join)
      expect(wrong).to eq([])
    end
  end

  describe "aliases" do
    it "of ruby_llm are added, changed and removed in place" do
      expect(found("rapid")).to be_nil
      aliases.aliases["rapid"] = {"openai" => "gpt-4o"}
      expect([found("rapid"), found("rapid", :openai), found("rapid", :ollama)]).to eq([*[%w[gpt-4o openai]] * 2, nil])
      aliases.aliases["rapid"]["openai"] = "gpt-4.1"
      expect([found("rapid"), found("rapid", :openai)]).to eq([%w[gpt-4.1 openai]] * 2)
      aliases.aliases.delete("rapid")
      expect([found("rapid"), found("rapid", :openai)]).to eq([nil, nil])
    end

    it "of ruby_llm stand for a name that is also an id" do
      list << Beside.entry(id: "both")
      expect([found("both"), found("both", :openai)]).to eq([%w[both ollama], nil])
      aliases.aliases["both"] = {"openai" => "gpt-4o"}
      expect(found("both", :openai)).to eq(%w[gpt-4o openai])
      expect(found("both", :ollama)).to eq(%w[both ollama])
    end

    it "of the program's own are set and unset" do
      expect([found("gpt-4o"), found("rapid")]).to eq([%w[gpt-4o openai], nil])
      RubyLLM.config.model_aliases = {"rapid" => "gpt-4.1", "gpt-4o" => %w[gpt-4.1 openai]}
      expect([found("gpt-4o"), found("gpt-4.1"), found("rapid")].map(&:first)).to eq(["gpt-4.1"] * 3)
      RubyLLM.config.model_aliases = {"rapid" => "gpt-4o", "gpt-4o" => "gpt-4.1"}
      expect([found("rapid"), found("gpt-4o"), found("rapid")].map(&:first)).to eq(%w[gpt-4o gpt-4.1 gpt-4o])
      RubyLLM.config.model_aliases = {}
      expect([found("gpt-4o"), found("rapid")]).to eq([%w[gpt-4o openai], nil])
    end
  end

  describe "the provider" do
    let(:slug) { :of_this_spec }
    let(:choosy) { Class.new(RubyLLM::Provider) { def self.resolve_registry_id(*) = "other" } }

    after { RubyLLM::Provider.providers.delete(slug) }

    it "is registered, and has a say in its ids", if: Beside.v2? do
      list << Beside.entry(id: "mine", provider: slug.to_s) << Beside.entry(id: "other", provider: slug.to_s)
      plain = Class.new(RubyLLM::Provider)
      given = [nil, plain, choosy, plain, nil].map do |provider|
        provider ? RubyLLM::Provider.providers[slug] = provider : RubyLLM::Provider.providers.delete(slug)
        [found("mine", slug), found("mine", slug.to_s)].uniq
      end
      expect(given.map { |answers| answers.map(&:first) }).to eq([%w[mine], %w[mine], %w[other], %w[mine], %w[mine]])
    end

    it "is Bedrock, whose region changes" do
      profile = {id: "us.mine", provider: "bedrock", metadata: {inference_types: ["INFERENCE_PROFILE"]}}
      list << Beside.entry(id: "mine", provider: "bedrock") << Beside.entry(**profile)
      regions = [nil, "us-east-1", nil].map do |region|
        RubyLLM.config.bedrock_region = region
        found("mine", :bedrock).first
      end
      expect(regions).to eq(Beside.v2? ? %w[mine us.mine mine] : regions)
      expect(regions.values_at(0, 2)).to eq(%w[mine mine])
    end

    it "is Azure, whose deployments change", if: Beside.deployments? do
      deployments = [nil, {"mine" => "gpt-4o"}, {"mine" => "gpt-4.1"}, nil].map do |names|
        RubyLLM.config.azure_deployments = names
        models["mine", provider: :azure]&.name
      end
      expect(deployments.uniq.size).to eq(3)
      expect(deployments.values_at(0, 3)).to eq([nil, nil])
    end
  end

  it "are those of each kind of models" do
    own = Class.new(RubyLLM::Models) { def find_without_provider(id) = (id == "gpt-4o") ? @models.first : super }
    derived = own.new(list)
    derived.instance_variable_set(:@models, list)
    first = [list.first.id, list.first.provider]
    expect([found("gpt-4o"), found("gpt-4o", models: derived)]).to eq([%w[gpt-4o openai], first])
    expect([found("gpt-4o", models: derived), found("gpt-4o")]).to eq([first, %w[gpt-4o openai]])
  end

  it "raise the same error, with a fresh backtrace" do
    raised = Array.new(3) do
      models.find("none", provider: :openai)
    rescue RubyLLM::ModelNotFoundError => e
      e
    end
    expect(raised.uniq(&:__id__).size).to eq(3)
    expect(raised.map(&:message).uniq).to contain_exactly(a_string_including('"none" for provider: :openai'))
    expect([message("none"), message("none", "openai")]).to match(
      [a_string_matching(/"none"\. /), a_string_including('for provider: "openai"')]
    )
  end

  it "hold for a miss until a refresh is wanted" do
    models.instance_variable_get(:@models).reject! { |entry| entry.id == "gpt-4.1" }
    expect(found("gpt-4.1")).to be_nil
    RubyLLM.config.refresh_on_miss = true
    expect(found("gpt-4.1") { nil }).to eq(%w[gpt-4.1 openai])
  end

  it "do not take for a miss what ended otherwise" do
    raise RubyLLM::ModelNotFoundError, "before"
  rescue RubyLLM::ModelNotFoundError
    allow(models).to receive(:preferred_match).and_throw(:gone)
    catch(:gone) { models.find("gpt-4o") }
    RSpec::Mocks.space.proxy_for(models).reset
    expect(found("gpt-4o")).to eq(%w[gpt-4o openai])
  end

  it "find the same with any configuration, unless the provider asks it" do
    expect(found("gpt-4o", :openai, config: RubyLLM.config)).to eq(%w[gpt-4o openai])
    context = RubyLLM.context { |config| config.model_aliases = {"gpt-4o" => "gpt-4.1"} }
    context.models.refresh!
    expect([found("gpt-4o", models: context.models), found("gpt-4o")].map(&:first)).to eq(%w[gpt-4.1 gpt-4o])
  end
end
