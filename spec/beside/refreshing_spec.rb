# frozen_string_literal: true

require_relative "beside_helper"

# How ruby_llm's registry is refreshed and kept with this gem beside it.
RSpec.describe "beside ruby_llm", unless: Beside.alone? do
  include_context "with providers"

  subject(:models) { RubyLLM.models }

  def load_bundle
    RubyLLM.models.find("gpt-4o")
  end

  describe "refreshing" do
    let(:log) { StringIO.new }

    before { RubyLLM.config.logger = Logger.new(log) }

    it "tells of it as ruby_llm does" do
      events = []
      RubyLLM.config.instrumenter = Class.new do
        define_method(:instrument) { |name, payload, &block| block.call(payload).tap { events << [name, payload] } }
      end.new
      models.refresh!(remote_only: true)
      name, payload = events.find { |event, _| event == "models.refresh.ruby_llm" }
      expect([name, payload[:remote_only], payload[:model_count]])
        .to eq(["models.refresh.ruby_llm", true, RubyLLM.models.all.size])
      expect(payload).to include(not_modified: false) if Beside.v2?
    end

    it "returns what ruby_llm returns" do
      before = models
      refreshed = models.refresh!
      expect(refreshed).to be_a(RubyLLM::Models).and be(RubyLLM.models)
      expect(refreshed.equal?(before)).to be(Beside.v2?)
    end

    it "logs a provider's failure and goes on" do
      server.on("openai", status(500))
      models.refresh!
      expect(log.string).to match(/openai.*500/)
      expect(RubyLLM.models.by_provider(:ollama).map(&:id)).to include("qwen3:8b")
    end

    it "does not raise when every provider fails", if: Beside.one? do
      %w[openai ollama models_dev].each { |source| server.on(source, status(500)) }
      expect { models.refresh! }.not_to raise_error
      expect(RubyLLM.models.find("gpt-4o").id).to eq("gpt-4o")
    end

    it "raises when the published catalogue cannot be had, and changes nothing", if: Beside.v2? do
      load_bundle
      server.on("published", status(503))
      expect { models.refresh }
        .to raise_error(RubyLLM::ModelRegistryError, /Could not refresh the model registry from .*published.*503/)
      expect(RubyLLM.models.by_provider(:ollama).to_a).to eq([])
      expect(RubyLLM.models.find("gpt-4o").id).to eq("gpt-4o")
      expect(File).not_to exist(RubyLLM.config.model_registry_file)
    end

    it "asks providers of other gems by their own classes" do
      house = Class.new(RubyLLM::Provider) do
        class << self
          def configured?(*) = true
          def local? = false
          def remote? = true
          def configuration_options = []
          def capabilities = nil
        end

        def initialize(*) = nil

        def list_models
          [RubyLLM::Models.instance.all.first.class.new(id: "house-1", name: "House", provider: "house")]
        end
      end
      RubyLLM::Provider.register(:house, house)
      expect(models.refresh!.find("house-1", :house).name).to eq("House")
      expect(RubyLLM.models.last_refresh[:openai].status).to eq(:refreshed)
    ensure
      RubyLLM::Provider.providers.delete(:house)
    end

    it "leaves all to ruby_llm when it is told so" do
      RubyLLM.config.native_refresh = false
      fetched = [Beside.entry(id: "by-ruby-llm", provider: "openai")]
      if Beside.v2?
        result = RubyLLM::Models::Registry::PublishedSource::Result.new(fetched, nil, false)
        allow(RubyLLM::Models).to receive(:fetch_published_registry).and_return(result)
      else
        allow(RubyLLM::Models).to receive(:fetch_models_dev_models).and_return(models: fetched, fetched: true)
      end
      models.refresh!
      expect(RubyLLM.models.find("by-ruby-llm").provider).to eq("openai")
      expect(RubyLLM.models.by_provider(:ollama).map(&:id)).to include("qwen3:8b") # asked by ruby_llm's own code
      expect(server.requests("models_dev")).to eq([])
    end
  end

  describe "keeping", if: Beside.v2? do
    let(:file) { RubyLLM.config.model_registry_file }

    it "writes the registry file, which ruby_llm alone reads" do
      models.refresh
      plain = RubyLLM::Models::Registry.read(file)
      expect(plain.map { |model| [model.provider, model.id] }).to eq(models.map { |model| [model.provider, model.id] })
      expect(plain.find { |model| model.id == "qwen3:8b" }.to_h).to eq(models.find("qwen3:8b").to_h)
    end

    it "reads it in the next process" do
      models.refresh
      RubyLLM::Models.instance_variable_set(:@instance, nil)
      expect(RubyLLM.models.find("qwen3:8b").provider).to eq("ollama")
    end

    it "leaves ruby_llm's copy of the published catalogue and its ETag alone" do
      FileUtils.mkdir_p(File.dirname(file))
      {"" => "[]\n", ".published.json" => "[]\n", ".etag" => "\"theirs\"\n"}.each do |ending, text|
        File.write("#{file}#{ending}", text)
      end
      models.refresh
      expect(File.read("#{file}.etag")).to eq("\"theirs\"\n")
      expect(File.read("#{file}.published.json")).to eq("[]\n")
    end

    it "writes to a store of the program's and shows what it then reads" do
      store = Class.new do
        attr_reader :written

        def read
          gone = RubyLLM::Model.new(id: "gone", provider: "openai", name: "Gone", unlisted_at: Time.now)
          [*@written, gone]
        end

        def write(registry) = @written = registry.all
        def description = "a shelf"
      end.new
      RubyLLM.config.model_registry_store = store
      models.refresh
      expect(store.written.map(&:id)).to include("qwen3:8b")
      expect(models.find("gone").unlisted?).to be(true)
      expect(models.unlisted.map(&:id)).to eq(["gone"])
      expect(models.all.map(&:id)).not_to include("gone")
    end

    it "raises for a store that cannot be written, and changes nothing" do
      load_bundle
      RubyLLM.config.model_registry_store = Class.new { def read = [] }.new
      expect { models.refresh }.to raise_error(RubyLLM::ModelRegistryError, /read-only/)
      expect(RubyLLM.models.by_provider(:ollama).to_a).to eq([])
    end

    it "can be stubbed with any_instance" do
      allow_any_instance_of(RubyLLM::Models).to receive(:persist_registry!)
      allow_any_instance_of(RubyLLM::Models::Registry::FileStore).to receive(:write)
      expect { models.refresh }.not_to raise_error
    end

    it "shows the models of provider gems, and keeps them out of the file" do
      catalogue = File.join(@folder, "house.json")
      File.write(catalogue, JSON.generate([{id: "house-2", name: "House 2", provider: "house"}]))
      RubyLLM::Provider.model_registry_files[:house] = catalogue
      expect(models.refresh.find("house-2").provider).to eq("house")
      expect(RubyLLM::Models::Registry.read(file).map(&:provider)).not_to include("house")
    ensure
      RubyLLM::Provider.model_registry_files.delete(:house)
    end
  end

  describe "keeping", if: Beside.one? do
    it "changes memory alone" do
      path = RubyLLM.config.model_registry_file
      expect { models.refresh! }.not_to(change { File.mtime(path) })
    end

    it "save_to_json returns the bytes it wrote" do
      path = File.join(@folder, "saved.json")
      expect(models.refresh!.save_to_json(path)).to eq(File.size(path))
    end

    it "reads from a source of the program's" do
      RubyLLM.config.model_registry_source = Struct.new(:read).new([Beside.entry(id: "from-source")])
      expect(RubyLLM.models.find("from-source").id).to eq("from-source")
    end
  end
end
