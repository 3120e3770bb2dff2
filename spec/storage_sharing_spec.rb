# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/homes"

# A stored registry that several processes use, and stores that a program brings itself.
RSpec.describe "a registry that is shared" do
  include_context "with a kept registry"

  describe "in a store of one's own" do
    let(:store) do
      Class.new do
        attr_reader :description, :writes

        def initialize
          @description = "a Hash"
          @writes = 0
        end

        def read = @bytes

        attr_reader :stamp

        def write(bytes, stamp)
          @writes += 1
          @bytes = bytes
          @stamp = stamp
        end
      end.new
    end

    before { config.catalog_store = store }

    it "is read and written through its four methods" do
      registry.refresh!
      later = kept_registry

      expect(facts(later)).to eq(facts(registry))
      expect(later.source.to_s).to match(/\Aa Hash, \d seconds? old\z/)
      expect(Dir.children(folder)).to be_empty
    end

    it "writes nothing when nothing is new" do
      registry.refresh!(only: :models_dev)
      expect { kept_registry.refresh!(only: :models_dev) }.not_to(change { store.writes })
    end

    it "keeps what a refresh brought that could not be stored, until somebody stores something newer" do
      registry.refresh!(only: :models_dev)
      earlier = store.read
      def store.write(*) = raise(IOError, "the disk is full")
      config.logger = Logger.new(StringIO.new)
      registry.refresh!(only: :openai)
      brought = facts(registry)

      expect(registry.catch_up(force: true)).to be(false)
      expect(facts(registry)).to eq(brought)
      store.singleton_class.remove_method(:write)
      store.write(earlier, "#{(Time.now + 1).utc.iso8601(6)} newer")
      expect(registry.catch_up(force: true)).to be(true)
    end

    it "continues in memory when the store raises, and says so: once for reading, each time for writing" do
      def store.write(*) = raise(IOError, "the disk is on fire")
      def store.read = raise(IOError, "still burning")

      expect(registry.refresh!.size).to be > 50
      registry.refresh!
      expect(warnings.grep(/The registry in a Hash cannot be written: the disk is on fire \(IOError\)/).size).to eq(2)
      expect(warnings.grep(/The registry in a Hash cannot be read: still burning \(IOError\)/).size).to eq(1)
      expect(warnings.size).to eq(3)
    end
  end

  describe "between processes" do
    def state_of(registry) = registry.instance_variable_get(:@state)

    # Time passes as the clock says that a registry looks at, once its cache, which has a clock in C, lets it.
    def later_by(seconds, registry)
      state_of(registry).cache.check_at = 0.0
      clock = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      allow(Process).to receive(:clock_gettime).and_call_original
      allow(Process).to receive(:clock_gettime).with(Process::CLOCK_MONOTONIC) { clock + seconds }
    end

    before { registry.refresh!(only: :openai) }

    it "is seen by the others after the interval, without a restart" do
      other = kept_registry
      expect(other.by_provider(:mistral)).to be_empty
      registry.refresh!(only: :mistral)

      expect(other.by_provider(:mistral)).to be_empty
      later_by(31, other)
      expect(other.by_provider(:mistral).size).to eq(9)
      expect(other.source.kind).to eq(:store)
    end

    it "is looked at once an interval, not at each lookup" do
      other = kept_registry.tap(&:view)
      later_by(31, other)
      store = state_of(other).instance_variable_get(:@storage).store
      expect(store).to receive(:stamp).once.and_call_original
      50.times { other["gpt-4.1"] }
    end

    it "is not looked at when that is off" do
      config.registry_check_interval = nil
      other = kept_registry.tap(&:view)
      registry.refresh!(only: :mistral)
      later_by(100_000, other)
      expect(other.by_provider(:mistral)).to be_empty
      expect(other.catch_up(force: true)).to be(true)
      expect(other.by_provider(:mistral).size).to eq(9)
    end

    it "goes on from what another process has stored" do
      other = kept_registry.tap(&:view)
      registry.refresh!(only: :mistral)
      other.refresh!(only: :anthropic)

      expect(facts(kept_registry)).to eq(facts(other))
      expect(other.listed.map(&:provider).uniq).to eq(%w[anthropic mistral openai])
    end

    it "is really seen by another process", :aggregate_failures do
      config.registry_check_interval = 0.05
      reader = IO.popen([RbConfig.ruby, "-I", File.expand_path("../lib", __dir__), "-e", <<~RUBY], "r+")
        require "ruby_llm_native"
        $stdout.sync = true
        RubyLLM.configure { |c| c.registry_path = #{folder.inspect}; c.registry_check_interval = 0.05 }
        while gets
          puts RubyLLM.models.map(&:provider).uniq.join(" ")
        end
      RUBY
      expect(ask(reader)).to eq("openai")
      registry.refresh!(only: :mistral)
      eventually { ask(reader) == "mistral openai" }
    ensure
      reader&.close
    end

    def ask(reader)
      reader.puts
      reader.gets.chomp
    end

    it "may be refreshed by a forked child, whose parent sees it" do
      view = registry.view
      child = fork do
        kept = registry.refresh!(only: :mistral)
        exit!((kept.by_provider(:mistral).size == 9 && view.map(&:provider).uniq == ["openai"]) ? 0 : 1)
      end
      expect(Process.wait2(child).last).to be_success
      expect(registry.catch_up(force: true)).to be(true)
      expect(registry.by_provider(:mistral).size).to eq(9)
    end

    it "is taken in whole while others read" do
      other = kept_registry
      config.registry_check_interval = 0.001
      sizes = [registry.size, registry.refresh!(only: :mistral).size]
      writer = Thread.new do
        20.times do |round|
          registry.load_from_json(write_rows(round.even? ? 1 : 2)).save
        end
      end
      seen = []
      seen << other.size while writer.alive?
      expect(seen.uniq - sizes - [1, 2]).to eq([])
      expect(warnings).to be_empty
    end

    def write_rows(count)
      rows = Array.new(count) do |number|
        {id: "model-#{number}", name: "M", provider: "openai", context_window: nil, max_output_tokens: nil}
      end
      File.join(folder, "rows.json").tap { |path| File.write(path, JSON.generate(rows)) }
    end
  end
end
