# frozen_string_literal: true

require "logger"
require "tmpdir"
require_relative "spec_helper"
require_relative "support/replay_server"

RSpec.describe RubyLLM::Native::Registry do
  subject(:registry) { RubyLLM.models }

  # One catalog of every kind of model, without a network.
  let(:documents) do
    {
      openai: {data: [
        {id: "gpt-x", created: 1_700_000_000}, {id: "gpt-image-1"},
        {id: "text-embedding-3-small"}, {id: "tts-1"}, {id: "whisper-1"},
        {id: "omni-moderation-latest"}, {id: "sora-2"}, {id: "gpt-realtime"}
      ]},
      openrouter: {data: [{
        id: "openai/gpt-x", name: "OpenAI: GPT X",
        architecture: {input_modalities: %w[text image], output_modalities: %w[text image]},
        pricing: {prompt: "0.00000015", completion: "0.0000006"}, supported_parameters: %w[tools]
      }]},
      ollama: {data: [{id: "gpt-x"}]},
      models_dev: {openai: {models: {
        "gpt-x" => {
          id: "gpt-x", name: "GPT X", family: "gpt", knowledge: "2024-07", tool_call: true, open_weights: false,
          modalities: {input: %w[text image], output: %w[text]}, limit: {context: 128_000, output: 0},
          cost: {
            input: 0.15, output: 0.6, cache_read: 0,
            tiers: [{input: 0.3, output: 1.2, tier: {type: "context", size: 64_000}}]
          }
        },
        "gpt-next" => {id: "gpt-next", name: "GPT Next", modalities: {input: %w[text], output: %w[text]}}
      }}}
    }
  end

  def load_documents
    sheets = documents.to_h { |source, document| [source.to_s, sheet(source, document)] }
    registry.restore(RubyLLM::Native.const_get(:RegistryContents).of(sheets))
    registry.view
  end

  describe "finding" do
    before { load_documents }

    it "takes the provider as a second argument or as a keyword, as a Symbol or a String" do
      found = [
        registry.find("gpt-x", :ollama), registry.find("gpt-x", "ollama"), registry.find("gpt-x", provider: :ollama)
      ]
      expect(found.map(&:provider)).to eq(%w[ollama ollama ollama])
    end

    it "prefers the providers in the order of the ruby_llm gem" do
      expect(registry.find("gpt-x").provider).to eq("openai")
    end

    it "says what to do when there is no such model" do
      advice = /If the model exists at the provider, refresh the registry with `RubyLLM\.models\.refresh!`/
      expect { registry.find("gpt-none") }
        .to raise_error(RubyLLM::ModelNotFoundError, /\AUnknown model: "gpt-none"\. #{advice}/)
      expect { registry.find("gpt-next", provider: :ollama) }
        .to raise_error(RubyLLM::ModelNotFoundError, /for provider: :ollama/)
    end

    it "gives nil in brackets" do
      expect(registry["gpt-none"]).to be_nil
      expect(registry["gpt-x"].name).to eq("GPT X")
    end

    it "keeps Enumerable's find for blocks" do
      expect(registry.find { |model| model.provider == "ollama" }.id).to eq("gpt-x")
    end
  end

  describe "filters" do
    before { load_documents }

    it "holds for chat models only those that chat" do
      expect(registry.chat_models.map { |model| [model.provider, model.id] }).to contain_exactly(
        %w[openai gpt-x], %w[openai gpt-next], %w[openrouter openai/gpt-x], %w[ollama gpt-x]
      )
    end

    it "tells the other types apart" do
      expect(registry.to_h { |model| [model.id, model.type] }).to include(
        "text-embedding-3-small" => :embedding, "tts-1" => :audio,
        "whisper-1" => :transcription, "gpt-image-1" => :image,
        "omni-moderation-latest" => :moderation, "sora-2" => :video, "gpt-realtime" => :realtime
      )
      expect(registry.embedding_models.map(&:id)).to eq(["text-embedding-3-small"])
      expect(registry.audio_models.map(&:id)).to eq(["tts-1"])
      expect(registry.image_models.map(&:id)).to contain_exactly("gpt-image-1", "openai/gpt-x")
    end

    it "chains, and gives views that are Enumerable and frozen" do
      view = registry.by_provider(:openai).chat_models.by_family("gpt")
      expect(view).to be_frozen.and be_a(Enumerable)
      expect(view.map(&:id)).to eq(["gpt-x"])
    end

    it "tells listed from catalogued" do
      expect(registry.listed.map(&:id)).to include("gpt-x", "sora-2")
      expect(registry.listed.map(&:id)).not_to include("gpt-next")
      expect(registry.unlisted).to be_empty
    end
  end

  describe "facts" do
    before { load_documents }

    it "shows prices as the nearest Floats, and exactly on request" do
      model = registry.find("openai/gpt-x")
      expect([model.input_price_per_million, model.output_price_per_million]).to eq([0.15, 0.6])
      expect(model.price(:input, exact: true)).to eq(BigDecimal("0.15"))
    end

    it "tells free from unknown" do
      model = registry.find("gpt-x")
      expect(model.cache_read_input_price_per_million).to eq(0.0)
      expect(model.cache_write_input_price_per_million).to be_nil
    end

    it "keeps the precision of a date" do
      model = registry.find("gpt-x")
      expect([model.knowledge_cutoff, model.knowledge_cutoff_precision]).to eq([Date.new(2024, 7, 1), :month])
    end

    it "leaves what nobody states unknown" do
      expect(registry.find("gpt-x")).to have_attributes(context_window: 128_000, max_output_tokens: nil)
      expect(registry.find("gpt-x", :ollama))
        .to have_attributes(context_window: nil, input_price_per_million: nil, created_at: nil)
    end

    it "tells where a fact comes from" do
      model = registry.find("gpt-x")
      expect(%i[created_at context_window type].map { |field| model.origin(field) })
        .to eq(%i[openai models_dev models_dev])
    end

    it "has ruby_llm's twelve keys in their order" do
      expect(registry.find("gpt-x").to_h.keys).to eq(
        %i[
          id name provider family created_at context_window max_output_tokens
          knowledge_cutoff modalities capabilities pricing metadata
        ]
      )
    end
  end

  describe "registry files" do
    around { |example| Dir.mktmpdir { |folder| @folder = folder and example.run } }

    let(:path) { File.join(@folder, "models.json") }
    let(:server) { ReplayServer.start.tap(&:serve_fixtures) }

    after { server.stop }

    def refresh_all
      RubyLLM.configure do |config|
        %w[openai anthropic gemini mistral deepseek openrouter xai ollama].each do |slug|
          config.public_send(:"#{slug}_api_key=", "key-of-#{slug}")
          config.public_send(:"#{slug}_api_base=", server.url(slug))
        end
        config.models_dev_url = "#{server.url("models_dev")}/api.json"
      end
      registry.refresh!
    end

    it "reads back all that it wrote" do
      before = refresh_all.map(&:to_h)
      precisions = registry.map(&:knowledge_cutoff_precision)
      types = registry.map(&:type)
      registry.save_to_json(path)
      registry.forget!
      registry.load_from_json(path)
      expect(registry.map(&:to_h)).to eq(before)
      expect(registry.map(&:knowledge_cutoff_precision)).to eq(precisions)
      expect(registry.map(&:type)).to eq(types)
    end

    it "tells the logger what was refreshed, and what failed" do
      log = StringIO.new
      RubyLLM.config.logger = Logger.new(log)
      server.on("mistral", ReplayServer::Answer.status(401))
      refresh_all
      expect(log.string).to match(/WARN.*mistral failed: HTTP 401/)
      expect(log.string)
        .to match(/INFO.*Refreshed: 9 sources asked in \d\.\d\d s, 1 failed \(mistral\); the registry has \d+ models/)
    end

    it "tells the logger that everything failed, as an error" do
      log = StringIO.new
      RubyLLM.config.logger = Logger.new(log)
      RubyLLM.config.refresh_retries = 0
      expect(refresh_all.size).to eq(65)
      %w[openai mistral].each { |source| server.on(source, ReplayServer::Answer.status(500)) }
      expect { RubyLLM.models.refresh!(only: %i[openai mistral]) }.to raise_error(RubyLLM::Native::RefreshError)
      asked = /2 sources asked in \d\.\d\d s, 2 failed \(openai, mistral\)/
      expect(log.string.lines.last).to match(/ERROR.*The refresh failed: #{asked}\. The registry keeps its 65 models$/)
      expect(log.string.scan("INFO").size).to eq(1)
    end

    it "writes what ruby_llm reads: an array, two spaces, a final newline, full dates or null" do
      refresh_all.save_to_json(path)
      text = File.read(path)
      expect(text).to start_with("[\n  {\n    \"id\": ").and end_with("]\n")
      cutoffs = JSON.parse(text).map { |entry| entry["knowledge_cutoff"] }
      expect(cutoffs.compact).to all(match(/\A\d{4}-\d\d-\d\d\z/))
      expect(cutoffs.compact).not_to be_empty
    end

    it "keeps a file's mode and leaves no draft behind" do
      File.write(path, "[]")
      File.chmod(0o600, path)
      refresh_all.save_to_json(path)
      expect(File.stat(path).mode & 0o777).to eq(0o600)
      expect(Dir.children(@folder)).to eq(["models.json"])
    end

    it "keeps its models when a file is missing, cut off or not a registry, and names the file" do
      before = refresh_all.map(&:id)
      File.write(path, "[{\"id\": \"a\", \"prov")
      expect { registry.load_from_json(path) }
        .to raise_error(RubyLLM::Native::Error, /#{Regexp.escape(path)}.*ended early/)
      File.write(path, "{}")
      expect { registry.load_from_json!(path) }.to raise_error(RubyLLM::Native::Error, /#{Regexp.escape(path)}/)
      expect { registry.load_from_json("#{path}.none") }.to raise_error(RubyLLM::Native::Error, /models\.json\.none/)
      expect(registry.map(&:id)).to eq(before)
    end

    it "lets the file speak after a refresh only for providers that nobody else speaks for" do
      File.write(
        path,
        JSON.generate([{id: "old", provider: "openai", name: "Old"}, {id: "mine", provider: "gpustack", name: "Mine"}])
      )
      registry.load_from_json(path)
      expect(registry.map(&:id)).to contain_exactly("old", "mine")
      refresh_all
      expect(registry["old"]).to be_nil
      expect(registry["mine"].name).to eq("Mine")
    end
  end
end
