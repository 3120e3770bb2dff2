# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/subprocess"

RSpec.describe "Known endpoints" do
  known = RubyLLM::Native.const_get(:KnownEndpoints)
  configuration_error = RubyLLM::ConfigurationError

  it "are found by their slug, in any spelling" do
    names = [:fireworks_ai, "Fireworks-AI", " fireworks.ai ", "fireworks ai"]
    found = names.map { |name| known.find(name) }
    expect(found.uniq.size).to eq(1)
    expect(found.first).to have_attributes(
      slug: "fireworks_ai", name: "Fireworks AI", api: "openai", base_url: "https://api.fireworks.ai/inference/v1",
      key_variables: ["FIREWORKS_API_KEY"], variables: [], built_in?: false, local?: false
    )
    expect(known.find("acme")).to be_nil
  end

  it "have short names" do
    slugs = %i[fireworks together hugging_face github moonshot zhipu lm_studio].map { |name| known.find(name).slug }
    expect(slugs).to eq(%w[fireworks_ai togetherai huggingface github_models moonshotai zhipuai lmstudio])
  end

  it "have a slug for each name, known or not" do
    names = ["together", "Together-AI", :mistral, "google", "amazon-bedrock", "My-Own.Server"]
    expect(names.map { |name| known.slug(name) }).to eq(
      %w[togetherai togetherai mistral gemini bedrock my_own_server]
    )
  end

  it "are also those that models.dev has no base URL of, each with the page that states it" do
    by_hand = known.each.select(&:source).reject(&:built_in?)
    expect(by_hand.map(&:slug)).to include(
      "groq", "togetherai", "deepinfra", "cerebras", "vercel", "venice", "v0", "cloudflare_ai_gateway", "aihubmix"
    )
    expect(by_hand.map(&:source)).to all(start_with("https://"))
    expect(known.find(:groq)).to have_attributes(
      base_url: "https://api.groq.com/openai/v1", key_variables: ["GROQ_API_KEY"]
    )
  end

  it "are fewer than their providers: these keep their names" do
    expect(known.find("deepseek")).to have_attributes(
      built_in?: true, api: "deepseek", base_url: "https://api.deepseek.com", name: "DeepSeek"
    )
    slugs = RubyLLM::Native::SOURCES.reject { |source| source[:catalogue] }.map { |source| source[:slug] }
    expect(known.each.select(&:built_in?).map(&:slug)).to match_array(slugs)
  end

  it "are in the order of their slugs, and have one each" do
    slugs = known.each.map(&:slug)
    expect(slugs).to eq(slugs.uniq.sort)
    expect(slugs).to all(match(/\A[a-z0-9_]+\z/))
  end

  it "have no short name that is another's slug" do
    index = known::Index.shipped
    slugs = index.endpoints.map(&:slug)
    expect(index.aliases.keys & slugs).to eq([])
    expect(index.aliases.values - slugs).to eq([])
    expect(index.aliases.keys).to all(satisfy { |name| name == known.normalise(name) })
  end

  it "are asked over TLS, or on this machine" do
    elsewhere = known.each.select(&:base_url).reject { |endpoint| endpoint.base_url.start_with?("https://") }
    expect(elsewhere.map { |endpoint| [endpoint.slug, endpoint.base_url] }).to eq([
      ["atomic_chat", "http://127.0.0.1:1337/v1"], ["lmstudio", "http://127.0.0.1:1234/v1"],
      ["neon", "${NEON_AI_GATEWAY_BASE_URL}/ai-gateway/mlflow/v1"], ["privatemode_ai", "http://localhost:8080/v1"]
    ])
    expect(known.each.select(&:local?).map(&:slug)).to eq(%w[atomic_chat lmstudio privatemode_ai])
  end

  it "speak an API that the gem reads" do
    expect(known.each.map(&:api) - RubyLLM::Native::SOURCES.map { |source| source[:slug] }).to eq([])
    expect(known.each.reject(&:built_in?).map(&:api).tally.keys).to match_array(%w[openai anthropic])
  end

  it "set options that exist" do
    options = known.each.select(&:built_in?).flat_map { |endpoint| endpoint.settings.keys }
    expect(options - RubyLLM::Native::Configuration.options).to eq([])
  end

  it "are suggested to who names none of them" do
    expect(known.suggestions("grok")).to eq(["groq"])
    expect { known.in_environment({}, only: "fire-work") }.to raise_error(
      configuration_error, "There is no known endpoint fire_work. Did you mean fireworks?"
    )
    expect { known.in_environment({}, only: "entirely different") }.to raise_error(
      configuration_error,
      "There is no known endpoint entirely_different. docs/reference/known-endpoints.md lists all"
    )
  end

  describe "with a variable in the base URL" do
    host = "https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1"

    it "get it from a setting of its name in lower case" do
      expect(known.find(:databricks)).to have_attributes(base_url: host, variables: ["DATABRICKS_HOST"])
      urls = ["acme.databricks.example", " https://acme.databricks.example/ ", "HTTP://acme.databricks.example"]
      filled = urls.map { |url| known.expand(host, {databricks_host: url, api_key: "k"}, name: :databricks) }
      expect(filled.uniq).to eq(["https://acme.databricks.example/ai-gateway/mlflow/v1"])
    end

    it "get a whole beginning" do
      neon = known.find(:neon).base_url
      url = known.expand(neon, {neon_ai_gateway_base_url: "https://acme.example/"}, name: :neon)
      expect(url).to eq("https://acme.example/ai-gateway/mlflow/v1")
    end

    it "get several" do
      url = known.expand(known.find("cloudflare-ai-gateway").base_url,
        {cloudflare_account_id: "abc", cloudflare_gateway_id: :default}, name: :cloudflare_ai_gateway)
      expect(url).to eq("https://gateway.ai.cloudflare.com/v1/abc/default/compat")
    end

    it "do not look into the environment" do
      ENV["DATABRICKS_HOST"] = "acme.example"
      expect { known.expand(host, {databricks_host: " "}, name: :databricks) }.to raise_error(
        configuration_error,
        "The base URL of databricks needs databricks_host: give it, as in config.endpoint :databricks, " \
        "databricks_host: \"…\""
      )
    ensure
      ENV.delete("DATABRICKS_HOST")
    end

    it "name all that is missing" do
      expect { known.expand(known.find(:cloudflare_ai_gateway).base_url, {}, name: "cloudflare_ai_gateway") }
        .to raise_error(configuration_error, /needs cloudflare_account_id and cloudflare_gateway_id: give it, as in/)
    end

    it "take no value that leads elsewhere" do
      account = known.find(:snowflake).base_url
      ["evil.example/", "evil.example#", "evil.example?x=", "u@evil.example", "a b", "evil.example\n"].each do |value|
        fill = -> { known.expand(account, {snowflake_account: "#{value}x"}, name: :snowflake) }
        expect(&fill).to raise_error(configuration_error, /snowflake_account must be a part of a URL, without/)
      end
      expect { known.expand("${A}/v1", {a: "http://acme.example"}, name: :acme) }.to raise_error(
        configuration_error,
        "The base URL of acme must begin with https://, or with http:// on this machine, " \
        "got \"http://acme.example/v1\""
      )
    end

    it "show no login of a value that is refused" do
      ["https://me:secret@host", "me:secret@host", "host?key=secret"].each do |value|
        expect { known.expand("https://${DATABRICKS_HOST}/v1", {databricks_host: value}, name: :databricks) }
          .to raise_error(configuration_error, /must be a part of a URL.* got "[^"]*\[hidden\][^"]*"\z/) { |error|
            expect(error.message).not_to include("secret")
          }
      end
    end

    it "is left as it is without one" do
      expect(known.expand("https://acme.example/v1", {}, name: :acme)).to eq("https://acme.example/v1")
    end
  end

  describe "in the environment" do
    it "are those whose key is set and not blank" do
      env = {"GROQ_API_KEY" => "a", "TOGETHER_API_KEY" => " b ", "VENICE_API_KEY" => " ", "HF_TOKEN" => "", "X" => "y"}
      expect(known.in_environment(env)).to eq("groq" => {api_key: "a"}, "togetherai" => {api_key: "b"})
    end

    it "are providers too, by options of their own" do
      env = {"MISTRAL_API_KEY" => "m", "PERPLEXITY_API_KEY" => "p", "GEMINI_API_KEY" => "g", "OLLAMA_API_KEY" => "o",
             "ELEVENLABS_API_KEY" => "e"}
      expect(known.in_environment(env)).to eq(
        "elevenlabs" => {elevenlabs_api_key: "e"}, "gemini" => {gemini_api_key: "g"},
        "mistral" => {mistral_api_key: "m"}, "ollama_cloud" => {ollama_cloud_api_key: "o"},
        "perplexity" => {perplexity_api_key: "p"}
      )
    end

    it "are providers of several variables when all that they need is set" do
      keys = {"AWS_ACCESS_KEY_ID" => "i", "AWS_SECRET_ACCESS_KEY" => "s"}
      expect(known.in_environment(keys)).to eq({})
      expect(known.in_environment({**keys, "AWS_REGION" => "eu-west-1"})).to eq(
        "bedrock" => {bedrock_region: "eu-west-1", bedrock_api_key: "i", bedrock_secret_key: "s"}
      )
      expect(known.in_environment({"AZURE_API_KEY" => "k"})).to eq({})
      expect(known.in_environment({"AZURE_API_KEY" => "k", "AZURE_RESOURCE_NAME" => "acme"})).to eq(
        "azure" => {azure_api_base: "https://acme.openai.azure.com", azure_api_key: "k"}
      )
      vertex = {"GOOGLE_VERTEX_PROJECT" => "p", "GOOGLE_VERTEX_LOCATION" => "global"}
      expect(known.in_environment(vertex)).to eq(
        "vertexai" => {vertexai_project_id: "p", vertexai_location: "global"}
      )
    end

    it "have the variables of their base URL from there" do
      env = {"CLOUDFLARE_API_KEY" => "k", "CLOUDFLARE_ACCOUNT_ID" => "a"}
      expect(known.in_environment(env)).to eq("cloudflare_workers_ai" => {api_key: "k", cloudflare_account_id: "a"})
      expect(known.in_environment({"CLOUDFLARE_API_KEY" => "k"})).to eq({})
    end

    it "are not guessed from a variable that several share, or that has other purposes, nor on this machine" do
      names = %w[MINIMAX_API_KEY DASHSCOPE_API_KEY ZHIPU_API_KEY GITHUB_TOKEN LMSTUDIO_API_KEY]
      env = names.to_h { |name| [name, "k"] }
      expect(known.in_environment(env)).to eq({})
      expect(known.in_environment(env, only: %i[minimax github lmstudio])).to eq(
        "github_models" => {api_key: "k"}, "lmstudio" => {api_key: "k"}, "minimax" => {api_key: "k"}
      )
    end

    it "are only those that are named, and of these the ones with a key" do
      env = {"GROQ_API_KEY" => "a", "TOGETHER_API_KEY" => "b", "MISTRAL_API_KEY" => "c"}
      expect(known.in_environment(env, only: ["Together", :mistral, :venice]).keys).to eq(%w[mistral togetherai])
      expect(known.in_environment(env, only: :groq).keys).to eq(%w[groq])
      expect(known.in_environment(env, only: [])).to eq({})
      expect(known.in_environment(env, except: [:together, "mistral"]).keys).to eq(%w[groq])
    end

    it "must be known when they are named" do
      expect { known.in_environment({}, only: %i[groq togehter]) }.to raise_error(
        configuration_error, "There is no known endpoint togehter. Did you mean together?"
      )
      expect { known.in_environment({}, except: :grok) }.to raise_error(configuration_error, /no known endpoint grok\./)
    end

    it "are read from nowhere else" do
      ENV["GROQ_API_KEY"] = "a key of this process"
      expect(known.in_environment({})).to eq({})
      expect(known.in_environment(ENV, only: :groq)).to eq("groq" => {api_key: "a key of this process"})
    ensure
      ENV.delete("GROQ_API_KEY")
    end

    it "count a purpose only once they are not named, with any number of files" do
      row = {"slug" => "acme", "name" => "Acme", "api" => "openai", "base_url" => "https://acme.example/v1"}
      index = known::Index.new(
        {"document" => "2026-07-02", "endpoints" => [{**row, "keys" => %w[GENERAL_TOKEN ACME_KEY]}], "providers" => []},
        {"endpoints" => [], "aliases" => {}, "providers" => [], "general_variables" => ["GENERAL_TOKEN"]}
      )
      settings = ->(env, **names) { known::Environment.new(index, env).settings(**names) }
      both = {"GENERAL_TOKEN" => "g", "ACME_KEY" => "a"}
      expect(settings[both]).to eq("acme" => {api_key: "a"})
      expect(settings[both, only: "acme"]).to eq("acme" => {api_key: "g"})
      expect(settings[{"GENERAL_TOKEN" => "g"}]).to eq({})
    end
  end

  it "are read when somebody names one, once" do
    out, = Subprocess.capture(<<~RUBY)
      require "ruby_llm_native"
      known = RubyLLM::Native.const_get(:KnownEndpoints)
      read = []
      RubyLLM::Native::RegularFile.singleton_class.prepend(Module.new do
        define_method(:read) { |path| read << File.basename(path); super(path) }
      end)
      known.slug(:openai)
      before = read.size
      2.times { known.find("groq") }
      puts before, read
    RUBY
    expect(out.lines(chomp: true)).to eq(%w[0 generated.json by_hand.json])
  end

  it "are the same in every Ractor, whichever reads them first" do
    out, = Subprocess.capture(<<~RUBY)
      require "ruby_llm_native"
      Warning[:experimental] = false
      module RubyLLM::Native
        ask = -> { Ractor.new { [KnownEndpoints.slug("together"), KnownEndpoints.find(:groq)] } }
        answer = ->(ractor) { ractor.respond_to?(:value) ? ractor.value : ractor.take }
        before = answer[ask[]]
        mine = [KnownEndpoints.slug("together"), KnownEndpoints.find(:groq)]
        puts mine.first, before == mine, Ractor.shareable?(mine.last), answer[ask[]].last.equal?(mine.last)
      end
    RUBY
    expect(out.lines(chomp: true)).to eq(%w[togetherai true true true])
  end
end
