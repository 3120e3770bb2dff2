# frozen_string_literal: true

require_relative "support/refreshing"
require_relative "support/stubbed_sources"

RSpec.describe RubyLLM::Native::Testing do
  include_context "with stubbed sources"

  include ReplayServer::Answers

  before { RubyLLM.config.models_dev_url = nil }

  def outcome(source)
    RubyLLM.models.last_refresh[source]
  end

  def refresh(**options)
    RubyLLM.models.refresh!(**options)
  rescue RubyLLM::Native::RefreshError => error
    error
  end

  describe "an endpoint" do
    it "of one's own is stubbed by its name, and lists its provider's models" do
      RubyLLM.config.endpoint :acme_b, provider: :acme, base_url: "https://acme.example/v1"
      stub_source("Acme-B", models: [{id: "m", type: :chat, provider: "acme"}])
      refresh
      expect(RubyLLM.models.find("m", provider: :acme)).to have_attributes(endpoints: [:acme_b], type: :chat)
      stub_source(:acme_b, body: '{"data": [{"id": "n"}]}')
      refresh
      expect(RubyLLM.models.by_provider(:acme).listed.map(&:id)).to eq(%w[n])
    end

    it "that is known is asked when it is stubbed, though nobody defined it" do
      stub_source(:together, body: '{"data": [{"id": "m"}]}')
      fail_source(:groq, status: 401)
      refresh
      expect([outcome(:togetherai).status, outcome(:groq).error_class])
        .to eq([:refreshed, RubyLLM::UnauthorizedError])
    end

    it "that is not stubbed fails, and says so by its name" do
      RubyLLM.config.endpoint :groq, api_key: "key"
      RubyLLM.config.endpoint :acme, base_url: "https://acme.example/v1", optional: true
      expect(refresh).to be_a(RubyLLM::Native::RefreshError)
      expect(outcome(:groq).error).to start_with("Groq is not stubbed, and ")
      expect(outcome(:acme).error).to start_with("acme is not stubbed, and ")
    end

    it "answers nothing when all others do" do
      RubyLLM.config.endpoint :acme, base_url: "https://acme.example/v1"
      stub_all_sources
      refresh
      expect(outcome(:acme).status).to eq(:empty)
    end

    it "may be the provider of models that are in use" do
      RubyLLM.config.endpoint :acme_b, provider: :acme, base_url: "https://acme.example/v1"
      use_models([{provider: :acme, id: "m"}, {provider: :fireworks, id: "n"}])
      expect(RubyLLM.models.map { |model| [model.provider, model.id, model.label] })
        .to eq([["acme", "m", "acme - m"], ["fireworks_ai", "n", "Fireworks AI - n"]])
      expect { use_models([{provider: :nobody, id: "m"}]) }.to raise_error(ArgumentError, /\AUnknown source: nobody /)
    end
  end

  describe "a body" do
    include_context "with a server for all sources"

    # The registry of stubs, and the one that asked the server, see the same of it.
    def expect_the_same(*sources)
      plan, network = RubyLLM::Native.const_get(:Plan), RubyLLM::Native.const_get(:Network)
      [[registry, network], [RubyLLM.models, plan.transport]].each do |each, transport|
        plan.transport = transport
        each.refresh!(only: sources)
      rescue RubyLLM::Native::RefreshError
        nil # its report is compared
      end
      facts = [registry, RubyLLM.models].map do |each|
        asked = each.last_refresh.select { |outcome| sources.include?(outcome.source) }
        asked.map { |outcome| outcome.to_h.except(:bytes, :duration) }
      end
      expect(facts.last).to eq(facts.first)
      expect(RubyLLM.models.catalog.content_hash).to eq(registry.catalog.content_hash)
    end

    %i[openai mistral deepseek xai ollama].each do |source|
      it "of #{source} becomes what it would have become over the network" do
        server.on(
          source, ->(request) { request.path.end_with?("/models") ? json(fixture("#{source}/good")) : status(404) }
        )
        stub_source(source, body: fixture("#{source}/good"))
        registry.refresh!(only: source)
        RubyLLM.models.refresh!(only: source)
        expect(outcome(source))
          .to have_attributes(status: :refreshed, rows: registry.last_refresh[source].rows, http_status: 200)
        expect(RubyLLM.models.size).to be > 1
        expect(RubyLLM.models.catalog.content_hash).to eq(registry.catalog.content_hash)
      end
    end

    it "may have pages" do
      %w[anthropic gemini].each do |source|
        stub_source(source, body: [fixture("#{source}/page_1"), fixture("#{source}/page_2")])
      end
      expect_the_same(:anthropic, :gemini)
      expect(outcome(:anthropic)).to have_attributes(status: :refreshed, attempts: 2)
    end

    it "of a metadata source is read, too" do
      stub_source(:models_dev, body: fixture("models_dev/good"))
      expect_the_same(:models_dev)
      expect(outcome(:models_dev).rows).to be > 5
    end

    it "that is cut off, HTML, broken or empty fails as it would over the network" do
      [
        '{"data":[{"id":"gpt', "<html><title>Sign in</title></html>",
        '{"models":[]}', '{"data":[]}', fixture("openai/broken_rows")
      ].each do |body|
        server.on("openai", json(body))
        stub_source(:openai, body: body)
        expect_the_same(:openai)
      end
    end

    it "and a failure give the report that a server's failure gives" do
      [401, 404, 429, 503].each do |code|
        server.on("openai", status(code, body: {error: {message: "Not today"}}))
        fail_source(:openai, status: code, error: "Not today")
        expect_the_same(:openai)
        expect(outcome(:openai)).to have_attributes(status: :failed, error: "HTTP #{code}: Not today", attempts: 1)
      end
    end
  end

  it "gives each listing its body, by its path with or without the query" do
    stub_source(:bedrock, body: {
      "foundation-models" => fixture("bedrock/good"),
      "inference-profiles" => [fixture("bedrock/profiles_1"), fixture("bedrock/profiles_2")],
      2 => fixture("bedrock/mantle")
    })
    refresh
    expect(outcome(:bedrock)).to have_attributes(status: :refreshed, attempts: 4, remark: nil)
    expect(RubyLLM.models.by_provider(:bedrock).size).to be > 3
  end

  it "lets a listing fail alone" do
    stub_source(:bedrock, body: {"foundation-models" => fixture("bedrock/good"), "inference-profiles" => 403})
    refresh
    expect(outcome(:bedrock))
      .to have_attributes(status: :refreshed, remark: /\Ainference-profiles\?maxResults=1000: HTTP 403/)
  end

  it "says which page is missing" do
    stub_source(:anthropic, body: fixture("anthropic/page_1"))
    refresh
    expect(outcome(:anthropic))
      .to have_attributes(status: :failed, error: "page 1 names a next page, which is not stubbed")
  end

  it "gives models their facts, as their provider's own statement" do
    stub_source(:openai, models: [{
      id: "gpt-4.1", name: "GPT-4.1", family: "gpt", type: :chat,
      created_at: Time.utc(2025, 4, 14), knowledge_cutoff: "2024-06",
      context_window: 1_047_576, max_output_tokens: 32_768,
      input_modalities: %w[text image], output_modalities: %w[text],
      capabilities: %w[function_calling streaming],
      pricing: {text_tokens: {standard: {input_per_million: 2.0, output_per_million: 8}}},
      metadata: {owner: "us"}
    }])
    refresh
    expect(RubyLLM.models.find("gpt-4.1")).to have_attributes(
      name: "GPT-4.1", provider: "openai", family: "gpt", type: :chat,
      created_at: Time.utc(2025, 4, 14), knowledge_cutoff: Date.new(2024, 6, 1),
      knowledge_cutoff_precision: :month, context_window: 1_047_576,
      max_output_tokens: 32_768, input_modalities: %w[text image],
      output_modalities: %w[text], capabilities: contain_exactly("function_calling", "streaming"),
      input_price_per_million: 2.0,
      output_price_per_million: 8.0, metadata: {openai: {owner: "us"}}, standing: :listed
    )
    expect(RubyLLM.models.find("gpt-4.1").origin(:context_window)).to eq(:openai)
    expect(outcome(:openai)).to have_attributes(status: :refreshed, rows: 1, added: 1, rejected: 0)
  end

  it "leaves unknown what is not said" do
    stub_source(:openai, models: [{id: "gpt-4.1"}])
    refresh
    expect(RubyLLM.models.find("gpt-4.1"))
      .to have_attributes(context_window: nil, capabilities: [], input_price_per_million: nil)
  end

  it "takes facts of a model that is there" do
    stub_source(
      :openai, models: [{id: "gpt-4.1", context_window: 1_047_576, type: "chat", output_modalities: %w[text]}]
    )
    stub_source(:openai, models: [refresh.find("gpt-4.1").to_h.merge(context_window: 5)])
    expect(refresh.find("gpt-4.1")).to have_attributes(context_window: 5, output_modalities: %w[text])
  end

  it "makes a model unlisted that a later stub no longer has, and keeps all when a source fails" do
    stub_source(:openai, models: [{id: "a"}, {id: "b"}])
    refresh
    stub_source(:openai, models: [{id: "a"}])
    refresh
    expect(RubyLLM.models.unlisted.map(&:id)).to eq(%w[b])
    fail_source(:openai, error: "no route to host")
    expect(refresh).to be_a(RubyLLM::Native::RefreshError)
    expect(outcome(:openai))
      .to have_attributes(status: :failed, kept: 1, error: "no route to host", error_status: :network, http_status: nil)
    expect(RubyLLM.models.map(&:id)).to eq(%w[a])
  end

  it "has the error class of a bad key" do
    fail_source(:gemini, status: 400, error: "API key not valid. Please pass a valid API key.")
    refresh
    expect(outcome(:gemini).error_class).to eq(RubyLLM::UnauthorizedError)
  end

  it "has metadata sources add to what a provider lists" do
    stub_source(:openai, models: [{id: "gpt-4.1"}])
    stub_source(:models_dev, body: JSON.generate(openai: {models: {"gpt-4.1" => {id: "gpt-4.1", limit: {context: 7}}}}))
    expect(refresh.find("gpt-4.1")).to have_attributes(context_window: 7, standing: :listed)
  end

  it "fails what is configured and not stubbed, and says what to do" do
    RubyLLM.config.mistral_api_key = "no-real-key"
    stub_source(:openai, models: [{id: "a"}])
    refresh
    expect(outcome(:mistral)).to have_attributes(status: :failed, attempts: 0,
      error: "Mistral is not stubbed, and RubyLLM::Native::Testing allows no real requests: " \
        "stub the source with RubyLLM::Native::Testing, or set config.allow_real_requests")
    expect(outcome(:xai)).to have_attributes(status: :skipped, reason: :xai_api_key)
  end

  it "fetches no credentials for what it refuses or stubs" do
    RubyLLM.config.bedrock_region = "us-east-1"
    RubyLLM.config.bedrock_credential_provider = Class.new { def credentials = raise("asked") }.new
    refresh
    expect(outcome(:bedrock).error).to include("is not stubbed")
    stub_source(:bedrock, models: [{id: "a"}])
    refresh
    expect(outcome(:bedrock)).to have_attributes(status: :refreshed)
  end

  it "lets all other sources be silent" do
    RubyLLM.config.mistral_api_key = "no-real-key"
    stub_source(:openai, models: [{id: "a"}])
    stub_all_sources
    refresh(strict: true)
    expect(RubyLLM.models.last_refresh.select(&:asked?).to_h { |each| [each.source, each.status] })
      .to eq(openai: :refreshed, mistral: :empty)
  end

  it "puts models in place for a block, and what was there before back after it, whatever happens in it" do
    stub_source(:openai, models: [{id: "a"}])
    refresh
    before = RubyLLM.models.catalog
    expect(with_models([{provider: :openai, id: "b"}, {provider: "xai", id: "c"}]) { RubyLLM.models.map(&:id) })
      .to eq(%w[b c])
    expect { with_models([]) { raise "#{RubyLLM.models.size} models" } }.to raise_error("0 models")
    expect(RubyLLM.models.catalog).to equal(before)
  end

  it "gives progress as a real refresh does" do
    stub_source(:openai, models: [{id: "a"}])
    seen = []
    RubyLLM.models.refresh! { |progress| seen << progress.to_h.except(:duration, :bytes, :error) }
    expect(seen).to eq([{source: :openai, status: :refreshed, rows: 1}])
  end

  {
    "an unknown source" => [[:opnai, {body: "{}"}], /\AUnknown source: opnai \(known: openai, /],
    "an unknown fact" => [
      [:openai, {models: [{id: "a", contxt: 1}]}], /\AUnknown fact: contxt \(known: id, name, .*context_window/
    ],
    "a type that does not exist" => [[:openai, {models: [{id: "a", type: :chatt}]}], "type of a cannot be :chatt"],
    "a capability that does not exist" => [
      [:openai, {models: [{id: "a", capabilities: %w[flying]}]}], 'capabilities of a cannot be ["flying"]'
    ],
    "a limit that is none" => [
      [:openai, {models: [{id: "a", context_window: "many"}]}], 'context_window of a cannot be "many"'
    ],
    "a model without an id" => [[:openai, {models: [{name: "A"}]}], /\AA model must have an id, got/],
    "another provider's model" => [
      [:openai, {models: [{id: "a", provider: "xai"}]}], "The provider of a must be openai, got xai"
    ],
    "models of a catalogue" => [
      [:models_dev, {models: [{id: "a"}]}], "models_dev lists no models of its own. Pass a body"
    ],
    "neither models nor body" => [[:openai, {}], "Pass either models or a body"],
    "an unknown listing" => [
      [:xai, {body: {"nothing" => "{}"}}], /\Axai has no single listing "nothing" \(it has "models", "language-models"/
    ],
    "a body that is no text" => [
      [:openai, {body: [{data: []}]}], "A body must be a String, or an Integer for a status, got Hash"
    ]
  }.each do |what, ((source, options), message)|
    it "refuses #{what}" do
      expect { stub_source(source, **options) }.to raise_error(ArgumentError, message)
    end
  end

  it "refuses a status that is not a failure, and a failure without status or error" do
    expect { fail_source(:openai, status: 200) }
      .to raise_error(ArgumentError, "status must be an HTTP status from 400 to 599, got 200")
    expect { fail_source(:openai) }.to raise_error(ArgumentError, "Pass a status, an error, or both")
  end
end
