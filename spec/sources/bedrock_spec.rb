# frozen_string_literal: true

require "aws-sigv4"
require "spec_helper"
require_relative "../support/refreshing"

# Bedrock over real HTTP: its three listings, their signatures, and the one answer that is made of them.
RSpec.describe "The source bedrock" do
  include Refreshing
  include ReplayServer::Answers

  let!(:server) { ReplayServer.start }
  let(:registry) { registry_for(config) }
  let(:config) do
    RubyLLM::Native::Configuration.new.tap do |config|
      config.refresh_retries = 0
      config.models_dev_url = nil
      config.bedrock_region = "us-west-2"
      config.bedrock_api_key = "AKIDACME"
      config.bedrock_secret_key = "secret/of:acme+1"
      config.bedrock_api_base = server.url("bedrock")
      config.bedrock_mantle_api_base = server.url("mantle")
    end
  end

  before { answer }
  after { server.stop }

  def answer(
    foundation: json(fixture("bedrock/good")), profiles: method(:profiles_in_pages),
    mantle: json(fixture("bedrock/mantle"))
  )
    server.on("bedrock", lambda do |request|
      case request.path
      when "/bedrock/foundation-models" then foundation
      when "/bedrock/inference-profiles" then profiles.respond_to?(:call) ? profiles.call(request) : profiles
      else status(404)
      end
    end)
    server.on("mantle", ->(request) { (request.path == "/mantle/v1/models") ? mantle : status(404) })
  end

  def profiles_in_pages(request)
    pages = {nil => "profiles_1", "to/page=2=" => "profiles_2"}
    json(fixture("bedrock/#{pages.fetch(request.query["nextToken"])}"))
  end

  def model(id)
    registry.find(id, "bedrock")
  end

  # The signature that the aws-sigv4 gem makes of a request as it arrived.
  def signature(request, service:, session_token: nil)
    signed = request.headers.fetch("authorization")[/SignedHeaders=([^,]+)/, 1].split(";")
    signer = Aws::Sigv4::Signer.new(service: service, region: "us-west-2",
      access_key_id: config.bedrock_api_key || "AKIDROLE",
      secret_access_key: config.bedrock_secret_key || "secret-of-role",
      session_token: session_token, apply_checksum_header: false)
    query = URI.encode_www_form(request.query)
    headers = signed.to_h { |name| [name, request.headers.fetch(name)] }
    signer.sign_request(http_method: "GET",
      url: "http://#{request.headers["host"]}#{request.path}#{"?#{query}" unless query.empty?}",
      headers: headers, body: "").headers.fetch("authorization")
  end

  def parts(authorization)
    authorization.scan(/(Credential|SignedHeaders|Signature)=([^,\s]+)/).to_h
  end

  it "asks for its three listings and follows the pages of the profiles" do
    registry.refresh!

    expect(server.requests("bedrock").map { |request| [request.path, request.query] }).to contain_exactly(
      ["/bedrock/foundation-models", {}],
      ["/bedrock/inference-profiles", {"maxResults" => "1000"}],
      ["/bedrock/inference-profiles", {"maxResults" => "1000", "nextToken" => "to/page=2="}]
    )
    expect(server.requests("mantle").map(&:path)).to eq(["/mantle/v1/models"])
    expect(outcome(:bedrock)).to have_attributes(status: :refreshed, rejected: 0, remark: nil, attempts: 4)
  end

  it "signs every request as the aws-sigv4 gem does" do
    registry.refresh!

    {"bedrock" => "bedrock", "mantle" => "bedrock-mantle"}.each do |source, service|
      server.requests(source).each do |request|
        arrived = request.headers["authorization"]
        expect(arrived).to start_with("AWS4-HMAC-SHA256 Credential=AKIDACME/")
        expect(arrived).to include("/us-west-2/#{service}/aws4_request")
        expect(parts(arrived)).to eq(parts(signature(request, service: service)))
        expect(parts(arrived)["SignedHeaders"].split(";")).to include("host", "x-amz-date")
      end
    end
  end

  it "signs a plus sign in the token of a page, or says that this libcurl cannot" do
    first = JSON.parse(fixture("bedrock/profiles_1")).merge("nextToken" => "to+page")
    second = fixture("bedrock/profiles_2")
    answer(profiles: ->(request) { json(request.query["nextToken"] ? second : JSON.generate(first)) })
    registry.refresh!

    last = server.requests("bedrock").reverse.find { |request| request.path.end_with?("inference-profiles") }
    libcurl = Gem::Version.new(RubyLLM::Native::LIBRARIES[:libcurl][%r{libcurl/([\d.]+)}, 1])
    if libcurl.between?(Gem::Version.new("8.14"), Gem::Version.new("8.18.99"))
      expect(last.query).not_to include("nextToken")
      expect(outcome(:bedrock).remark)
        .to include("inference-profiles", "libcurl 8.14 to 8.18 sign a plus sign in a query wrongly")
    else
      expect(last.query["nextToken"]).to eq("to+page")
      expect(parts(last.headers["authorization"])).to eq(parts(signature(last, service: "bedrock")))
    end
  end

  it "signs the session token too" do
    config.bedrock_session_token = "token+of/session=="
    registry.refresh!

    {"bedrock" => "bedrock", "mantle" => "bedrock-mantle"}.each do |source, service|
      server.requests(source).each do |request|
        expect(request.headers["x-amz-security-token"]).to eq("token+of/session==")
        expect(parts(request.headers["authorization"]))
          .to eq(parts(signature(request, service: service, session_token: "token+of/session==")))
        expect(parts(request.headers["authorization"])["SignedHeaders"].split(";")).to include("x-amz-security-token")
      end
    end
  end

  describe "with a provider of credentials" do
    let(:provider) do
      credentials = Struct.new(:access_key_id, :secret_access_key, :session_token)
        .new("AKIDROLE", "secret-of-role", "token-of-role")
      Struct.new(:credentials).new(credentials)
    end

    before do
      config.bedrock_api_key = config.bedrock_secret_key = nil
      config.bedrock_credential_provider = provider
    end

    it "signs with what it gives" do
      registry.refresh!

      request = server.requests("bedrock").first
      expect(request.headers["x-amz-security-token"]).to eq("token-of-role")
      expect(parts(request.headers["authorization"]))
        .to eq(parts(signature(request, service: "bedrock", session_token: "token-of-role")))
    end

    it "fails, alone and without a request, when it raises" do
      registry.refresh!
      def provider.credentials
        raise ArgumentError, "secret-of-role has expired"
      end

      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError)
      expect(outcome(:bedrock)).to have_attributes(status: :failed,
        error: "bedrock_credential_provider raised ArgumentError",
        error_status: :bad_setting, attempts: 0, kept: 7)
      expect(registry.by_provider(:bedrock).size).to eq(7)
    end
  end

  it "is skipped without keys" do
    config.bedrock_secret_key = nil
    registry.refresh!

    expect(outcome(:bedrock)).to have_attributes(status: :skipped, reason: :bedrock_secret_key)
  end

  it "states what the rows state" do
    registry.refresh!

    expect(ids(:bedrock)).to contain_exactly("acme.talk-v1:0", "us.acme.large-v2:0",
      "us.acme.wide-v1:0", "acme.talk-v1:0:20k", "acme.vectors-v3",
      "acme.rerank-v1:0", "acme.open-120b")
    expect(model("acme.talk-v1:0")).to have_attributes(name: "Acme Talk",
      family: "Talk", context_window: 200_000, max_output_tokens: 8192,
      created_at: Time.utc(2025, 3, 4, 17))
    expect(model("acme.talk-v1:0").modalities.input).to contain_exactly("text", "image", "pdf")
    expect(model("acme.talk-v1:0").capabilities.map(&:to_s))
      .to include("streaming", "reasoning", "batch", "fine_tuning")
    expect(model("acme.talk-v1:0").capabilities.map(&:to_s))
      .not_to include("function_calling", "caching", "distillation")
    expect(model("us.acme.large-v2:0"))
      .to have_attributes(family: "acme", context_window: 163_840, max_output_tokens: nil)
    expect(model("us.acme.wide-v1:0").context_window).to eq(1_000_000)
    expect(model("acme.talk-v1:0:20k").context_window).to eq(20_000)
    expect(model("acme.vectors-v3").type.to_s).to eq("embedding")
    expect(model("acme.rerank-v1:0").type.to_s).to eq("rerank")
  end

  it "tells which models are on their way out" do
    registry.refresh!

    expect(model("us.acme.wide-v1:0")).to have_attributes(status: :deprecated, retires_at: Time.utc(2026, 7, 1))
    expect(model("acme.talk-v1:0")).to have_attributes(status: :active, retires_at: nil)
  end

  it "keeps what the record has no field for, in its own order" do
    registry.refresh!
    stated = JSON.parse(JSON.generate(model("acme.talk-v1:0").metadata)).fetch("bedrock")

    expect(stated).to include("modelArn" => "arn:aws:bedrock:us-west-2::foundation-model/acme.talk-v1:0",
      "guardrailsSupported" => true,
      "inferenceTypesSupported" => %w[ON_DEMAND PROVISIONED])
    expect(stated.keys).not_to include("consoleIDEMetadata", "endpoint")
  end

  it "marks what the mantle lists too, and adds what only the mantle lists" do
    registry.refresh!
    both, mantle = %w[acme.vectors-v3 acme.open-120b].map do |id|
      JSON.parse(JSON.generate(model(id).metadata)).fetch("bedrock")
    end

    expect(both).to include("endpoint" => "mantle", "providerName" => "Acme")
    expect(model("acme.vectors-v3")).to have_attributes(name: "Acme Vectors", created_at: Time.at(1_764_460_800).utc)
    retention = {"mode" => "default", "source" => "model_default", "allowed_modes" => %w[default inherit none]}
    expect(mantle).to eq("endpoint" => "mantle", "status" => "available", "data_retention" => retention)
  end

  {"eu-west-1" => "global", "us-east-1" => "us", "ap-southeast-2" => "global"}.each do |region, prefix|
    it "calls a model by the profile #{prefix} in #{region}" do
      config.bedrock_region = region
      registry.refresh!

      expect(ids(:bedrock)).to include("#{prefix}.acme.large-v2:0")
    end
  end

  {"ap-northeast-1" => "apac", "us-gov-west-1" => "us-gov", "eu-west-1" => "eu"}.each do |region, prefix|
    it "makes the id of a model without a profile of #{prefix} in #{region}" do
      config.bedrock_region = region
      registry.refresh!

      expect(ids(:bedrock)).to include("#{prefix}.acme.wide-v1:0")
    end
  end

  it "goes on without its profiles, and says so" do
    answer(profiles: json(fixture("bedrock/error"), status: 403))
    registry.refresh!

    expect(outcome(:bedrock).status).to eq(:refreshed)
    expect(outcome(:bedrock).remark)
      .to include("inference-profiles", "The security token included in the request is invalid.")
    expect(ids(:bedrock)).to include("us.acme.large-v2:0")
  end

  it "takes from the mantle whether a model can be had without data being kept" do
    answer(mantle: json({data: [
      {id: "acme.vectors-v3", data_retention: {allowed_modes: %w[default none]}},
      {id: "acme.open-120b", data_retention: {allowed_modes: %w[default provider_data_share]}}
    ]}))
    registry.refresh!

    expect(model("acme.vectors-v3").data_policy).to eq(zero_data_retention: true)
    expect(model("acme.open-120b").data_policy).to eq(zero_data_retention: false)
    expect(registry.where(zero_data_retention: true).map(&:id)).to eq(%w[acme.vectors-v3])
  end

  it "fails when its models or the mantle do" do
    [
      {foundation: json(fixture("bedrock/error"), status: 403)},
      {mantle: json({error: {code: "x", message: "No mantle here"}}, status: 403)}
    ].each do |failing|
      answer(**failing)
      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError)
      expect(outcome(:bedrock)).to have_attributes(
        status: :failed, http_status: 403, error: /HTTP 403: (The security token included|No mantle here)/
      )
    end
  end

  it "takes nothing odd for a fact" do
    answer(foundation: json(fixture("bedrock/odd")), mantle: json({data: []}))
    registry.refresh!

    expect(ids(:bedrock)).to contain_exactly("us.acme.moved-v1:0", "acme.small-v3:0:512", "acme.mixed-v1:0:mm")
    expect(model("us.acme.moved-v1:0")).to have_attributes(context_window: nil, max_output_tokens: nil, family: "acme")
    expect(model("acme.small-v3:0:512").context_window).to eq(512)
    expect(model("acme.mixed-v1:0:mm").context_window).to eq(128_000)
  end

  it "loses one row to one bad row" do
    answer(foundation: json(fixture("bedrock/broken_rows")), mantle: json({data: []}))
    registry.refresh!

    expect(ids(:bedrock)).to contain_exactly("acme.one", "acme.two")
    expect(outcome(:bedrock)).to have_attributes(rejected: 1, rejection: "id must be a string, got a number")
  end

  it "keeps its models when it lists none" do
    registry.refresh!
    answer(
      foundation: json(fixture("bedrock/empty")),
      profiles: json({inferenceProfileSummaries: []}), mantle: json({data: []})
    )
    registry.refresh!

    expect(outcome(:bedrock)).to have_attributes(status: :empty, kept: 7)
  end

  it "tells ids for one region from others" do
    expect(%w[us.acme.a sa.acme.a acme.a usa.acme.a].select { |id| RubyLLM::Native.regional_id?("bedrock", id) })
      .to eq(%w[us.acme.a sa.acme.a])
    expect(RubyLLM::Native.regional_id?("openai", "us.acme.a")).to be(false)
    expect(RubyLLM::Native.regional_id?("acme", "us.acme.a")).to be(false)
  end
end
