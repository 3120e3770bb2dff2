# frozen_string_literal: true

require_relative "spec_helper"
require "json"
require "pp"
require "yaml"

RSpec.describe "config.endpoint" do
  let(:config) { RubyLLM::Native::Configuration.new.tap { |c| c.models_dev_url = nil } }

  def plan(configuration = config, **options)
    RubyLLM::Native.const_get(:Plan).new(configuration, **options)
  end

  def request(name, configuration = config)
    plan(configuration).keywords({})[:requests].find { |request| request[:source] == name }
  end

  def refused(message, &block)
    expect(&block).to raise_error(RubyLLM::ConfigurationError, message)
  end

  describe "of a known endpoint" do
    it "needs its name and a key" do
      config.endpoint :groq, api_key: "key"
      expect(config.endpoints[:groq]).to have_attributes(
        name: :groq, provider: :groq, api: :openai, base_url: "https://api.groq.com/openai/v1", local?: false,
        optional?: false
      )
      expect(request("groq")).to include(api: "openai", provider: "groq", base_url: "https://api.groq.com/openai/v1",
        settings: {"openai_api_key" => "key"})
    end

    it "takes its name in any spelling, and its aliases" do
      config.endpoint :fireworks, api_key: "key"
      config.endpoint "Together.AI", api_key: "key"
      expect(config.endpoints.keys).to eq(%i[fireworks_ai togetherai])
    end

    it "is skipped without a key, which may be blank" do
      config.endpoint :groq, api_key: nil
      config.endpoint :venice, api_key: " "
      expect(plan.skipped).to include("groq" => :api_key, "venice" => :api_key)
      expect(config.endpoints).to eq({})
    end

    it "takes what its base URL needs, and is skipped without it" do
      config.endpoint :databricks, api_key: "key"
      expect(plan.skipped).to include("databricks" => :databricks_host)
      config.endpoint :databricks, databricks_host: "https://adb-1.azuredatabricks.net"
      expect(config.endpoints[:databricks].base_url).to eq("https://adb-1.azuredatabricks.net/ai-gateway/mlflow/v1")
    end

    it "refuses what cannot stand in its base URL" do
      refused(/databricks_host must be a part of a URL/) { config.endpoint :databricks, databricks_host: "a/b" }
    end

    it "needs no key on this machine, or where a base URL of one's own leads" do
      config.endpoint :lmstudio
      expect(request("lmstudio")).to include(local: true)
      expect(plan(remote_only: true).skipped).to include("lmstudio" => :excluded)
      config.endpoint :groq, base_url: "https://gateway.example/groq"
      expect(config.endpoints.transform_values(&:base_url))
        .to eq(lmstudio: "http://127.0.0.1:1234/v1", groq: "https://gateway.example/groq")
    end

    it "adds when it is named again" do
      config.endpoint :groq, api_key: "key", headers: {"X-Team" => "a"}
      config.endpoint :groq, headers: {"X-Cost" => "b"}, optional: true
      expect(request("groq")).to include(settings: {"openai_api_key" => "key"},
        headers: {"X-Team" => "a", "X-Cost" => "b"})
      expect(config.endpoints[:groq]).to be_optional
    end

    it "refuses another value, and says where the first one stands but not what it is" do
      config.endpoint :groq, api_key: "one", headers: {"X-Team" => "a"}
      line = __LINE__ - 1
      refused("endpoint groq: api_key was given another value at #{__FILE__}:#{line}. Give it once") do
        config.endpoint :groq, api_key: "two"
      end
      refused(/\Aendpoint groq: headers X-Team was given another value at /) do
        config.endpoint :groq, headers: {"X-Team" => "b"}
      end
    end

    it "has the provider of its name" do
      refused("endpoint groq: provider must be groq, got acme. Choose another name") do
        config.endpoint :groq, provider: :acme, api_key: "key"
      end
    end

    it "may have a second account" do
      config.endpoint :groq_b, provider: "groq", api_key: "key"
      expect(request("groq_b")).to include(provider: "groq", base_url: "https://api.groq.com/openai/v1")
    end
  end

  describe "of one's own" do
    it "speaks OpenAI's API and lists a provider's models of its own name" do
      config.endpoint :Acme, base_url: " https://llm.acme.example/v1 ", headers: {"CF-Access-Client-Id" => "id"},
        query: {version: 2}
      expect(request("acme")).to include(api: "openai", provider: "acme", settings: {},
        base_url: "https://llm.acme.example/v1?version=2", headers: {"CF-Access-Client-Id" => "id"})
    end

    it "never has another provider's name because of its API" do
      config.endpoint :lab, api: :ollama, base_url: "http://10.0.0.5:11434/v1"
      expect(config.endpoints[:lab]).to have_attributes(provider: :lab, api: :ollama, local?: true)
      config.endpoint :far, api: :ollama, base_url: "http://far.example/v1", local: false
      expect(plan(remote_only: true)).to have_attributes(asked: %w[far], skipped: include("lab" => :excluded))
    end

    it "has the API of its provider" do
      config.endpoint :azure_eu, provider: :azure, base_url: "https://eu.example", ai_auth_token: "token"
      expect(request("azure_eu"))
        .to include(api: "azure", provider: "azure", settings: {"azure_ai_auth_token" => "token"})
    end

    it "takes the credentials of its API, and is skipped without what that cannot do without" do
      config.endpoint :bedrock_eu, provider: :bedrock, region: "eu-central-1", api_key: "a", secret_key: "b"
      config.endpoint :bedrock_us, provider: :bedrock, region: "us-east-1"
      config.endpoint :azure_us, provider: :azure, base_url: "https://us.example"
      config.endpoint :openai_b, provider: :openai, organization_id: "org"
      expect(request("bedrock_eu")[:settings]).to eq(
        "bedrock_region" => "eu-central-1", "bedrock_api_key" => "a", "bedrock_secret_key" => "b"
      )
      expect(plan.skipped).to include("bedrock_us" => :api_key, "azure_us" => :api_key, "openai_b" => :api_key)
    end

    it "may have its credentials fetched" do
      provider = Struct.new(:credentials).new(Struct.new(:access_key_id, :secret_access_key).new("id", "secret"))
      config.endpoint :bedrock_eu, provider: :bedrock, region: "eu-central-1", credential_provider: provider
      expect(request("bedrock_eu")[:settings]).to include("bedrock_api_key" => "id", "bedrock_secret_key" => "secret")
      config.endpoint :bedrock_us, provider: :bedrock, region: "us-east-1", credential_provider: provider,
        bearer_token: "token"
      provider.credentials = nil
      expect(plan.asked).to eq(%w[bedrock_us])
      expect(plan.failed).to eq("bedrock_eu" => "credential_provider must return an access key and a secret, got none")
    end

    it "has options of its own for the transfer" do
      config.http_proxy = "http://ours:3128"
      config.endpoint :acme, base_url: "https://a.example/v1", proxy: "http://theirs:3128", ca_file: "/ca.pem",
        request_timeout: "5", connect_timeout: 2
      config.endpoint :bare, base_url: "https://b.example/v1", proxy: false
      config.endpoint :plain, base_url: "https://c.example/v1"
      expect(request("acme"))
        .to include(proxy: "http://theirs:3128", ca_file: "/ca.pem", request_timeout: 5.0, connect_timeout: 2.0)
      expect([request("bare"), request("plain")].map { |each| each[:proxy] }).to eq([nil, "http://ours:3128"])
    end

    it "must say where it is: no key is sent to another provider because of a slip" do
      refused("endpoint grok: base_url must be given, since no address of grok is known. Did you mean groq?") do
        config.endpoint :grok, api_key: "key"
      end
      refused("endpoint azure_eu: base_url must be given, since no address of azure is known") do
        config.endpoint :azure_eu, provider: :azure, api_key: "key"
      end
    end

    it "is skipped when its base URL is blank, as that of a variable that is not set" do
      config.endpoint :acme, base_url: nil, api_key: "key"
      expect(plan.skipped).to include("acme" => :base_url)
    end

    it "is defined once, but may be said again unchanged" do
      2.times { config.endpoint :acme, base_url: "https://a.example/v1", headers: {"X-A" => "b"} }
      line = __LINE__ - 1
      refused("endpoint acme is defined at #{__FILE__}:#{line}. Define it once") do
        config.endpoint "ACME", base_url: "https://b.example/v1"
      end
    end
  end

  describe "of a provider" do
    it "sets the provider's options" do
      config.endpoint :openai, api_key: "key", base_url: "https://gateway.example/v1", organization_id: "org"
      expect(config).to have_attributes(openai_api_key: "key", openai_api_base: "https://gateway.example/v1",
        openai_organization_id: "org")
      expect(request("openai")).not_to include(:api, :provider)
    end

    it "keeps its options when what is added contradicts" do
      config.endpoint :openai, headers: {"X-Team" => "a"}
      refused(/headers X-Team was given another value/) do
        config.endpoint :openai, api_key: "key", headers: {"X-Team" => "b"}
      end
      expect(config.openai_api_key).to be_nil
    end

    it "adds to what its options say" do
      config.openai_api_key = "key"
      config.endpoint :openai, headers: {"X-Team" => "a"}, api_key: ""
      expect(request("openai")).to include(settings: {"openai_api_key" => "key"}, headers: {"X-Team" => "a"})
    end

    it "adds its query to the provider's own address" do
      config.endpoint :openai, api_key: "key", query: {"a" => "b c&"}
      expect(request("openai")[:base_url]).to eq("https://api.openai.com/v1?a=b+c%26")
      config.openai_api_base = "https://gateway.example/v1?x=y"
      expect(request("openai")[:base_url]).to eq("https://gateway.example/v1?x=y&a=b+c%26")
      refused("endpoint bedrock: query needs a base_url. Give both") { config.endpoint :bedrock, query: {a: "b"} }
    end

    it "is skipped when its base URL is blank: the key is a gateway's, and not for the provider" do
      config.endpoint :openai, base_url: "", api_key: "gateway's", headers: {"X-Team" => "a"}
      expect(plan.skipped).to include("openai" => :openai_api_base)
      expect(config.endpoints).to eq({})
      config.openai_api_base = "https://gateway.example/v1"
      expect(plan.asked).to eq(%w[openai])
    end

    it "needs no key behind a gateway that has one, which a header or the query tells" do
      config.endpoint :openai, base_url: "https://gateway.example/v1"
      expect(plan.skipped).to include("openai" => :openai_api_key)
      config.endpoint :openai, headers: {"X-Gateway-Key" => "key"}
      expect(plan.asked).to eq(%w[openai])
    end

    it "has the API of its name" do
      refused("endpoint mistral: api must be mistral, got openai. Choose another name") do
        config.endpoint :mistral, api: :openai
      end
    end

    it "takes what fetches its credentials" do
      config.endpoint :bedrock, region: "us-east-1", credential_provider: :anything
      expect(config).to have_attributes(bedrock_credential_provider: :anything, bedrock_region: "us-east-1")
    end
  end

  describe "refuses" do
    {
      {api: :opnai} => /\Aendpoint acme: there is no API opnai\. Did you mean openai\? The APIs are openai, anthrop/,
      {api: :models_dev} => /\Aendpoint acme: there is no API models_dev\. The APIs are /,
      {api_kye: "secret"} => "endpoint acme: there is no option api_kye. Did you mean api_key?",
      {region: "x"} => /\Aendpoint acme: there is no option region\. It may have provider, api, base_url, /,
      {base_url: "gateway/v1"} => 'endpoint acme: base_url must be an http or https URL, got "gateway/v1"',
      {base_url: "ftp://me:secret@host"} =>
        'endpoint acme: base_url must be an http or https URL, got "ftp://[hidden]@host"',
      {headers: "secret"} => "endpoint acme: headers must be a Hash of Strings, got String",
      {headers: {"X-A" => ["secret"]}} => "endpoint acme: the header X-A must be a String, got Array",
      {headers: {"X-A" => "secret\r\nHost: evil"}} =>
        "endpoint acme: the header X-A must not contain control characters: remove them",
      {headers: {"X A" => "secret"}} => 'endpoint acme: "X A" cannot be the name of a header',
      {query: {"" => "secret"}} => 'endpoint acme: "" cannot be the name of a query parameter',
      {query: {"a" => "secret\0"}} =>
        "endpoint acme: the query parameter a must not contain control characters: remove them",
      {request_timeout: 0} => "endpoint acme: request_timeout must be a positive number of seconds, got 0",
      {connect_timeout: "soon"} => 'endpoint acme: connect_timeout must be a positive number of seconds, got "soon"',
      {api_key: ["key"]} => "endpoint acme: api_key must be a String, got a value of Array",
      {proxy: true} => "endpoint acme: proxy must be a URL, or false for none, got true",
      {local: "yes"} => 'endpoint acme: local must be true or false, got "yes"'
    }.each do |options, message|
      it options.to_s do
        refused(message) { config.endpoint :acme, base_url: "https://a.example/v1", **options }
        expect(config.defined_endpoints).to eq({})
      end
    end

    it "names that cannot be one" do
      refused("endpoint models_dev: this is the name of a metadata source. Choose another one") do
        config.endpoint "models.dev", base_url: "https://a.example/v1"
      end
      refused("endpoint catalog: this is a part of every export. Choose another one") do
        config.endpoint :catalog, base_url: "https://a.example/v1"
      end
      refused("endpoint id: this is a word for where a fact comes from. Choose another one") do
        config.endpoint "ID", base_url: "https://a.example/v1"
      end
      refused("The name of an endpoint must have up to 64 letters, digits and underscores, got \"a/b\"") do
        config.endpoint "a/b", base_url: "https://a.example/v1"
      end
      refused(/, got :""\z/) { config.endpoint :"" }
    end
  end

  it "may define several, which are all that there are" do
    config.endpoint :venice, api_key: "key"
    config.endpoints = {"groq" => {api_key: "key"}, "acme" => {"base_url" => "https://a.example/v1"}}
    expect(config.endpoints.keys).to eq(%i[groq acme])
  end

  it "are given as a Hash, or those that are defined stay" do
    config.endpoint :venice, api_key: "key"
    [[:groq], {groq: nil}, {groq: "key"}, nil].each do |endpoints|
      refused(/\Aendpoints must be a Hash of names, each with a Hash of options\. Give {} /) do
        config.endpoints = endpoints
      end
    end
    expect(config.endpoints.keys).to eq(%i[venice])
  end

  it "tells by the version that something was said" do
    expect { config.endpoint :groq, api_key: "key" }.to change(config, :version)
    expect { config.endpoint :groq, api_key: "key" }.not_to change(config, :version)
  end

  describe "from the environment" do
    before do
      stub_const("ENV", {"GROQ_API_KEY" => "g", "MISTRAL_API_KEY" => "m", "VENICE_API_KEY" => "v", "X_API_KEY" => "x"})
    end

    it "is defined only when that is asked for" do
      expect(config.endpoints).to eq({})
      expect(config.endpoints_from_environment).to contain_exactly(:groq, :mistral, :venice)
      expect(config.endpoints.keys).to contain_exactly(:groq, :mistral, :venice)
      expect(config.mistral_api_key).to eq("m")
    end

    it "is chosen by name" do
      expect(config.endpoints_from_environment(only: %i[groq together], except: :mistral)).to eq(%i[groq])
    end

    it "leaves what is configured as it is" do
      config.endpoint :groq, api_key: "mine"
      config.mistral_api_key = "mine, too"
      expect(config.endpoints_from_environment).to eq(%i[venice])
      expect([request("groq")[:settings].values, config.mistral_api_key]).to eq([["mine"], "mine, too"])
    end
  end

  describe "in a context" do
    before do
      config.openai_api_key = "everybody's"
      config.openai_organization_id = "ours"
      config.endpoint :openai, headers: {"X-Ours" => "a"}
      config.endpoint :acme, base_url: "https://a.example/v1"
      config.endpoint :groq, api_key: "everybody's"
    end

    it "is inherited" do
      expect(config.dup.endpoints.keys).to eq(%i[openai acme groq])
    end

    it "replaces the inherited one as a whole, whoever defined it" do
      copy = config.dup
      copy.endpoint :openai, api_key: "theirs"
      copy.endpoint :groq, api_key: "theirs", headers: {"X-A" => "a"}
      copy.endpoint :groq, headers: {"X-B" => "b"}
      copy.endpoint :acme, base_url: "https://b.example/v1"
      expect(request("openai", copy)).to eq(source: "openai", sheet: nil, base_url: nil, proxy: nil, transport: nil,
        settings: {"openai_api_key" => "theirs"})
      expect(request("groq", copy)).to include(headers: {"X-A" => "a", "X-B" => "b"})
      expect(copy.endpoints[:acme].base_url).to eq("https://b.example/v1")
    end

    it "leaves that of the program as it is" do
      config.dup.endpoint :openai, api_key: "theirs"
      expect(request("openai")).to include(headers: {"X-Ours" => "a"},
        settings: {"openai_api_key" => "everybody's", "openai_organization_id" => "ours"})
    end

    it "keeps what the context itself has said" do
      copy = config.dup
      copy.openai_organization_id = "theirs"
      copy.endpoint :openai, api_key: "theirs"
      expect(copy).to have_attributes(openai_organization_id: "theirs", openai_api_key: "theirs")
    end
  end

  describe "is asked for by name" do
    before do
      config.endpoint :azure, base_url: "https://a.example", api_key: "key"
      config.endpoint :azure_eu, provider: :azure, base_url: "https://b.example", api_key: "key"
      config.endpoint :groq_b, provider: :groq, api_key: "key"
      config.endpoint :fireworks, api_key: "key"
    end

    it "of an endpoint, or else of its provider" do
      expect(plan(only: :azure).asked).to eq(%w[azure])
      expect(plan(only: ["Azure-EU"]).asked).to eq(%w[azure_eu])
      expect(plan(only: %i[groq fireworks]).asked).to eq(%w[groq_b fireworks_ai])
    end

    it "of one that is not defined: an error that says how to define it" do
      expect { plan(only: :together) }.to raise_error(ArgumentError, Regexp.new(
        '\AUnknown source: together \(known: openai, .*, azure_eu, groq_b, fireworks_ai\)\. ' \
        'Define it with config\.endpoint :together, api_key: …\z'
      ))
    end

    it "of one that is mistyped: an error that says which may be meant" do
      expect { plan(only: :groqb) }
        .to raise_error(ArgumentError, /\AUnknown source: groqb .*\)\. Did you mean groq_b\?\z/)
    end

    it "of a provider whose own endpoint lacks something: those others that it has" do
      config.azure_api_key = nil
      expect(plan(only: :azure).asked).to eq(%w[azure_eu])
      expect(plan(only: :mistral).skipped).to include("mistral" => :mistral_api_key)
    end
  end

  it "makes plans differ by what is sent" do
    keys = ["a", "b", "b"].map do |value|
      copy = config.dup
      copy.endpoint :acme, base_url: "https://a.example/v1", headers: {"X-A" => value}
      plan(copy).key
    end
    expect(keys.uniq).to eq([keys[0], keys[1]])
  end

  it "documents its provider, beside those that are chosen" do
    config.endpoint :groq, api_key: "key"
    config.endpoint :venice, api_key: nil
    documented = ->(chosen) { (config.documented_providers = chosen) && plan.keywords({})[:documented] }
    expect(plan.keywords({})[:documented]).to include("anthropic", "groq", "openai")
    expect(plan.keywords({})[:documented]).not_to include("venice")
    expect(documented.call([:fireworks, "Moonshot-AI"])).to eq(%w[fireworks_ai groq moonshotai])
    expect([documented.call(:all), documented.call("all")]).to eq([nil, nil])
    refused('documented_providers must be :all, or an Array of providers, got "groq"') { documented.call("groq") }
  end

  it "configures its provider, which a name then means first" do
    config.endpoint :bedrock_eu, provider: :bedrock, region: "eu-west-1", api_key: "a", secret_key: "b"
    config.endpoint :acme, base_url: "https://a.example/v1"
    config.endpoint :venice, api_key: nil
    expect(RubyLLM::Native::Preferences.of(config))
      .to have_attributes(configured: %w[bedrock acme], region: "eu-west-1")
  end

  describe "says nothing secret" do
    secrets = %w[sk-one sk-two sk-three sk-four sk-five sk-six]

    before do
      config.endpoint :acme, base_url: "https://me:sk-one@a.example/v1?key=sk-two", api_key: "sk-three",
        headers: {"X-A" => "sk-four"}, query: {"q" => "sk-five"}, proxy: "http://me:sk-six@proxy"
      config.endpoint :openai, headers: {"X-A" => "sk-four"}
    end

    it "when it is shown, as text, as JSON or as YAML" do
      endpoint = config.endpoints[:acme]
      shown = [config, config.defined_endpoints, endpoint, endpoint.to_h].flat_map do |each|
        [each.inspect, each.to_s, PP.pp(each, +""), JSON.generate(each), each.to_yaml]
      end
      expect(shown.join.scan(/sk-\w+/)).to eq([])
      expect(config.inspect).to include("endpoints: [acme, openai]")
      expect(endpoint.to_h).to eq(name: :acme, provider: :acme, api: :openai, local: false, optional: false,
        base_url: "https://[hidden]@a.example/v1?[hidden]")
      expect(endpoint.inspect)
        .to eq("#<RubyLLM::Native::Endpoint acme: acme at https://[hidden]@a.example/v1?[hidden]>")
    end

    it "and is not marshalled" do
      [config.endpoints[:acme], config.defined_endpoints].each do |each|
        expect { Marshal.dump(each) }
          .to raise_error(TypeError, "An endpoint cannot be marshalled: it holds credentials")
      end
    end

    it "and is taken out of other texts" do
      redacted = RubyLLM::Native::Redactor.new(config).call("it said: #{secrets.join(", ")}")
      expect(redacted.scan(/sk-\w+/)).to eq([])
    end
  end
end
