# frozen_string_literal: true

require "json"
require "tmpdir"
require_relative "spec_helper"
require_relative "../rakelib/endpoints/update"

RSpec.describe "rake endpoints:update" do
  around { |example| Dir.mktmpdir("rlm-endpoints") { |folder| (@folder = folder) && example.run } }

  before { by_hand([]) }

  def by_hand(endpoints)
    document = {"endpoints" => endpoints, "aliases" => {}, "providers" => [], "general_variables" => []}
    File.write(File.join(@folder, "by_hand.json"), JSON.generate(document))
  end

  def update(document, date: "2026-07-02")
    Endpoints::Update.new(document, date, folder: @folder)
  end

  def endpoint(**facts)
    {"id" => "acme", "name" => "Acme", "npm" => "@ai-sdk/openai-compatible", "api" => "https://acme.example/v1",
     "env" => ["ACME_API_KEY"], "models" => {}, **facts.transform_keys(&:to_s)}
  end

  # The rows of one group beside one that is as it should be.
  def rows(group, **facts)
    written = update({group => endpoint(**facts), "zeta" => endpoint})
    @report = written.report
    JSON.parse(written.text)["endpoints"].reject { |row| row["slug"] == "zeta" }
  end

  it "writes the facts of each endpoint on a line of its own, whatever the document's order" do
    document = {
      "wafer.ai" => endpoint(name: "Wafer", api: "https://wafer.example/v1/", env: ["WAFER_KEY"]),
      "mistral" => endpoint(npm: "@ai-sdk/mistral", api: nil, env: ["MISTRAL_API_KEY"]),
      "Acme-AI" => endpoint(doc: "https://acme.example/doc", models: {"a" => {"id" => "a"}})
    }
    expect(update(document).text).to eq(<<~JSON)
      {
        "document": "2026-07-02",
        "endpoints": [
          {"slug":"acme_ai","name":"Acme","api":"openai","base_url":"https://acme.example/v1","keys":["ACME_API_KEY"]},
          {"slug":"wafer_ai","name":"Wafer","api":"openai","base_url":"https://wafer.example/v1","keys":["WAFER_KEY"]}
        ],
        "providers": [
          {"slug":"mistral","variables":["MISTRAL_API_KEY"]}
        ]
      }
    JSON
    expect(update(document.to_a.reverse.to_h).text).to eq(update(document).text)
  end

  it "tells keys from variables of the base URL, and from what replaces it" do
    row, = rows("acme", api: "https://${ACME_HOST}/v1", env: %w[ACME_HOST ACME_KEY ACME_ENDPOINT])
    expect(row).to include("base_url" => "https://${ACME_HOST}/v1", "keys" => ["ACME_KEY"])
  end

  it "ends a base URL before the path of its API's listing" do
    expect(rows("acme", npm: "@ai-sdk/anthropic", api: "https://acme.example/anthropic/v1")).to eq(
      [{"slug" => "acme", "name" => "Acme", "api" => "anthropic", "base_url" => "https://acme.example/anthropic",
        "keys" => ["ACME_API_KEY"]}]
    )
    row, = rows("acme", api: "https://acme.example/v1/chat/completions")
    expect(row["base_url"]).to eq("https://acme.example/v1")
  end

  it "unites groups of one provider, and keeps their names" do
    document = {
      "acme" => endpoint,
      "google" => endpoint(npm: "@ai-sdk/google", api: nil, env: %w[GOOGLE_API_KEY GEMINI_API_KEY]),
      "perplexity-agent" => endpoint(npm: "@ai-sdk/openai", env: ["PERPLEXITY_API_KEY"]),
      "perplexity" => endpoint(npm: "@ai-sdk/perplexity", api: nil, env: ["PERPLEXITY_API_KEY"])
    }
    expect(JSON.parse(update(document).text)["providers"]).to eq([
      {"slug" => "gemini", "models_dev" => ["google"], "variables" => %w[GOOGLE_API_KEY GEMINI_API_KEY]},
      {"slug" => "perplexity", "models_dev" => ["perplexity-agent"], "variables" => ["PERPLEXITY_API_KEY"]}
    ])
  end

  {
    "an address without TLS" => "http://acme.example/v1", "another machine's port" => "http://10.0.0.5:1234/v1",
    "another scheme" => "ftp://acme.example/v1", "a user" => "https://user:pass@acme.example/v1",
    "a query" => "https://acme.example/v1?key=1", "a line end" => "https://acme.example/v1\nx",
    "a host that only looks local" => "http://localhost.acme.example/v1", "no host" => "https:///v1",
    "no TLS round a variable" => "http://${ACME_HOST}/v1"
  }.each do |what, url|
    it "refuses #{what}, and says so" do
      expect(rows("acme", api: url)).to eq([])
      expect(@report).to include(
        "left out acme: a base URL must begin with https://, or with http:// on this machine, got #{url.inspect}"
      )
    end
  end

  it "takes servers of this machine" do
    ["http://127.0.0.1:1234/v1", "http://localhost:8080/v1", "http://[::1]:80/v1"].each do |url|
      expect(rows("acme", api: url).map { |row| row["base_url"] }).to eq([url])
    end
  end

  {
    "has no base URL" => {api: nil}, "has no key" => {env: []}, "a name must be plain text" => {name: "A | B"},
    "speaks the API of acme-sdk, which is not in packages.json" => {npm: "acme-sdk"},
    "a variable must have a plain name" => {env: ["$(x)"]}
  }.each do |reason, facts|
    it "says that what it leaves out #{reason}" do
      expect(rows("acme", **facts)).to eq([])
      expect(@report).to include("left out acme: #{reason}")
    end
  end

  it "leaves out what has the slug of another, or none" do
    document = {"a-b" => endpoint, "a.b" => endpoint(name: "Other"), "ä" => endpoint}
    expect(update(document).report).to include(
      "left out a.b: a_b is also the slug of another group",
      "left out ä: a slug must have letters, digits and underscores"
    )
  end

  it "leaves to the other file what is kept by hand, and says when that is no longer needed" do
    by_hand([{"slug" => "acme"}])
    expect(rows("acme", api: nil)).to eq([])
    expect(@report.grep(/left out/)).to eq([])
    expect(rows("acme")).to eq([])
    expect(@report).to include("left out acme: is kept by hand, and the document has a base URL now")
  end

  it "says what is new, what has changed and what is gone" do
    update({"acme" => endpoint, "old" => endpoint(name: "Old")}).write
    second = update({"acme" => endpoint(api: "https://new.example/v1"), "neo" => endpoint(name: "Neo")})
    expect(second.report).to eq([
      '~ acme: base_url is "https://new.example/v1", was "https://acme.example/v1"',
      "+ neo Neo openai https://acme.example/v1 ACME_API_KEY",
      "- old Old openai https://acme.example/v1 ACME_API_KEY", "2 endpoints, 0 providers"
    ])
    second.write
    expect(update({"acme" => endpoint(api: "https://new.example/v1"), "neo" => endpoint(name: "Neo")}).report).to eq(
      ["nothing has changed", "2 endpoints, 0 providers"]
    )
  end

  it "writes nothing from a document without endpoints, or without its date" do
    expect { update({"mistral" => endpoint}) }
      .to raise_error(ArgumentError, "The document must have endpoints, and has none")
    expect { update({"acme" => endpoint}, date: "today") }
      .to raise_error(ArgumentError, "DATE must be as 2026-07-02, got today")
  end

  describe "with the recorded document", :payloads do
    known = RubyLLM::Native.const_get(:KnownEndpoints)
    compatible = "@ai-sdk/openai-compatible"

    before(:context) do
      @document = JSON.parse(Payloads.payload("models_dev/2026-07-02.json")) if Payloads.there?
    end

    it "has all that speak OpenAI's format, each with its base URL" do
      groups = @document.select { |_, facts| facts["npm"] == compatible }
      urls = groups.to_h { |group, facts| [group, facts["api"].chomp("/").delete_suffix("/chat/completions")] }
      expect(urls.size).to eq(114)
      expect(urls.keys.to_h { |group| [group, known.find(group)&.base_url] }).to eq(urls)
      expect(urls.keys.count { |group| known.find(group).built_in? }).to eq(2)
    end

    it "has those that speak Anthropic's, so that their listing has the document's URL" do
      groups = @document.select { |_, facts| facts["npm"] == "@ai-sdk/anthropic" && facts["api"] }
      listings = groups.transform_values { |facts| "#{facts["api"]}/models" }
      expect(listings.size).to eq(6)
      expect(listings.keys.to_h { |group| [group, "#{known.find(group).base_url}/v1/models"] }).to eq(listings)
      expect(listings.keys.map { |group| known.find(group).api }.uniq).to eq(["anthropic"])
    end

    it "has each one's name and keys" do
      generated = known.each.reject { |endpoint| endpoint.built_in? || endpoint.source }
      groups = @document.transform_keys { |group| group.downcase.tr("-.", "__") }
      expect(generated.size).to eq(112 + 6 + 1) # without the two that the gem has options for, with one of OpenAI's own
      generated.each do |endpoint|
        facts = groups.fetch(endpoint.slug)
        variables = [*endpoint.variables, *endpoint.key_variables]
        expect([endpoint.name, facts["env"].sort - ["PRIVATEMODE_ENDPOINT"]]).to eq([facts["name"], variables.sort])
      end
    end

    it "knows what each variable of the gem's own providers is for" do
      none = %w[GOOGLE_APPLICATION_CREDENTIALS] # read by the googleauth gem
      used = known.each.select(&:built_in?).flat_map { |endpoint| endpoint.settings.values.flatten }.join
      groups = @document.select { |group, _| known.find(group)&.built_in? }
      variables = groups.values.flat_map { |facts| facts["env"] }.uniq
      unused = variables.reject { |variable| used.include?("${#{variable}}") }
      expect(groups.size).to eq(15)
      expect(unused).to match_array(none)
    end

    it "keeps by hand what the document knows without a base URL" do
      unknown = @document.keys.reject { |group| known.find(group) }
      expect(unknown).to match_array(%w[azure-cognitive-services gitlab merge-gateway sap-ai-core])
    end

    it "is what the file in the gem was written from" do
      by_hand(JSON.parse(File.read(File.join(Endpoints::Update::FOLDER, "by_hand.json")))["endpoints"])
      written, shipped = [update(@document).text, File.read(File.join(Endpoints::Update::FOLDER, "generated.json"))]
      expect(written).to eq(shipped)
    end
  end
end
