# frozen_string_literal: true

require "tmpdir"
require_relative "spec_helper"
require_relative "support/authority"
require_relative "support/refreshing"

# What endpoints of a configuration send, and what comes of it, over HTTP.
RSpec.describe "a refresh of endpoints" do
  include Refreshing
  include ReplayServer::Answers

  let(:server) { ReplayServer.start }
  let(:config) { RubyLLM::Native::Configuration.new }
  let(:registry) { registry_for(config) }

  before do
    config.models_dev_url = nil
    config.refresh_retries = 0
    serve("acme", %w[m-1 m-2])
  end

  after { server.stop }

  def serve(prefix, ids, **options)
    server.on(prefix, json({data: ids.map { |id| {id: id} }}, **options))
  end

  def request(prefix = "acme")
    server.requests(prefix).last
  end

  def listed_by
    registry.listed.map { |model| [model.provider, model.id, model.endpoints] }
  end

  it "asks a server of one's own, and lists its models under its name" do
    config.endpoint :acme, base_url: server.url("acme"), api_key: "key-of-acme"
    registry.refresh!(strict: true)

    expect(listed_by).to eq([["acme", "m-1", [:acme]], ["acme", "m-2", [:acme]]])
    expect(request.path).to eq("/acme/models")
    expect(request.headers["authorization"]).to eq("Bearer key-of-acme")
    expect(registry.by_provider(:acme).chat_models.size).to eq(2)
    expect(registry.find("m-1").endpoints).to eq([:acme])
  end

  it "asks a known one elsewhere, and finds its models by any spelling of its name" do
    config.endpoint :fireworks, base_url: server.url("acme"), api_key: "key"
    registry.refresh!(only: "Fireworks-AI")

    expect(listed_by.map(&:first).uniq).to eq(["fireworks_ai"])
    expect(registry.by_provider("fireworks").size).to eq(2)
    expect(registry.find("m-1", provider: :fireworks).provider).to eq("fireworks_ai")
    expect(registry.where(provider: "fireworks-ai").size).to eq(2)
  end

  describe "behind a gateway" do
    let(:headers) { {"CF-Access-Client-Id" => "client-1b5e55ed", "CF-Access-Client-Secret" => "secret-0ddba11"} }

    before do
      server.on("acme", lambda { |asked|
        known = headers.all? { |name, value| asked.headers[name.downcase] == value }
        next json({data: [{id: "m"}]}) if known && asked.query["tenant"] == "a b&c"

        came = [asked.headers.values_at(*headers.keys.map(&:downcase)), asked.query]
        json({error: {message: "not allowed: #{came}"}}, status: 403)
      })
    end

    it "sends the headers and the query that it wants" do
      config.endpoint :acme, base_url: "#{server.url("acme")}?api-version=1#part", headers: headers,
        query: {tenant: "a b&c"}
      registry.refresh!(strict: true)

      expect(listed_by).to eq([["acme", "m", [:acme]]])
      expect(request.query).to eq("api-version" => "1", "tenant" => "a b&c")
    end

    it "sends a provider's own key beside the headers that are added to it" do
      config.openai_api_key = "key-of-openai"
      config.openai_api_base = server.url("acme")
      config.endpoint :openai, headers: headers, query: {tenant: "a b&c"}
      registry.refresh!(strict: true)

      expect(listed_by).to eq([["openai", "m", [:openai]]])
      expect(request.headers["authorization"]).to eq("Bearer key-of-openai")
    end

    it "sends the user's own header in place of the API's" do
      config.endpoint :acme, base_url: server.url("acme"), api_key: "key-of-acme", query: {tenant: "a b&c"},
        headers: {**headers, "authorization" => "Basic dXNlcjpwYXNz"}
      registry.refresh!(strict: true)

      expect(request.headers["authorization"]).to eq("Basic dXNlcjpwYXNz")
    end

    it "shows none of their values, wherever they come back" do
      config.endpoint :acme, base_url: server.url("acme"), headers: headers, query: {tenant: "wrong-tenant"}
      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError) { |error|
        expect(error.message).to include("HTTP 403").and include("[secret]")
        [*headers.values, "wrong-tenant"].each { |value| expect(error.message).not_to include(value) }
      }
      expect(registry.last_refresh.to_s).not_to match(/1b5e55ed|0ddba11|wrong-tenant/)
    end

    it "shows no login that a header has in base64, when the server names it" do
      config.endpoint :acme, base_url: server.url("acme"), headers: {"Authorization" => "Basic dXNlcjpwYXNzd29yZA=="}
      server.on("acme", ReplayServer::Answer.status(401, body: {error: {message: "no user:password, nor password"}}))
      expect { registry.refresh! }
        .to raise_error(RubyLLM::Native::RefreshError, /no \[secret\], nor \[secret\]/)
      expect(RubyLLM::Native::Redactor.new(config).call("password, dXNlcjpwYXNzd29yZA==")).to eq("[secret], [secret]")
    end

    it "keeps the query out of what is stored, and asks with the ETag of the same query" do
      server.on("acme", json({data: [{id: "m"}]}, etag: '"1"'))
      config.endpoint :acme, base_url: server.url("acme"), query: {token: "token-1b5e55ed"}
      2.times { registry.refresh!(strict: true) }

      expect(registry.export_json).not_to include("1b5e55ed")
      expect(registry.last_refresh[:acme].status).to eq(:unchanged)
    end
  end

  describe "with several accounts" do
    before do
      serve("main", %w[both main])
      serve("eu", %w[both eu])
      config.openai_api_key = "key-main"
      config.openai_api_base = server.url("main")
      config.endpoint :openai_eu, provider: :openai, base_url: server.url("eu"), api_key: "key-eu"
      registry.refresh!(strict: true)
    end

    it "unites what they list" do
      expect(listed_by).to eq([
        ["openai", "both", %i[openai openai_eu]], ["openai", "eu", [:openai_eu]], ["openai", "main", [:openai]]
      ])
      expect(%w[main eu].map { |prefix| request(prefix).headers["authorization"] })
        .to eq(["Bearer key-main", "Bearer key-eu"])
      expect(registry.explain("both").to_s).to include("listed by openai and openai_eu")
    end

    it "asks all of a provider, or one" do
      registry.refresh!(only: :openai_eu)
      expect([server.requests("main").size, server.requests("eu").size]).to eq([1, 2])
      expect(registry.last_refresh.select(&:asked?).map(&:source)).to eq([:openai_eu])

      registry.refresh!(only: :openai)
      expect(registry.last_refresh[:openai_eu]).to have_attributes(status: :skipped, count: 2, kept: 2)
    end

    it "keeps the part of one that fails, and says which" do
      server.on("eu", status(500))
      registry.refresh!

      expect(registry.last_refresh.select(&:failed?).map(&:source)).to eq([:openai_eu])
      expect(registry.find("eu").endpoints).to eq([:openai_eu])
    end
  end

  it "gives a context endpoints of its own, and leaves the others as they are" do
    serve("theirs", %w[theirs])
    config.endpoint :acme, base_url: server.url("acme")
    registry.refresh!
    tenant = config.dup
    tenant.endpoint :acme, base_url: server.url("theirs"), headers: {"X-Tenant" => "tenant-1"}
    theirs = registry_for(tenant).refresh!

    expect(theirs.listed.map(&:id)).to eq(%w[theirs])
    expect(request("theirs").headers["x-tenant"]).to eq("tenant-1")
    registry.refresh!
    expect(registry.listed.map(&:id)).to eq(%w[m-1 m-2])
    expect(request.headers).not_to include("x-tenant")
  end

  it "sends Bedrock's own API key as a bearer token, without a signature" do
    config.endpoint :bedrock, region: "us-east-1", bearer_token: "bedrock-api-key-1", base_url: server.url("acme")
    config.bedrock_mantle_api_base = server.url("acme")
    expect { registry.refresh!(only: :bedrock) }.to raise_error(RubyLLM::Native::RefreshError) # no such models there

    keys = server.requests("acme").map { |each| each.headers["authorization"] }
    expect(keys.uniq).to eq(["Bearer bedrock-api-key-1"])
  end

  it "sends a gateway's token for Bedrock nowhere else" do
    token = "gateway-token-1"
    config.endpoint :bed, api: :bedrock, region: "us-east-1", bearer_token: token, base_url: server.url("acme")
    config.endpoint :bed_2, api: :bedrock, region: "us-east-1", bearer_token: token, base_url: server.url("bed"),
      mantle_api_base: server.url("mantle")
    server.on("mantle", ReplayServer::Answer.status(404))
    server.on("bed", json({modelSummaries: [{modelId: "acme.m-1", modelName: "M 1"}], inferenceProfileSummaries: []}))
    registry.refresh!

    expect(registry.last_refresh[:bed]).to have_attributes(status: :failed,
      error: /\Abedrock_mantle_api_base must be given beside bedrock_api_base and bedrock_bearer_token/)
    expect(registry.by_provider(:bed_2).listed.map(&:id)).to eq(["acme.m-1"])
  end

  it "asks through the proxy of the endpoint alone, or through none" do
    config.http_proxy = "http://127.0.0.1:#{closed_port}"
    port = server.url("").slice(/:(\d+)/, 1)
    config.endpoint :acme, base_url: "http://models.example.invalid/acme", proxy: "http://127.0.0.1:#{port}"
    config.endpoint :other, base_url: "http://models.example.invalid/acme"
    registry.refresh!

    expect(registry.last_refresh[:acme]).to have_attributes(status: :refreshed, count: 2)
    expect(registry.last_refresh[:other].status).to eq(:failed)
  end

  it "trusts the authorities of the endpoint alone" do
    Dir.mktmpdir do |folder|
      authority = Authority.new(folder)
      secure = ReplayServer.start(tls: {cert: authority.cert, key: authority.key})
      secure.on("acme", json({data: [{id: "safe"}]}))
      config.endpoint :acme, base_url: secure.url("acme"), ca_file: authority.ca_file
      config.endpoint :other, base_url: secure.url("acme")
      registry.refresh!

      expect(listed_by).to eq([["acme", "safe", [:acme]]])
      expect(registry.last_refresh[:other].error).to match(/certificate/)
    ensure
      secure.stop
    end
  end

  it "waits as long as the endpoint may take" do
    serve("slow", %w[slow], delay: 1)
    config.endpoint :acme, base_url: server.url("slow"), request_timeout: 0.2
    config.endpoint :patient, base_url: server.url("slow")
    registry.refresh!

    expect(registry.last_refresh[:acme].error).to match(/timed out/i)
    expect(registry.find("slow").endpoints).to eq([:patient])
  end

  it "keeps the models of an endpoint that is no longer configured until it is forgotten" do
    config.endpoint :acme, base_url: server.url("acme")
    expect { registry.forget_endpoint!(:acme) }
      .to raise_error(ArgumentError, "No endpoint acme has answered (none has)")
    registry.refresh!
    config.defined_endpoints = {}
    config.endpoint :other, base_url: server.url("acme")
    registry.refresh!
    expect(registry.map(&:provider)).to eq(%w[acme acme other other])

    registry.forget_endpoint!("Acme")
    expect(registry.map(&:provider)).to eq(%w[other other])
    expect { registry.forget_endpoint!(:nobody) }
      .to raise_error(ArgumentError, "No endpoint nobody has answered (those that have: other)")
  end

  it "is no failure where an optional endpoint fails" do
    config.endpoint :acme, base_url: server.url("acme")
    config.endpoint :laptop, base_url: "http://127.0.0.1:#{closed_port}/v1", optional: true
    expect { registry.refresh!(strict: true) }.not_to raise_error
    expect(registry.last_refresh[:laptop].status).to eq(:failed)
  end
end
