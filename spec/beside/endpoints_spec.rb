# frozen_string_literal: true

require_relative "beside_helper"

# `config.endpoint` on whichever configuration the program has.
RSpec.describe "config.endpoint #{Beside.flavour}" do
  include_context "with providers"

  let(:config) { RubyLLM.config }
  let(:registry) { RubyLLM::Native.registry }

  before { server.on("acme", json({data: [{id: "acme-1"}], object: "list"})) }

  # The program's models of that provider.
  def ids(provider, models = RubyLLM.models)
    models.all.select { |model| model.provider.to_s == provider }.map(&:id)
  end

  it "is asked, and known by its name" do
    config.endpoint :acme, base_url: server.url("acme"), headers: {"X-Team" => "a"}
    config.endpoint :openai, headers: {"X-Team" => "b"}
    RubyLLM.models.refresh!
    expect(config.endpoints.keys).to eq(%i[openai ollama acme])
    expect(%w[acme openai].map { |name| server.requests(name).last.headers["x-team"] }).to eq(%w[a b])
    expect(registry.last_refresh[:acme]).to have_attributes(status: :refreshed, provider: :acme)
    expect(registry.find("acme-1").endpoints).to eq([:acme])
    expect(registry.preferences.configured).to eq(%w[openai ollama acme])
  end

  it "sets the option of a provider, so that chats have it" do
    config.endpoint :mistral, api_key: "key", base_url: "https://gateway.example/v1"
    expect([config.mistral_api_key, config.mistral_api_base]).to eq(["key", "https://gateway.example/v1"])
  end

  it "is taken from the environment when that is asked for" do
    stub_const("ENV", ENV.to_h.merge("GROQ_API_KEY" => "g", "MISTRAL_API_KEY" => "m"))
    expect(config.endpoints_from_environment(only: %i[groq mistral])).to eq(%i[groq mistral])
    expect(config.mistral_api_key).to eq("m")
  end

  it "shows no credential" do
    config.endpoint :acme, base_url: "https://me:sk-one@acme.example", headers: {"X" => "sk-two"}, api_key: "sk-three"
    texts = [config.inspect, config.endpoints.inspect, RubyLLM::Native::Redactor.new(config).call("sk-two sk-three")]
    expect(texts.join.scan(/sk-\w+/)).to eq([])
  end

  it "is inherited by a context, or replaced as a whole, and the program's stays" do
    config.endpoint :acme, base_url: server.url("acme"), headers: {"X-Team" => "a"}
    config.openai_organization_id = "ours"
    config.endpoint :openai, headers: {"X-Team" => "a"}
    server.on("theirs", json({data: [{id: "theirs-1"}], object: "list"}))
    inherits = RubyLLM.context
    replaces = RubyLLM.context do |context|
      context.endpoint :acme, base_url: server.url("theirs")
      context.endpoint :openai, api_key: "theirs", base_url: server.url("openai")
    end
    inherits.models.refresh!
    expect(server.requests("acme").last.headers["x-team"]).to eq("a")
    replaces.models.refresh!
    expect(server.requests("theirs").last.headers).not_to include("x-team")
    expect(server.requests("openai").last.headers).to include("authorization" => "Bearer theirs")
    expect(server.requests("openai").last.headers.keys).not_to include("x-team", "openai-organization")
    expect([config, replaces.config].map { |each| each.endpoints[:acme].base_url })
      .to eq([server.url("acme"), server.url("theirs")])
    expect([config.openai_organization_id, replaces.config.openai_organization_id]).to eq(["ours", nil])
  end

  describe "of a provider that ruby_llm cannot call", unless: Beside.alone? do
    it "is in this gem's registry, and not among what ruby_llm offers" do
      config.endpoint :acme, base_url: server.url("acme")
      RubyLLM.models.refresh!
      expect([registry.by_provider(:acme).map(&:id), ids("acme")]).to eq([%w[acme-1], []])
    end

    it "leaves entries of others alone, which the program may know" do
      RubyLLM.models.instance_variable_get(:@models) << Beside.entry(id: "mine", provider: "mine")
      RubyLLM.models.refresh!
      expect(ids("mine")).to eq(%w[mine])
    end
  end

  describe "of a provider that a gem or the program has added", unless: Beside.alone? do
    before do
      url = server.url("acme")
      acme = Class.new(RubyLLM::Provider) do
        define_singleton_method(:configuration_options) { %i[acme_api_key acme_api_base] }
        define_singleton_method(:configuration_requirements) { %i[acme_api_key] }
        define_method(:api_base) { @config.acme_api_base || url }
        define_method(:list_models) { raise "it is asked as an endpoint" }
      end
      RubyLLM::Provider.register(:acme, acme)
    end

    after { RubyLLM::Provider.providers.delete(:acme) }

    it "needs only its name: its address and its key are the provider's" do
      config.acme_api_key = "key"
      config.endpoint :acme
      RubyLLM.models.refresh!
      expect(server.requests("acme").last.headers["authorization"]).to eq("Bearer key")
      expect(ids("acme")).to eq(%w[acme-1])
    end

    it "is skipped without a key" do
      config.acme_api_base = "https://acme.example/v1"
      config.endpoint :acme
      RubyLLM.models.refresh!
      expect(registry.last_refresh[:acme]).to have_attributes(status: :skipped, reason: :api_key)
    end

    it "is asked as ruby_llm does until it is defined" do
      config.acme_api_key = "key"
      RubyLLM.models.refresh!
      expect(registry.last_refresh[:acme]).to be_nil
      expect(server.requests("acme")).to eq([])
    end
  end
end
