# frozen_string_literal: true

require_relative "beside_helper"

# What an alias of ruby_llm's finds is remembered, too, with the id for which it stood. Each example asks, changes
# something, and asks again; ruby_llm's own methods, which remember nothing, say what is right.
RSpec.describe "beside ruby_llm, remembered answers of aliases", unless: Beside.alone? do
  include_context "with providers"

  let(:list) { models.instance_variable_get(:@models) }
  let(:aliases) { Beside.one? ? RubyLLM::Aliases : RubyLLM::Models::Aliases }
  let(:names) { aliases.aliases }

  around do |example|
    table = aliases.aliases
    aliases.instance_variable_set(:@aliases, {
      "rapid" => {"openai" => +"gpt-4.1", "ollama" => +"mine"}, "gpt-4o" => {"openai" => +"gpt-4o", "ollama" => "mine"}
    })
    example.run
    aliases.instance_variable_set(:@aliases, table)
  end

  before { list << Beside.entry(id: "mine") << Beside.entry(id: "other") << Beside.entry(id: "gpt-4.1") }

  def models = RubyLLM.models
  def described(found) = found && [found.id, found.provider]

  # As ruby_llm finds it.
  def plain(id, provider)
    name = provider ? :find_with_provider : :find_without_provider
    own = :"#{name}_of_ruby_llm"
    described(models.send(models.respond_to?(own, true) ? own : name, id, *provider))
  rescue RubyLLM::ModelNotFoundError
    nil
  end

  def expect_ruby_llms_answers
    ["rapid", "gpt-4o", "gpt-4.1", "mine", "none", :rapid].product([nil, :openai, "openai", "ollama"]) do |name|
      found = Array.new(3) { described(models[name.first, provider: name.last]) }
      expect([name, *found]).to eq([name, *[plain(*name)] * 3])
    end
  end

  def self.it_follows(what, **conditions, &change)
    it "follow #{what}", **conditions do
      expect_ruby_llms_answers
      instance_exec(&change)
      expect_ruby_llms_answers
    end
  end

  it "are what ruby_llm finds" do
    found = [plain("rapid", nil), plain("rapid", :openai), plain("rapid", "ollama"), plain("gpt-4o", nil)]
    expect(found).to eq([%w[gpt-4.1 openai], %w[gpt-4.1 openai], %w[mine ollama], %w[gpt-4o openai]])
    expect_ruby_llms_answers
  end

  it "are found once" do
    names = [["rapid", nil], ["rapid", :openai], ["gpt-4o", nil], ["gpt-4o", "ollama"]]
    first = names.map { |id, provider| models.find(id, provider: provider) }
    allow(models).to receive_messages(find_without_provider: nil, find_with_provider: nil)
    expect(names.map { |id, provider| models.find(id, provider: provider) }).to eq(first)
    expect(models).not_to have_received(:find_without_provider)
    expect(models).not_to have_received(:find_with_provider)
  end

  describe "the table" do
    it_follows("a name that is added") { names["none"] = {"openai" => "gpt-4o"} }
    it_follows("a name that is replaced") { names["rapid"] = {"ollama" => "other"} }
    it_follows("a name that is removed") { names.delete("rapid") }
    it_follows("a name that is set to nothing") { names["rapid"] = nil }
    it_follows("names of themselves") { names.merge!("mine" => {"ollama" => "mine"}, "none" => {"x" => "none"}) }
    it_follows("one that is empty") { names.clear }
    it_follows("a default") { names.default = {"openai" => "gpt-4o"} }
    it_follows("a default block") { names.default_proc = ->(_, id) { {"openai" => "gpt-4o"} if id == "none" } }
    it_follows("one that compares objects") { names.compare_by_identity }
    it_follows("another one") { aliases.instance_variable_set(:@aliases, {"rapid" => {"openai" => "gpt-4o"}}) }
    it_follows("that of the file") { aliases.public_send(Beside.one? ? :reload! : :reload) }

    it_follows("a method of its own") do
      def names.default(id = nil) = (id == "none") ? {"openai" => "gpt-4o"} : super
    end

    it_follows("one of another class") do
      fallible = Class.new(Hash) { def [](id) = super || ((id == "none") ? {"openai" => "gpt-4o"} : nil) }
      aliases.instance_variable_set(:@aliases, fallible.new.merge!(names))
    end

    it_follows("a stub of it") { allow(aliases).to receive(:aliases).and_return("rapid" => {"openai" => "gpt-4o"}) }
  end

  describe "a name" do
    it_follows("another id") { names["rapid"]["openai"] = "gpt-4o" }
    it_follows("an id that is changed in place") { names["rapid"]["openai"].replace("gpt-4o") }
    it_follows("an id that becomes longer") { names["rapid"]["openai"] << "-mini" }
    it_follows("an id that becomes another one of its length") { names["rapid"]["openai"].tr!("1", "o") }
    it_follows("an id of its own that is changed in place") { names["gpt-4o"]["openai"].replace("gpt-4.1") }
    it_follows("a provider that comes first now") { names["rapid"]["openai"] = names["rapid"].delete("openai") }
    it_follows("a provider that is added") { names["gpt-4o"]["openai"] = "gpt-4.1" }
    it_follows("a provider that is removed") { names["rapid"].shift }
    it_follows("a provider without an id") { names["rapid"]["openai"] = nil }
    it_follows("no provider") { names["rapid"].clear }
    it_follows("a default id") { names["rapid"].default = "gpt-4o" }
    it_follows("an id that is a Symbol") { names["rapid"]["openai"] = :mine }

    it_follows("providers of another class") do
      all_the_same = Class.new(Hash) do
        def values = ["other"]
        def [](_) = "gpt-4o"
      end
      names["rapid"] = all_the_same.new.merge!(names["rapid"])
    end

    it "fails as in ruby_llm where there is no Hash of providers" do
      expect_ruby_llms_answers
      names["rapid"] = ["gpt-4o"]
      expect { models.find("rapid") }.to raise_error(NoMethodError, /values/)
    end
  end

  describe "the list" do
    it_follows("an entry of the name") { list << Beside.entry(id: "rapid") }
    it_follows("an entry of the provider that comes first") { list << Beside.entry(id: "rapid", provider: "openai") }
    it_follows("an entry that goes") { list.reject! { |entry| entry.id == "gpt-4.1" } }
    it_follows("another list") { models.instance_variable_set(:@models, list.class.new([Beside.entry(id: "gpt-4.1")])) }
    it_follows("a list of ruby_llm's") { models.replace_native([Beside.entry(id: "gpt-4.1")]) }
    it_follows("a refresh") { models.refresh! }

    it_follows("the registry's, loaded by itself") do
      file = File.join(@folder, "other.json")
      File.write(file, JSON.generate([{id: "gpt-4.1", provider: "ollama", name: "Mine"}]))
      RubyLLM::Native.registry.load_from_json(file)
    end
  end

  it "follow the program's own aliases, and their end" do
    given = [{}, {"rapid" => "gpt-4o"}, {"rapid" => %w[mine ollama]}, {}].map do |own|
      RubyLLM.config.model_aliases = own
      Array.new(2) { described(models["rapid"]) }.uniq
    end
    expect(given).to eq([[%w[gpt-4.1 openai]], [%w[gpt-4o openai]], [%w[mine ollama]], [%w[gpt-4.1 openai]]])
  end

  it "follow another configuration, and one that is a stand-in" do
    expect(described(models["rapid"])).to eq(%w[gpt-4.1 openai])
    other = RubyLLM.config.dup.tap { |config| config.model_aliases = {"rapid" => "gpt-4o"} }
    stand_in = Struct.new(:model_aliases).new({"rapid" => "other"})
    given = [other, stand_in].map do |config|
      allow(RubyLLM).to receive(:config).and_return(config)
      Array.new(2) { described(models["rapid"]) }.uniq
    end
    expect(given).to eq([[%w[gpt-4o openai]], [%w[other ollama]]])
  end

  it "do not hold for a name that the caller changes afterwards" do
    name = +"rapid"
    expect(described(models[name])).to eq(%w[gpt-4.1 openai])
    expect(described(models[name.replace("gpt-4o")])).to eq(%w[gpt-4o openai])
    expect(described(models["rapid"])).to eq(%w[gpt-4.1 openai])
  end

  it "are not remembered when the name stood for something else meanwhile" do
    allow(models).to receive(:preferred_match).and_wrap_original do |original, *arguments|
      names["rapid"]["openai"] = "gpt-4o"
      original.call(*arguments)
    end
    models.find("rapid")
    RSpec::Mocks.space.proxy_for(models).reset
    expect_ruby_llms_answers
    names["rapid"]["openai"] = "gpt-4.1"
    expect_ruby_llms_answers
  end

  it "are right for each thread that has changed them" do
    ids = %w[gpt-4o gpt-4.1 mine other]
    stop = false
    readers = Array.new(3) { Thread.new { models["rapid"] until stop } }
    wrong = Array.new(2_000) { |number| ids[number % ids.size] }.reject do |id|
      names["rapid"] = {"openai" => id}
      models["rapid"].id == id
    end
    stop = true
    readers.each(&:join)
    expect(wrong).to eq([])
  end
end
