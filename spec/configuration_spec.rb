# frozen_string_literal: true

require "spec_helper"
require "pp"

RSpec.describe RubyLLM::Native::Configuration do
  subject(:config) { described_class.new }

  it "has the settings of every source" do
    expect(described_class.options)
      .to include(:openai_api_key, :openai_api_base, :openai_organization_id, :anthropic_api_key, :ollama_api_base)
  end

  it "starts with the documented defaults" do
    expect(config).to have_attributes(refresh_timeout: 60,
      refresh_request_timeout: 30, refresh_connect_timeout: 5, refresh_retries: 3,
      models_dev_url: "https://models.dev/api.json", openai_api_key: nil, http_proxy: nil, logger: nil)
  end

  it "takes the options that only chats read" do
    config.request_timeout = 120
    config.default_model = "gpt-4.1"
    expect(config).to have_attributes(request_timeout: 120, default_model: "gpt-4.1")
  end

  it "reads no key from the environment" do
    ENV["OPENAI_API_KEY"] = "sk-environment"
    expect(described_class.new.openai_api_key).to be_nil
  ensure
    ENV.delete("OPENAI_API_KEY")
  end

  it "counts a blank text as unset" do
    config.openai_api_key = " \n"
    expect(config.openai_api_key).to be_nil
  end

  it "turns models.dev off with nil" do
    config.models_dev_url = nil
    expect(config.models_dev_url).to be_nil
  end

  it "has names of the app's own for models" do
    config.model_alias "fast", :"gpt-4.1-nano"
    config.model_alias :smart, "claude-opus-4-5", provider: :anthropic
    expect(config.model_aliases).to eq("fast" => ["gpt-4.1-nano", nil], "smart" => %w[claude-opus-4-5 anthropic])
    config.model_aliases = {cheap: "gpt-4.1-nano"}
    expect(config.model_aliases).to eq("cheap" => ["gpt-4.1-nano", nil])
    expect { config.model_alias "", "x" }
      .to raise_error(RubyLLM::ConfigurationError, 'A model alias needs a name and an id, got "" and "x"')
  end

  it "tells by its version that something was set" do
    expect { config.openai_api_key = "sk-1" }.to change(config, :version)
    expect { config.model_alias "fast", "gpt-4.1-nano" }.to change(config, :version)
    expect { config.openai_api_key }.not_to change(config, :version)
  end

  it "says what a mistyped option might have been" do
    expect { config.openai_api_kye = "sk-1" }
      .to raise_error(RubyLLM::Native::UnknownOption, "There is no option openai_api_kye. Did you mean openai_api_key?")
  end

  it "says how to configure a known endpoint, which has no options" do
    {
      groq_api_key: "config.endpoint :groq, api_key: …", together_api_key: "config.endpoint :together, api_key: …",
      groq_api_base: "config.endpoint :groq, base_url: …"
    }.each do |option, line|
      expect { config.public_send(:"#{option}=", "key") }
        .to raise_error(RubyLLM::Native::UnknownOption, "There is no option #{option}. Define an endpoint: #{line}")
    end
  end

  it "never says the value of a mistyped option" do
    expect { config.opnai_key = "sk-secret" }
      .to raise_error(NoMethodError) { |error| expect(error.full_message).not_to include("sk-secret") }
  end

  it "refuses an invalid timeout" do
    expect { config.refresh_timeout = "soon" }
      .to raise_error(RubyLLM::ConfigurationError, 'refresh_timeout must be a positive number of seconds, got "soon"')
  end

  it "refuses a number of retries below 0" do
    expect { config.refresh_retries = -1 }
      .to raise_error(RubyLLM::ConfigurationError, "refresh_retries must be a whole number, 0 or more, got -1")
  end

  it "shows that secrets are set, and not what they are" do
    config.openai_api_key = "sk-secret"
    config.http_proxy = "http://user:secret@proxy:3128"
    expect(config.inspect).to eq(
      '#<RubyLLM::Native::Configuration openai_api_key: [hidden], http_proxy: "http://[hidden]@proxy:3128">'
    )
    expect(config.pretty_inspect + config.to_s).not_to include("secret")
  end

  it "is copied whole" do
    copy = config.dup
    copy.openai_api_key = "sk-1"
    expect(config.openai_api_key).to be_nil
  end
end

