# frozen_string_literal: true

# What every program may rely on, whichever gem holds the registry.
RSpec.shared_examples "a registry of models" do
  subject(:models) { RubyLLM.models }

  include_context "with providers"

  # The methods that do not exist in the loaded version of ruby_llm exist all the same.
  describe "refreshing" do
    %i[refresh! refresh].each do |name|
      it "#{name} can be chained" do
        expect(models.public_send(name).by_provider(:openai).chat_models.map(&:id)).to include("gpt-4.1", "o4-mini")
      end

      it "#{name} takes remote_only" do
        RubyLLM.models.public_send(name, remote_only: true)
        expect(RubyLLM.models.by_provider(:ollama).to_a).to eq([])
        expect(server.requests("ollama")).to eq([])
      end
    end

    it "shows RubyLLM.models what came of it" do
      models.refresh!
      expect(RubyLLM.models.by_provider("ollama").map(&:id)).to include("qwen3:8b")
    end

    it "takes only, timeout and a block" do
      seen = []
      models.refresh!(only: :openai, timeout: 20) { |progress| seen << progress.source }
      expect(seen).to eq([:openai])
      expect(server.requests("models_dev")).to eq([])
    end

    it "raises with strict when any source failed, and not without" do
      server.on("ollama", status(500))
      expect { models.refresh!(strict: true) }.to raise_error(RubyLLM::Native::RefreshError, /ollama/)
      expect { RubyLLM.models.refresh! }.not_to raise_error
    end

    it "tells what became of each source" do
      models.refresh!
      expect(RubyLLM.models.last_refresh[:openai]).to have_attributes(status: :refreshed, count: be >= 12)
    end

    it "keeps a provider's models when it fails" do
      models.refresh!
      before = RubyLLM.models.by_provider(:ollama).map(&:id)
      server.on("ollama", status(503))
      RubyLLM.models.refresh!
      expect(RubyLLM.models.by_provider(:ollama).map(&:id)).to eq(before)
      expect(before.size).to eq(6)
    end

    it "asks again only for what is new" do
      models.refresh!
      RubyLLM.models.refresh!
      expect(server.requests("models_dev").last.headers).to include("if-none-match" => ReplayServer::MODELS_DEV_ETAG)
      expect(RubyLLM.models.find("gpt-4.1", provider: :openai).context_window).to eq(1_047_576)
    end
  end

  describe "finding" do
    before { models.refresh! }

    it "takes the provider in both spellings, as a Symbol and as a String" do
      found = [["gpt-4.1", :openai], ["gpt-4.1", "openai"]].map { |arguments| RubyLLM.models.find(*arguments) } +
        [RubyLLM.models.find("gpt-4.1", provider: :openai), RubyLLM.models.find("gpt-4.1", provider: "openai")]
      expect(found.map { |model| [model.provider, model.id] }.uniq).to eq([%w[openai gpt-4.1]])
    end

    it "raises what programs rescue, in the words they match" do
      expect { RubyLLM.models.find("gpt-none") }
        .to raise_error(RubyLLM::ModelNotFoundError, /\AUnknown model: "gpt-none"/)
      expect { RubyLLM.models.find("gpt-4.1", :ollama) }
        .to raise_error(RubyLLM::ModelNotFoundError, /for provider: :ollama/)
      expect { RubyLLM.models.find("gpt-4.1", provider: :nope) }
        .to raise_error(RubyLLM::ModelNotFoundError, /for provider: :nope/)
    end

    it "finds with a block as Enumerable does" do
      expect(RubyLLM.models.find { |model| model.id == "qwen3:8b" }.provider).to eq("ollama")
    end

    it "gives nil in brackets" do
      expect(RubyLLM.models["gpt-none"]).to be_nil
      expect(RubyLLM.models["gpt-4.1"].id).to eq("gpt-4.1")
    end
  end

  describe "an entry" do
    subject(:model) { RubyLLM.models.refresh!.find("gpt-4.1", provider: :openai) }

    it "is of the class that programs know" do
      expect(model).to be_an_instance_of(Beside.entry_class)
    end

    it "has the facts, in the types of the loaded version" do
      expect(model).to have_attributes(id: "gpt-4.1", provider: "openai",
        name: "GPT-4.1", family: "gpt", context_window: 1_047_576,
        max_output_tokens: 32_768, type: Beside.type(:chat),
        created_at: Time.utc(2025, 4, 10, 16, 0, 1), knowledge_cutoff: Date.new(2024, 4, 1))
      expect(model.modalities.input).to eq(%w[text image pdf])
      expect(model.modalities.output).to eq(%w[text])
      expect(model.capabilities).to include("function_calling", "structured_output", "vision")
    end

    it "has its prices" do
      expect(model.pricing.text_tokens.input).to eq(2.0)
      expect(model.pricing.text_tokens.standard.to_h)
        .to eq(input_per_million: 2.0, output_per_million: 8.0, cache_read_input_per_million: 0.5)
    end

    it "has the twelve keys of a registry file in their order" do
      expect(model.to_h.keys).to eq(%i[
        id name provider family created_at context_window max_output_tokens
        knowledge_cutoff modalities capabilities pricing metadata
      ])
    end

    it "has metadata with Symbol keys" do
      expect(model.metadata.keys).to all(be_a(Symbol))
    end

    it "knows what it supports, and how to steer its reasoning" do
      expect(model.supports?(:function_calling)).to be(true)
      expect(model.supports?("reasoning")).to be(false)
      expect(RubyLLM.models.find("o4-mini").reasoning_option_values(:effort)).to eq(%w[low medium high])
    end

    it "has a label" do
      expect(model.label).to eq("OpenAI - GPT-4.1")
    end
  end

  describe "filters" do
    before { models.refresh! }

    it "can be chained and give Enumerables with all" do
      chats = RubyLLM.models.by_provider(:openai).chat_models
      expect(chats).to be_an(Enumerable)
      expect(chats.all.map(&:id)).to eq(chats.map(&:id))
      expect(chats.all.sort_by { |model| [model.provider.to_s, model.name.to_s] }.map(&:provider).uniq)
        .to eq(["openai"])
    end

    it "knows the kinds" do
      expect(RubyLLM.models.embedding_models.map(&:id)).to include("text-embedding-3-small")
      expect(RubyLLM.models.image_models.map(&:id)).to include("gpt-image-1")
      expect(RubyLLM.models.by_family("gpt").map(&:id)).to include("gpt-4.1")
    end

    it "selects, groups and sorts into Arrays and Hashes" do
      expect(RubyLLM.models.chat_models.select { |model| %w[openai].include?(model.provider) })
        .to be_an_instance_of(Array)
      expect(RubyLLM.models.chat_models.group_by(&:provider)).to include("openai")
      expect(RubyLLM.models.map(&:id)).to be_an_instance_of(Array)
    end
  end

  describe "files" do
    it "writes a registry file and reads it again" do
      path = File.join(@folder, "saved.json")
      models.refresh!
      RubyLLM.models.save_to_json(path)
      expect(JSON.parse(File.read(path)).size).to eq(RubyLLM.models.all.size)
      RubyLLM.models.load_from_json!(path)
      expect(RubyLLM.models.find("gpt-4.1", provider: :openai).context_window).to eq(1_047_576)
    end

    it "load_from_json can be chained" do
      path = File.join(@folder, "saved.json")
      models.refresh!
      RubyLLM.models.save_to_json(path)
      expect(RubyLLM.models.load_from_json(path).find("qwen3:8b").provider).to eq("ollama")
    end
  end

  it "leaves the stubs of programs' specs alone" do
    stand_in = double(id: "stub")
    allow(RubyLLM.models).to receive(:find).and_return(stand_in)
    expect(RubyLLM.models.find("anything")).to be(stand_in)
    allow(RubyLLM).to receive(:models).and_return(:others)
    expect(RubyLLM.models).to be(:others)
  end

  it "hides secrets" do
    RubyLLM.config.openai_api_key = "sk-secret-0123456789"
    expect(RubyLLM.config.inspect).not_to include("sk-secret")
    expect(RubyLLM.config.credentials.inspect).not_to include("sk-secret")
  end

  it "refuses options that cannot be" do
    expect { RubyLLM.config.refresh_timeout = -1 }.to raise_error(RubyLLM::ConfigurationError, /refresh_timeout/)
    RubyLLM.config.refresh_timeout = nil
    expect(RubyLLM.config.refresh_timeout).to eq(60)
  end
end
