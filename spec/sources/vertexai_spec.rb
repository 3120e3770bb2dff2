# frozen_string_literal: true

require "googleauth"
require "openssl"
require "spec_helper"
require_relative "../support/refreshing"

# Vertex AI over real HTTP: a listing a publisher, and where its access token comes from.
RSpec.describe "The source vertexai" do
  include Refreshing
  include ReplayServer::Answers

  let!(:server) { ReplayServer.start }
  let(:registry) { registry_for(config) }
  let(:publishers) { %w[google anthropic mistralai meta deepseek-ai qwen openai moonshotai zai-org] }
  let(:answers) { {"meta" => json(fixture("vertexai/good")), "anthropic" => json(fixture("vertexai/odd"))} }
  let(:config) do
    RubyLLM::Native::Configuration.new.tap do |config|
      config.refresh_retries = 0
      config.models_dev_url = nil
      config.vertexai_project_id = "acme-project"
      config.vertexai_location = "europe-west1"
      config.vertexai_access_token = "ya29.given"
      config.vertexai_api_base = server.url("vertexai/v1beta1")
    end
  end

  before do
    server.on("vertexai", lambda do |request|
      publisher = request.path[%r{\A/vertexai/v1beta1/publishers/([^/]+)/models\z}, 1]
      answers.fetch(publisher) { (publisher == "google") ? google(request) : json(fixture("vertexai/empty")) }
    end)
  end

  after { server.stop }

  def google(request)
    json(fixture("vertexai/#{{nil => "page_1", "page two" => "page_2"}.fetch(request.query["pageToken"])}"))
  end

  def model(id)
    registry.find(id, "vertexai")
  end

  it "asks for each publisher's models, to the last page" do
    registry.refresh!
    asked = server.requests("vertexai")

    expect(asked.map { |request| request.path.split("/")[-2] }).to match_array(publishers + ["google"])
    expect(asked.map(&:query)).to include({"pageSize" => "100", "pageToken" => "page two"})
    expect(asked.map { |request| request.query["pageSize"] }.uniq).to eq(["100"])
    expect(asked.map { |request| request.headers.values_at("authorization", "x-goog-user-project") }.uniq)
      .to eq([["Bearer ya29.given", "acme-project"]])
  end

  it "keeps the models that are served, by the ids they are called by" do
    registry.refresh!

    expect(ids(:vertexai)).to contain_exactly(
      "gemini-9-flash", "text-embedding-900", "meta/llama-9-70b-instruct-maas", "claude-opus-9", "codestral-9"
    )
    expect(outcome(:vertexai)).to have_attributes(
      status: :refreshed, rejected: 0, left_out: 6, left_out_reason: /is not served by its publisher's API\z/
    )
  end

  it "states no more than the rows" do
    registry.refresh!

    expect(model("gemini-9-flash")).to have_attributes(context_window: nil, max_output_tokens: nil, created_at: nil)
    expect(model("text-embedding-900").type.to_s).to eq("embedding")
    stated = JSON.parse(JSON.generate(model("gemini-9-flash").metadata)).fetch("vertexai")
    expect(stated).to include("name" => "publishers/google/models/gemini-9-flash",
      "versionId" => "default", "openSourceCategory" => "PROPRIETARY")
  end

  it "is not hidden by a publisher that refuses or is not there" do
    answers["anthropic"] = json(fixture("vertexai/error"), status: 403)
    answers["qwen"] = status(404)
    registry.refresh!

    expect(ids(:vertexai)).to include("gemini-9-flash", "meta/llama-9-70b-instruct-maas")
    expect(outcome(:vertexai).remark)
      .to include("publishers/anthropic/models", "HTTP 403: Permission denied on resource project acme.")
  end

  it "fails when Google's own listing does" do
    answers["google"] = json(fixture("vertexai/error"), status: 403)

    expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError)
    expect(outcome(:vertexai)).to have_attributes(
      status: :failed, http_status: 403, error: "HTTP 403: Permission denied on resource project acme."
    )
  end

  it "loses one row to one bad row" do
    answers["google"] = json(fixture("vertexai/broken_rows"))
    registry.refresh!

    expect(ids(:vertexai)).to include("gemini-1", "gemini-2")
    expect(outcome(:vertexai)).to have_attributes(rejected: 1, rejection: "a row must have an id")
  end

  it "keeps its models when nobody lists any" do
    registry.refresh!
    publishers.each { |publisher| answers[publisher] = json(fixture("vertexai/empty")) }
    answers["google"] = json({publisherModels: []})
    registry.refresh!

    expect(outcome(:vertexai)).to have_attributes(status: :empty, kept: 5)
  end

  it "does not treat an answer without Google's list as an empty one" do
    registry.refresh!
    publishers.each { |publisher| answers[publisher] = json(fixture("vertexai/empty")) }

    expect { registry.refresh! }
      .to raise_error(RubyLLM::Native::RefreshError, /vertexai \(no publisherModels\[\] in the answer\)/)
    expect(outcome(:vertexai)).to have_attributes(status: :failed, kept: 5)
  end

  describe "with the key of a service account" do
    let(:key) do
      {type: "service_account", project_id: "acme-project", client_email: "robot@acme.example",
       private_key: OpenSSL::PKey::RSA.new(2048).to_pem, token_uri: "#{server.url("oauth")}/token"}
    end

    before do
      count = 0
      server.on(
        "oauth",
        ->(_request) { json({access_token: "ya29.number-#{count += 1}", expires_in: 3600, token_type: "Bearer"}) }
      )
      config.vertexai_access_token = nil
      config.vertexai_service_account_key = JSON.generate(key)
    end

    def tokens_used
      server.requests("vertexai").map { |request| request.headers["authorization"] }.uniq
    end

    it "fetches a token where the key says, and uses it again" do
      2.times { registry.refresh! }

      expect(server.requests("oauth").map { |request| [request.method, request.path] })
        .to eq([["POST", "/oauth/token"]])
      expect(tokens_used).to eq(["Bearer ya29.number-1"])
    end

    it "fetches another one for another configuration" do
      registry.refresh!
      registry_for(config.dup).refresh!

      expect(tokens_used).to eq(["Bearer ya29.number-1", "Bearer ya29.number-2"])
    end

    it "fetches another one when it expires within a minute" do
      server.on("oauth", json({access_token: "ya29.short", expires_in: 30, token_type: "Bearer"}))
      2.times { registry.refresh! }

      expect(server.requests("oauth").size).to eq(2)
    end

    it "fails alone when there is no token" do
      server.on("oauth", json({error: "invalid_grant", error_description: "Account not found"}, status: 400))
      server.on("ollama", json({data: [{id: "llama"}]}))
      config.ollama_api_base = server.url("ollama")
      registry.refresh!

      expect(outcome(:vertexai))
        .to have_attributes(status: :failed, attempts: 0, error: /Google returned no access token: .*invalid_grant/)
      expect(outcome(:ollama).status).to eq(:refreshed)
    end

    it "fails when the key is not one, and does not quote it" do
      config.vertexai_service_account_key = "-----BEGIN PRIVATE KEY-----abc"

      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError)
      expect(outcome(:vertexai).error)
        .to eq("vertexai_service_account_key must be a service account's key in JSON")
    end

    it "fails naming the gem where googleauth is not there" do
      allow(config.credentials).to receive(:require).with("googleauth").and_raise(LoadError)

      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError, /googleauth/)
      expect(outcome(:vertexai)).to have_attributes(status: :failed, error_status: :bad_setting)
    end
  end
end