RSpec.describe RubyLLM::Native.const_get(:Plan) do
  let(:config) { RubyLLM::Native::Configuration.new.tap { |c| c.openai_api_key = "sk-secret" } }

  def plan(**options)
    described_class.new(config, **options)
  end

  def proxy_of(source, environment = {})
    stub_const("ENV", environment)
    plan.keywords({})[:requests].find { |request| request[:source] == source }[:proxy]
  end

  it "asks what is configured and says what the others lack" do
    expect(plan).to have_attributes(asked: %w[openai models_dev],
      skipped: include("anthropic" => :anthropic_api_key, "ollama" => :ollama_api_base))
  end

  it "leaves out what the call excludes" do
    config.ollama_api_base = "http://localhost:11434/v1"
    expect(plan(only: :openai).skipped).to include("models_dev" => :excluded, "ollama" => :excluded)
    expect(plan(remote_only: true).skipped).to include("ollama" => :excluded)
  end

  it "asks a source that needs either of two settings when one is set, and names the first when none is" do
    config.azure_api_base = "https://eu.example"
    expect(plan.skipped).to include("azure" => :azure_api_key)
    config.azure_ai_auth_token = "token"
    expect(plan.asked).to include("azure")
  end

  it "needs none of what is supplied where a bearer token stands for it" do
    config.bedrock_region = "eu-central-1"
    expect(plan.skipped).to include("bedrock" => :bedrock_api_key)
    config.bedrock_bearer_token = "token"
    config.endpoint :bedrock_b, provider: :bedrock, region: "us-east-1", bearer_token: "token"
    expect(plan.asked).to include("bedrock", "bedrock_b")
  end

  it "lists the known names when one is unknown" do
    expect { plan(only: %i[openai opnai]) }
      .to raise_error(ArgumentError, /\AUnknown source: opnai \(known: openai, anthropic, gemini, .*models_dev, /)
  end

  it "has equal keys only for equal plans" do
    expect(plan.key).to eq(plan.key)
    plans = [plan, plan(only: :openai), plan(timeout: 5), plan]
    config.openai_api_key = "sk-other"
    expect([*plans, plan].map(&:key).uniq.size).to eq(4)
  end

  it "refuses an invalid timeout" do
    expect { plan(timeout: 0) }.to raise_error(ArgumentError, "timeout must be a positive number of seconds, got 0")
  end

  it "shows no setting" do
    expect(plan.inspect).to eq("#<RubyLLM::Native::Plan asks openai, models_dev>")
  end

  it "holds the sheets of those it does not ask" do
    sheets = {"openai" => "a", "xai" => "b", "file" => "c"}
    expect(plan(only: :openai).keywords(sheets)).to include(held: %w[b c], requests: [include(sheet: "a")])
  end

  it "has room for as many sheets as the core takes, and gives up the oldest that nobody has configured" do
    at = 1_780_000_000
    allow(RubyLLM::Native).to receive(:block_head) do |sheet|
      {provider: ("acme" unless sheet == "file"), fetched_at: Time.at(at + sheet.to_i)}
    end
    sheets = {"openai" => "1", "xai" => "0", "file" => "file", **1_023.times.to_h { |i| ["g#{i}", (i + 1).to_s] }}
    kept = plan(only: :openai).within_limit(sheets)
    expect(sheets.keys - kept.keys).to eq(%w[g0 g1])
    expect(plan(only: :openai).within_limit(kept)).to equal(kept)
  end

  it "takes the certificates that the environment names" do
    stub_const("ENV", {"SSL_CERT_FILE" => "/etc/ours.pem", "SSL_CERT_DIR" => ""})
    expect(plan.keywords({})).to include(ca_file: "/etc/ours.pem", ca_path: nil, timeout: 60.0, retries: 3)
  end

  it "takes the proxy of the environment" do
    expect(proxy_of("openai", {"https_proxy" => "http://proxy:3128"})).to eq("http://proxy:3128")
  end

  it "prefers the configured proxy" do
    config.http_proxy = "http://ours:8080"
    expect(proxy_of("openai", {"HTTPS_PROXY" => "http://proxy:3128"})).to eq("http://ours:8080")
  end

  it "asks without a proxy where NO_PROXY says so" do
    config.http_proxy = "http://ours:8080"
    expect(proxy_of("openai", {"NO_PROXY" => "internal, .openai.com"})).to be_nil
  end

  it "asks its own machine without a proxy" do
    config.http_proxy = "http://ours:8080"
    config.openai_api_base = "http://127.0.0.1:4000/v1"
    expect(proxy_of("openai")).to be_nil
  end
end
