# frozen_string_literal: true

require "yaml"
require_relative "beside_helper"

# What programs do to ruby_llm's registry, and what ruby_llm does with it.
RSpec.describe "beside ruby_llm", unless: Beside.alone? do
  include_context "with providers"

  subject(:models) { RubyLLM.models }

  let(:list) { RubyLLM.models.instance_variable_get(:@models) }
  let(:mine) { Beside.entry(id: "mine", provider: "ollama", name: "Mine") }

  def load_bundle
    RubyLLM.models.find("gpt-4o")
  end

  describe "the registry" do
    it "is ruby_llm's own object" do
      expect(models).to be_an_instance_of(RubyLLM::Models).and be(RubyLLM::Models.instance)
    end

    it "has the bundled models before any refresh, the same as ruby_llm" do
      path = Beside.v2? ? RubyLLM::Models.bundled_registry_file : RubyLLM.config.model_registry_file
      bundled = JSON.parse(File.read(path)).map { |row| row.values_at("provider", "id") }
      expect(models.map { |model| [model.provider, model.id] }).to match_array(bundled)
    end

    it "has the class's delegates" do
      expect(RubyLLM::Models.find("gpt-4o", provider: :openai)).to be(models.find("gpt-4o", :openai))
      expect(RubyLLM::Models.chat_models).to be_a(RubyLLM::Models)
      expect(RubyLLM::Models.map(&:id)).to include("gpt-4o")
    end

    it "gives the same entry each time" do
      entry = models.find("gpt-4o", :openai)
      expect(models.by_provider(:openai).chat_models.find { |model| model.id == "gpt-4o" }).to be(entry)
      expect(models.all).to include(entry)
    end

    it "has what ruby_llm brings even if our registry begins with an older snapshot" do
      models.refresh!
      snapshot = File.join(@folder, "snapshot.rlm")
      RubyLLM::Native.registry.save(snapshot)
      stub_const("RubyLLM::Native::Seed::SNAPSHOT", snapshot)
      FileUtils.rm_f(RubyLLM.config.model_registry_file) if Beside.v2?
      RubyLLM::Models.instance_variable_set(:@instance, nil)
      ids = RubyLLM.models.map { |model| [model.provider, model.id] }
      expect(RubyLLM::Native.registry.source.kind).to eq(:snapshot)
      expect(ids).to include(%w[ollama qwen3:8b], %w[bedrock amazon.nova-pro-v1:0])
      expect(ids.uniq).to eq(ids)
    end

    it "has what it was given alone" do
      RubyLLM.config.model_registry_file = nil if Beside.v2?
      registry = RubyLLM::Native.registry.refresh!(only: :ollama)
      registry.import_json(registry.export_json)
      expect(RubyLLM::Models.load_models.map(&:id)).to match_array(registry.map(&:id))
    end

    it "has what ruby_llm brings of providers that have not answered, in the next process too", if: Beside.one? do
      RubyLLM.config.registry_path = @folder
      RubyLLM::Native.registry.forget!
      bundled = models.map { |model| [model.provider, model.id] }
      after = RubyLLM.models.refresh!.map { |model| [model.provider, model.id] }
      RubyLLM::Models.instance_variable_set(:@instance, nil)
      expect(RubyLLM.models.map { |model| [model.provider, model.id] }).to match_array(after)
      expect(RubyLLM::Native.registry.source.kind).to eq(:store)
      expect((bundled - after).map(&:first).uniq - %w[openai ollama]).to eq([])
    end

    it "is forgotten when @instance is set to nil" do
      models.refresh!
      FileUtils.rm_f(RubyLLM.config.model_registry_file) if Beside.v2?
      RubyLLM::Models.instance_variable_set(:@instance, nil)
      expect(RubyLLM.models.by_provider(:ollama).to_a).to eq([])
      expect(RubyLLM.models.last_refresh.to_a).to eq([])
    end

    it "is brought into being by one thread, and another one that waits for it forgets nothing" do
      reading, go_on = Array.new(2) { Queue.new }
      slow = Class.new { define_method(:read) { [].tap { reading << self && go_on.pop } } }.new
      RubyLLM.config.public_send(Beside.v2? ? :model_registry_store= : :model_registry_source=, slow)
      first = Thread.new { RubyLLM.models }
      reading.pop
      RubyLLM::Native.registry.refresh!(only: :ollama)
      second = Thread.new { RubyLLM.models }
      Thread.pass until second.stop?
      go_on.close
      expect(second.value).to be(first.value)
      expect(RubyLLM::Native.registry.last_refresh.to_a).not_to eq([])
    end

    it "takes an Array for its models, as ruby_llm does" do
      registry = RubyLLM::Models.new([mine])
      expect(registry.all).to eq([mine])
      expect(registry.find("mine")).to be(mine)
      expect(registry.chat_models.map(&:id)).to eq(["mine"])
      expect(RubyLLM.models.map(&:id)).not_to include("mine")
    end

    it "takes in what the registry behind it has got by itself" do
      load_bundle
      RubyLLM::Native.registry.refresh!(only: :ollama)
      expect(RubyLLM.models.by_provider(:ollama).map(&:id)).to include("qwen3:8b")
    end

    it "loses nothing when another registry reads a file" do
      load_bundle
      RubyLLM::Models.new([]).load_from_json!(File.join(@folder, "none.json"))
      expect(RubyLLM.models.find("gpt-4o").id).to eq("gpt-4o")
    end
  end

  describe "what narrows a part of it" do
    before { models.refresh! }

    let(:part) { RubyLLM.models.by_provider(:openai).chat_models }

    it "looks at that part alone" do
      expect(part.cheapest).to be_an_instance_of(Beside.entry_class).and have_attributes(provider: "openai")
      expect(part.latest.provider).to eq("openai")
      expect(part.view.map(&:id)).to match_array(part.map(&:id))
      expect(part.options_for_select.map(&:last)).to match_array(part.map(&:id))
      expect(part.where(max_input_price: 2).map(&:provider).uniq).to eq(["openai"])
      expect(part.newest_first.map(&:id)).to match_array(part.map(&:id))
    end
  end

  describe "many threads" do
    it "get one registry from the first look on" do
      RubyLLM::Models.instance_variable_set(:@instance, nil)
      found = Array.new(8) { Thread.new { RubyLLM.models } }.map(&:value)
      expect(found.uniq(&:object_id).size).to eq(1)
    end

    it "read whole registries while others refresh" do
      models.refresh!
      done = false
      readers = Array.new(4) do
        Thread.new do
          seen = []
          until done
            model = RubyLLM.models.find("gpt-4.1", :openai)
            seen << [model.name, model.capabilities.any?, RubyLLM.models.by_provider(:ollama).count]
            Thread.pass
          end
          seen.uniq
        end
      end
      3.times { RubyLLM.models.refresh! }
      done = true
      expect(readers.flat_map(&:value).uniq).to eq([["GPT-4.1", true, 6]])
    end

    it "lose nothing of one refresh to another that began earlier and ends later" do
      load_bundle
      models = RubyLLM.models
      early = RubyLLM::Native::BesideRubyLLM::Refresh.ask(models, only: :openai) # as far as a slow thread has come
      RubyLLM.models.refresh!(only: :ollama)
      RubyLLM.models.replace_native(early)
      expect(RubyLLM.models.find("qwen3:8b").provider).to eq("ollama")
      expect(RubyLLM.models.find("gpt-4.1", :openai).name).to eq("GPT-4.1")
    end

    it "find what is put in while another thread looks something up" do
      load_bundle
      list.by_id
      looks = Thread.new { 200.times { list.by_id } }
      200.times do |number|
        list << Beside.entry(id: "put-in-#{number}")
        expect(models.find("put-in-#{number}").provider).to eq("ollama")
      end
      looks.join
    end
  end

  describe "the list that programs poke at" do
    before { load_bundle }

    it "is an Array" do
      expect(list).to be_a(Array)
      expect([*list].size).to eq(list.size)
      expect([mine] + list).to start_with(mine)
      expect(list + [mine]).to end_with(mine).and be_an_instance_of(Array)
      expect(JSON.parse(JSON.generate(list.first(2).map(&:to_h))).size).to eq(2)
    end

    it "can be added to, and find sees it" do
      models.find("gpt-4o")
      list << mine
      expect(models.find("mine")).to be(mine)
      expect(models.find("mine", provider: :ollama)).to be(mine)
      expect(models.all).to include(mine)
      list.concat([Beside.entry(id: "other")])
      expect(models.find("other").id).to eq("other")
    end

    it "can be taken from, and find misses it" do
      models.find("gpt-4o", :openai)
      list.delete_if { |model| model.id == "gpt-4o" }
      expect { models.find("gpt-4o", :openai) }.to raise_error(RubyLLM::ModelNotFoundError)
    end

    it "can be replaced" do
      models.instance_variable_set(:@models, [mine])
      expect(models.all).to eq([mine])
      expect(models.find("mine")).to be(mine)
      expect { models.find("gpt-4o") }.to raise_error(RubyLLM::ModelNotFoundError)
    end

    it "keeps what was put in through a refresh, until its provider has answered" do
      list << Beside.entry(id: "house-model", provider: "house") << Beside.entry(id: "stray", provider: "openai")
      models.refresh!(only: :openai)
      expect(RubyLLM.models.find("house-model").provider).to eq("house")
      expect { RubyLLM.models.find("stray") }.to raise_error(RubyLLM::ModelNotFoundError)
    end
  end

  describe "an entry" do
    let(:entry) { models.find("gpt-4o", :openai) }

    it "survives Marshal, as an entry that ruby_llm made" do
      copy = Marshal.load(Marshal.dump(models.find("gpt-4o", :openai)))
      expect(copy.to_h).to eq(entry.to_h)
      expect(copy.instance_variables).not_to include(:@native)
      expect(copy.type).to eq(entry.type)
    end

    it "can be frozen and copied" do
      expect(entry.dup.freeze.pricing.text_tokens.input).to eq(2.5)
      expect(models.find("gpt-4.1", :openai).clone(freeze: true).pricing.text_tokens.input).to eq(2.0)
    end

    it "has the variables of one that ruby_llm made, to read and to set" do
      fresh = models.find("gpt-4.1", :openai).dup
      expect(fresh.instance_variable_get(:@id)).to eq("gpt-4.1")
      fresh = models.find("gpt-4.1", :openai).dup
      fresh.instance_variable_set(:@context_window, 5)
      expect([fresh.context_window, fresh.name]).to eq([5, "GPT-4.1"])
      expect(models.find("gpt-4.1", :openai).dup.instance_variable_defined?(:@pricing)).to be(true)
    end

    it "keeps what a program has changed in it when it is made whole" do
      fresh = models.find("gpt-4.1-mini", :openai).dup
      fresh.modalities.input << "smell"
      fresh.capabilities
      expect(fresh.modalities.input).to include("smell")
    end

    it "survives YAML" do
      expect(YAML.unsafe_load(YAML.dump(models.find("gpt-4.1", :openai).dup)).to_h)
        .to eq(models.find("gpt-4.1", :openai).to_h)
    end

    it "can be doubled in a program's specs" do
      double = instance_double(
        Beside.entry_class, id: "x", name: "X", provider: "openai", type: Beside.type(:chat), supports?: true, to_h: {}
      )
      expect(double.id).to eq("x")
    end

    it "can be made by hand" do
      expect(mine).to have_attributes(id: "mine", provider: "ollama", type: Beside.type(:chat), context_window: nil)
      expect(mine.to_h).to include(id: "mine", capabilities: [], pricing: {})
    end
  end

  describe "resolving" do
    before { RubyLLM.config.openai_api_key = "key" }

    it "gives the entry and its provider" do
      model, provider = RubyLLM::Models.resolve("gpt-4o", provider: :openai)
      expect(model).to be(models.find("gpt-4o", :openai))
      expect(provider).to be_a(RubyLLM::Providers::OpenAI)
    end

    it "follows aliases, and the provider's preference" do
      expect(models.find("claude-opus-4-5", provider: :bedrock).id)
        .to match(/\A(?:[a-z]+\.)?anthropic\.claude-opus-4-5/)
      expect(models.find("gpt-4o").provider).to eq("openai")
    end

    it "raises for an unknown provider as ruby_llm does" do
      expect { RubyLLM::Models.resolve("x", provider: :nope) }.to raise_error(StandardError, /nope/)
    end

    it "lets chats change their model" do
      chat = RubyLLM.chat(model: "gpt-4o", provider: :openai).with_model("gpt-4.1")
      expect(chat.model).to be(models.find("gpt-4.1", :openai))
    end

    it "finds the model of an Azure deployment, by whatever configuration names it", if: Beside.deployments? do
      RubyLLM.config.azure_deployments = {"cheap" => "gpt-4o-mini", "lost" => "no-such-model"}
      other = RubyLLM.context { |config| config.azure_deployments = {best: "gpt-4o"} }.config
      expect(models.find("cheap", :azure))
        .to have_attributes(id: "cheap", name: models.find("gpt-4o-mini", :azure).name)
      expect(models.find("best", provider: :azure, config: other).pricing.to_h)
        .to eq(models.find("gpt-4o", :azure).pricing.to_h)
      expect { models.find("lost", :azure) }
        .to raise_error(RubyLLM::ConfigurationError, /unknown model "no-such-model"/)
      expect { models.find("cheap") }.to raise_error(RubyLLM::ModelNotFoundError)
    end

    it "takes a Bedrock model by its own id where only a profile serves it", if: Beside.v2? do
      RubyLLM.config.bedrock_region = "us-east-1"
      bound = models.by_provider(:bedrock).map(&:id).find { |id| id.start_with?("us.anthropic.") }
      expect(models.find(bound, provider: :bedrock).id).to eq(bound)
    end
  end
end
