# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/refreshing"

# Base URLs as people paste them.
RSpec.describe "the address of a source" do
  include_context "with a server for all sources"

  # What is asked, with its query, of a base that is this after the host.
  def asked(source, base)
    server.reset
    server.on(source, json({data: [{id: "one"}], models: [{name: "models/one"}], object: "list"}))
    config.public_send(:"#{source}_api_base=", base)
    registry.refresh!(only: source)
    request = server.requests(source).last
    [request.path, request.query]
  end

  {
    "/v1" => ["/v1/models", {}], "/v1/" => ["/v1/models", {}],
    "/v1//" => ["/v1/models", {}], "/v1 " => ["/v1/models", {}],
    "/v1\n" => ["/v1/models", {}], "/v1/\r\n" => ["/v1/models", {}],
    "/v1/models" => ["/v1/models", {}], "/v1/models/ " => ["/v1/models", {}],
    "/my-models" => ["/my-models/models", {}],
    "/v1?api-version=2025-01-01" => ["/v1/models", {"api-version" => "2025-01-01"}],
    "/v1/?a=1&b=%2F " => ["/v1/models", {"a" => "1", "b" => "/"}], "/v1/models?a=1&" => ["/v1/models", {"a" => "1"}],
    "/v1?" => ["/v1/models", {}], "/v1#section" => ["/v1/models", {}],
    "/v1?a=1#section" => ["/v1/models", {"a" => "1"}], "" => ["/models", {}]
  }.each do |base, (path, query)|
    it "may be #{base.inspect} behind the host" do
      expect(asked("openai", " #{server.url("openai")}#{base}")).to eq(["/openai#{path}", query])
    end
  end

  it "keeps the query of a listing before the app's own" do
    expect(asked("anthropic", "#{server.url("anthropic")}?gateway=a"))
      .to eq(["/anthropic/v1/models", {"limit" => "1000", "gateway" => "a"}])
    expect(asked("anthropic", "#{server.url("anthropic")}/v1")).to eq(["/anthropic/v1/models", {"limit" => "1000"}])
    expect(asked("anthropic", "#{server.url("anthropic")}/v1/models"))
      .to eq(["/anthropic/v1/models", {"limit" => "1000"}])
  end

  it "may be that of the first of several lists" do
    asked("xai", "#{server.url("xai")}/v1/models")
    expect(server.requests("xai").map(&:path)).to match_array(%w[
      models language-models image-generation-models video-generation-models
    ]
      .map { |list| "/xai/v1/#{list}" })
  end

  it "of a metadata source is whole" do
    server.on("models_dev", json(fixture("models_dev/good")))
    config.models_dev_url = "\t#{server.url("models_dev")}/api.json?x=1\n"
    registry.refresh!(only: :models_dev)
    expect(server.requests("models_dev").last).to have_attributes(path: "/models_dev/api.json", query: {"x" => "1"})
  end

  {
    "openai_api_base" => ["localhost:1234/v1", "gateway.example/v1",
      "ftp://gateway.example", "http//gateway.example", "http://gate way/v1",
      "http://gateway.example/v1?a=b c", "http://gateway.example:port", "file:///etc/passwd", "v1"],
    "models_dev_url" => ["models.dev/api.json"], "ollama_api_base" => ["11434"], "azure_api_base" => ["my resource"],
    "bedrock_mantle_api_base" => ["gopher://gateway.example"]
  }.each do |option, bases|
    bases.each do |base|
      it "is refused by its option's name: #{option} = #{base.inspect}" do
        config.bedrock_api_key = config.bedrock_secret_key = config.azure_api_key = "a-key-of-someone"
        config.bedrock_region = "us-east-1"
        config.bedrock_api_base = server.url("bedrock")
        config.public_send(:"#{option}=", base)
        source = option[/\A[a-z]+(_dev)?/].to_sym
        expect { registry.refresh!(only: source) }.to raise_error(RubyLLM::Native::RefreshError)
        told = [outcome(source).error, outcome(source).remark].compact.join
        expect(told).to include("#{option} must be an http or https URL, got \"#{base}\"")
      end
    end
  end
end
