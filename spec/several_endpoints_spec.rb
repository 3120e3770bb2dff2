# frozen_string_literal: true

require_relative "spec_helper"

# Endpoints below the configuration: what the core makes of several answers about one provider, and of providers that
# have no options.
RSpec.describe "several endpoints" do
  run_class = RubyLLM::Native.const_get(:Run)
  transport_class = RubyLLM::Native.const_get(:MemoryTransport)
  options = {now: 1_768_300_000, timeout: 5.0, request_timeout: 5, connect_timeout: 1, retries: 0}

  def listing(*rows)
    JSON.generate(data: rows.map { |row| row.is_a?(Hash) ? row : {id: row} })
  end

  # @param answers [Hash{String => Array}] by name: the API, the provider, and a body, or a status that is none
  define_method(:refresh) do |answers, sheets: {}, before: nil, documented: nil|
    requests = answers.map do |name, (api, provider, body)|
      status, body = body.is_a?(Integer) ? [body, ""] : [200, body]
      {source: name, api: api, provider: provider, settings: {}, sheet: sheets[name],
       transport: transport_class.new(source: api, replies: [{listing: 0, status: status, body: body}])}
    end
    run = run_class.open(requests: requests, held: sheets.except(*answers.keys).values, before: before,
      documented: documented, **options)
    @catalog, made = run.finish
    @outcomes = answers.keys.each_with_index.to_h { |name, position| [name, run.outcome(position)] }
    run.close
    sheets.merge(answers.keys.zip(made).to_h.compact)
  end

  def models
    RubyLLM::Native::View.new(@catalog)
  end

  def model(provider, id)
    models.find(id, provider: provider)
  end

  it "list the models of their provider, whatever API they speak" do
    refresh({"acme" => ["openai", "acme", listing("m")], "lab" => ["ollama", "lab", listing("m")],
             "claude" => ["anthropic", "claude", JSON.generate(data: [{id: "m", display_name: "M"}], has_more: false)]})

    expect(models.map { |model| [model.provider, model.id, model.endpoints, model.standing] }).to eq([
      ["acme", "m", [:acme], :listed], ["claude", "m", [:claude], :listed], ["lab", "m", [:lab], :listed]
    ])
    expect(model("claude", "m").origin(:name)).to eq(:claude)
  end

  describe "of one provider" do
    let(:sheets) do
      refresh({
        "azure_eu" => ["openai", "azure", listing({id: "both", max_model_len: 100, owned_by: "eu"}, "eu")],
        "azure" => ["openai", "azure", listing({id: "both", max_model_len: 200}, "main")],
        "azure_2" => ["openai", "azure", listing({id: "both", max_model_len: 300, context_window: 7}, "two")]
      })
    end

    before { sheets }

    it "unite to one model, with the endpoint that is named after the provider first" do
      expect(models.map { |model| [model.id, model.endpoints] }).to eq([
        ["both", %i[azure azure_2 azure_eu]], ["eu", [:azure_eu]], ["main", [:azure]], ["two", [:azure_2]]
      ])
      expect(model("azure", "both").context_window).to eq(200)
      expect(model("azure", "both").origin(:context_window)).to eq(:azure)
      expect(model("azure", "both").metadata).to eq(azure_2: {context_window: 7}, azure_eu: {owned_by: "eu"})
    end

    it "are counted each by the models that it lists" do
      expect(@outcomes.transform_values { |outcome| outcome.slice(:source, :rows, :count, :added) }).to eq(
        "azure" => {source: "azure", rows: 2, count: 2, added: 2},
        "azure_2" => {source: "azure_2", rows: 2, count: 2, added: 2},
        "azure_eu" => {source: "azure_eu", rows: 2, count: 2, added: 2}
      )
    end

    it "keep the part of one that fails" do
      before = @catalog
      refresh({"azure" => ["openai", "azure", 503], "azure_2" => ["openai", "azure", listing("both", "two")]},
        sheets: sheets, before: before)

      expect(@outcomes["azure"]).to include(status: :failed, kept: 2, count: 2)
      expect(model("azure", "main").endpoints).to eq([:azure])
      expect(model("azure", "both").endpoints).to eq(%i[azure azure_2 azure_eu])
    end

    it "make a model unlisted when the last one drops it" do
      newer = refresh({"azure" => ["openai", "azure", listing("main")]}, sheets: sheets, before: @catalog)
      expect(model("azure", "both").then { |model| [model.standing, model.endpoints, model.context_window] })
        .to eq([:listed, %i[azure_2 azure_eu], 300])

      %w[azure_2 azure_eu].each do |name|
        newer = refresh({name => ["openai", "azure", listing("other")]}, sheets: newer, before: @catalog)
      end
      expect(model("azure", "both").then { |model| [model.standing, model.endpoints] }).to eq([:unlisted, []])
      expect(model("azure", "main")).to be_listed
      expect(@outcomes["azure_eu"]).to include(removed: 2, added: 1, count: 1)
    end
  end

  describe "whose definition changes" do
    it "begin anew: what was read of another provider, or by another API, is not theirs" do
      sheets = refresh({"lab" => ["openai", "acme", listing("old")]})
      refresh({"lab" => ["openai", "other", listing("new")]}, sheets: sheets)
      expect(models.map { |model| [model.provider, model.id, model.standing] }).to eq([["other", "new", :listed]])

      refresh({"lab" => ["ollama", "acme", 500]}, sheets: sheets)
      expect([models.size, @outcomes["lab"][:kept]]).to eq([0, 0])
    end
  end

  describe "and what metadata sources state" do
    models_dev = JSON.generate(
      "groq" => {models: {"llama" => {name: "Llama", limit: {context: 8000}}, "quiet" => {name: "Quiet"}}},
      "fire-works.ai" => {models: {"big" => {name: "Big"}}},
      "openai" => {models: {"llama" => {name: "Not this", limit: {context: 1}, cost: {input: 9}}}}
    )
    answers = {"models_dev" => ["models_dev", nil, models_dev]}

    it "get the facts of their provider, and of no other that their API is named after" do
      refresh({**answers, "fast" => ["openai", "groq", listing("llama")],
        "mine" => ["openai", "mine", listing("llama")]})

      expect(model("groq", "llama").then { |model| [model.name, model.context_window, model.origin(:name)] })
        .to eq(["Llama", 8000, :models_dev])
      expect(model("mine", "llama").then { |model| [model.name, model.context_window, model.input_price_per_million] })
        .to eq(["llama", nil, nil])
      expect(model("fire_works_ai", "big").standing).to eq(:catalogued)
    end

    it "are in the catalog where the provider is documented, or the model is listed" do
      refresh({**answers, "fast" => ["openai", "groq", listing("llama")]}, documented: %w[openai mistral])
      expect(models.map { |model| [model.provider, model.id] }).to eq([%w[groq llama], %w[openai llama]])

      refresh({**answers, "fast" => ["openai", "groq", listing("llama")]}, documented: %w[groq])
      expect(models.map { |model| [model.provider, model.id] }).to eq([%w[groq llama], %w[groq quiet]])

      refresh(answers, documented: [])
      expect(models.size).to eq(0)
    end

    it "are merged anew when other providers are documented, although nobody has anything new" do
      sheets = refresh(answers, documented: %w[openai])
      before = @catalog
      refresh(answers, sheets: sheets, before: before, documented: %w[openai])
      expect(@catalog).to equal(before)

      refresh(answers, sheets: sheets, before: before, documented: %w[groq])
      expect(models.map(&:provider).uniq).to eq(["groq"])
    end

    it "leave a registry file's models alone where they do not count themselves" do
      file, = RubyLLM::Native.read_sheet("file", JSON.generate([{id: "kept", provider: "groq", name: "Kept"}]), 1)
      refresh(answers, sheets: {"file" => file}, documented: %w[openai])
      expect(models.map { |model| [model.provider, model.id] }).to eq([%w[groq kept], %w[openai llama]])

      refresh(answers, sheets: {"file" => file}, documented: %w[groq])
      expect(models.map(&:id)).to eq(%w[llama quiet])
    end
  end

  describe "at the border" do
    {
      {source: "a-b"} => [ArgumentError, 'source must have 1 to 64 characters of a-z, 0-9 and _, got "a-b"'],
      {source: "x" * 65} => [ArgumentError, /source must have 1 to 64 characters/],
      {provider: "A"} => [ArgumentError, 'provider must have 1 to 64 characters of a-z, 0-9 and _, got "A"'],
      {api: "nobody"} => [RubyLLM::Native::SourceError, 'unknown source "nobody"'],
      {api: "models_dev"} => [ArgumentError, 'api must be a provider\'s, got "models_dev"'],
      {source: "published"} => [ArgumentError, 'source must not be "published", which is a metadata source'],
      {headers: []} => [TypeError, "headers must be a Hash, got Array"],
      {headers: {"X-A" => 1}} => [TypeError, "X-A must be a String, got Integer"],
      {ca_file: 1} => [TypeError, "ca_file must be a String, got Integer"],
      {request_timeout: 0} => [ArgumentError, "request_timeout must be a positive number of seconds, got 0"]
    }.each do |changes, (error, message)|
      it "refuses #{changes}" do
        request = {source: "acme", api: "openai", settings: {}, **changes}
        expect { run_class.open(requests: [request], held: [], before: nil, **options) }.to raise_error(error, message)
      end
    end

    {
      {connections: 0} => [ArgumentError, /connections must be between 1 and/],
      {documented: "openai"} => [TypeError, "documented must be an Array, got String"],
      {documented: [:openai]} => [TypeError, "a documented provider must be a String, got Symbol"]
    }.each do |changes, (error, message)|
      it "refuses #{changes}" do
        expect { run_class.open(requests: [], held: [], before: nil, **options, **changes) }
          .to raise_error(error, message)
      end
    end
  end
end
