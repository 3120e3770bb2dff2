# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/homes"

# `find` and `[]` remember their answers. Nobody can tell but by the time they take.
RSpec.describe "answers that a registry remembers" do
  include_context "with a kept registry"

  let(:ids) { %w[one two three four] }
  let(:names) { [*ids, :one, "fast", "none"] }
  let(:providers) { [nil, :openai, "anthropic"] }

  def answer(*chosen)
    json({data: chosen.map { |id| {id: id} }})
  end

  # @param chosen [Array<String>] the ids that OpenAI then lists
  def list(*chosen, registry: self.registry)
    server.on("openai", answer(*chosen))
    registry.refresh!(only: :openai)
  end

  # @return [String] the path of a registry file
  def registry_file(entries)
    path = File.join(folder, "models.json")
    entries = entries.map { |provider, id, name| {id: id, provider: provider, name: name} }
    path.tap { File.write(path, JSON.generate(entries)) }
  end

  def load_entries(*entries, into: registry)
    into.load_from_json(registry_file(entries))
  end

  # What a view answers that has answered nothing yet.
  def fresh_answer(name, provider)
    preferences = RubyLLM::Native::Preferences.of(config)
    RubyLLM::Native::View.new(registry.catalog, preferences)[name, provider: provider]
  end

  def found(name, provider)
    registry.find(name, provider: provider)
  rescue RubyLLM::ModelNotFoundError
    nil
  end

  describe "with whatever happens in between" do
    let(:events) { %i[configure rename refresh load import other_process forget retouch] }

    def subset(random)
      ids.sample(1 + random.rand(ids.size), random: random)
    end

    def configure(random) = config.anthropic_api_key = [nil, "key"].sample(random: random)

    def rename(random) = config.model_aliases = {"fast" => names.sample(random: random)}

    def retouch(_random) = config.refresh_timeout = 60

    def forget(_random) = registry.forget!

    def refresh(random) = list(*subset(random))

    def other_process(random)
      list(*subset(random), registry: kept_registry)
      registry.catch_up(force: true) unless config.registry_check_interval
    end

    def load(random)
      entries = %w[openai anthropic ollama].product(subset(random))
      load_entries(*entries.sample(5, random: random).map { |entry| [*entry, "Name #{random.rand(3)}"] })
    end

    def import(random)
      other = RubyLLM::Native::Registry.new { config }
      load_entries(["anthropic", ids.sample(random: random), "Imported"], into: other)
      registry.import_json(other.export_json)
    end

    # The first is computed, the others are remembered.
    def expect_fresh_answers(step)
      registry.view # takes in what another process has stored
      names.product(providers).each do |name, provider|
        answers = [registry[name, provider: provider], found(name, provider), registry[name, provider: provider]]
        expect(answers).to eq([fresh_answer(name, provider)] * 3), "#{step}: #{name.inspect} at #{provider.inspect}"
      end
    end

    # The store is checked by each lookup, or only when that is asked for.
    [1e-9, nil].product([0, 1, 2]).each do |interval, seed|
      it "are those of a new view, with seed #{seed} and #{interval ? "a" : "no"} check of the store at each lookup" do
        config.registry_check_interval = interval
        random = Random.new(seed)
        40.times do |number|
          event = events.sample(random: random)
          send(event, random)
          expect_fresh_answers("#{number}, #{event}")
        end
      end
    end

    it "are those of the models that another process has stored, at the first lookup after it" do
      config.registry_check_interval = 1e-9
      list("one")
      expect([registry["one"], registry["two"]].map { |model| model&.id }).to eq(["one", nil])
      list("one", "two", registry: kept_registry)
      expect(registry["two"].id).to eq("two")
    end
  end

  describe "and the program's own strings" do
    before { load_entries(%w[openai one One], %w[openai two Two]) }

    it "do not change with a String that was the name" do
      name = +"one"
      provider = +"openai"
      registry.find(name, provider: provider)
      name.replace("two")
      provider.replace("ollama")
      expect(registry.find("one", provider: "openai").id).to eq("one")
      expect(found("two", "ollama")).to be_nil
    end

    it "do not change with a String of a class of its own" do
      name = Class.new(String).new("one")
      registry.find(name)
      name.replace("two")
      20.times { |number| registry["none-#{number}"] } # a Hash that grows hashes its keys again
      expect([registry.find(name), registry.find("one"), registry.find("two")].map(&:id)).to eq(%w[two one two])
    end

    it "are the same object, and a miss is not an answer to a name that is there later" do
      expect(registry.find("one")).to equal(registry.find(:one.to_s))
      expect(registry["three"]).to be_nil
      load_entries(%w[openai three Three])
      expect(registry["three"].id).to eq("three")
    end

    it "take any object for a name, as a view does" do
      named = Struct.new(:to_s).new("two")
      expect([registry[named].id, registry[nil], registry[:one].id]).to eq(["two", nil, "one"])
    end
  end

  it "are those by the configuration that is in force, though another one has the same version" do
    plain, renamed = %w[one two].map do |id|
      RubyLLM::Native::Configuration.new.tap { |settings| settings.model_aliases = {"fast" => id} }
    end
    current = plain
    registry = load_entries(%w[openai one One], %w[openai two Two], into: RubyLLM::Native::Registry.new { current })
    expect(registry["fast"].id).to eq("one")
    current = renamed
    expect(plain.version).to eq(renamed.version)
    expect(registry["fast"].id).to eq("two")
  end

  it "are also the parts of the models that are asked for without arguments" do
    parts = %i[chat_models embedding_models audio_models image_models listed unlisted configured newest_first
      without_snapshots]
    load_entries(%w[openai one One], %w[openai text-embedding-3-small Embedding])
    before = parts.to_h { |name| [name, registry.public_send(name)] }

    expect(before).to eq(parts.to_h { |name| [name, registry.view.public_send(name)] })
    expect(parts.map { |name| registry.public_send(name) }).to match(before.values.map { |part| equal(part) })
    load_entries(%w[openai two Two])
    expect([before[:chat_models].map(&:id), registry.chat_models.map(&:id)]).to eq([%w[one], %w[two]])
    expect { registry.chat_models(1) }.to raise_error(ArgumentError)
  end

  describe "in number" do
    before { load_entries(%w[openai one One]) }

    def remembered
      registry.send(:current).answers.sum { |_, answers| answers.size }
    end

    it "are at most 5,000, whatever is asked for" do
      12_345.times { |number| registry["none-#{number}", provider: "provider-#{number % 100}"] }
      expect(remembered).to be_between(1, 5_000)
      expect(registry["one"].id).to eq("one")
    end

    it "are not those to long names" do
      registry["none" * 51]
      registry["one", provider: "none" * 51]
      expect(remembered).to eq(0)
    end
  end

  describe "while the models change" do
    let!(:second) { load_entries(%w[openai one second]).checkpoint }
    let!(:first) { load_entries(%w[openai one first]).checkpoint }

    it "are never those of the models that a lookup began with" do
      changes = [second]
      in_the_middle = TracePoint.new(:return) do |point|
        next unless point.method_id == :[] && point.self.is_a?(RubyLLM::Native::View)

        changes.shift&.then { |contents| registry.restore(contents).view }
      end
      expect(in_the_middle.enable { registry.find("one").name }).to eq("first")
      expect(registry.find("one").name).to eq("second")
    end

    it "are always those of the current models, whichever threads ask" do
      done = false
      readers = Array.new(3) { Thread.new { Thread.pass while registry.find("one") && !done } }
      500.times do |turn|
        name, contents = [["first", first], ["second", second]][turn % 2]
        registry.restore(contents)
        expect(registry.find("one").name).to eq(name)
      end
    ensure
      done = true
      readers&.each(&:join)
    end
  end

  it "are a forked process's own from then on" do
    load_entries(%w[openai one One], %w[openai two Two])
    config.model_aliases = {"fast" => "one"}
    read, write = IO.pipe
    before = registry.find("fast").id
    pid = fork do
      config.model_aliases = {"fast" => "two"}
      write << [registry.find("fast").id, registry.find("one").id].join(" ")
      exit!(0)
    end
    write.close
    expect([before, read.read, registry.find("fast").id]).to eq(["one", "two one", "one"])
  ensure
    Process.wait(pid) if pid
  end

  it "refresh after a miss when the program wants that, remembered or not" do
    config.refresh_on_miss_interval = 1e-9
    list("one")
    expect(found("two", nil)).to be_nil
    server.on("openai", answer("one", "two"))
    expect(found("two", nil)).to be_nil
    config.refresh_on_miss = true
    expect(found("two", nil).id).to eq("two")
  end

  it "build no suggestions for a miss that is rescued" do
    load_entries(%w[openai one One])
    expect(RubyLLM::Native.const_get(:Suggestions)).not_to receive(:nearest)
    expect { registry.find("ones") }.to raise_error(RubyLLM::Native::ModelNotFoundError) { |error|
      expect(error.instance_variable_get(:@suggestions)).to be_nil
    }
  end
end
