# frozen_string_literal: true

require_relative "support/refreshing"
require_relative "support/listings"

# What a whole answer is: an answer that breaks off, in whatever polite way, takes no model away.
RSpec.describe "a refresh of answers that are not what they seem" do
  include_context "with a server for all sources"
  include Listings

  def page(ids, more: nil, **envelope)
    json({object: "list", data: ids.map { |id| {id: id, object: "model"} }, has_more: more, **envelope}.compact)
  end

  # Pages of two ids, which follow the id that the query names.
  def serve_pages(source, ids, query, **envelope)
    server.on(source, lambda do |request|
      rest = request.query[query] ? ids.drop(ids.index(request.query[query]) + 1) : ids
      page(rest.first(2), more: rest.size > 2, **envelope)
    end)
  end

  def expect_failed_and_kept(source, ids, error)
    refresh_only(source)
    expect(outcome(source)).to have_attributes(status: :failed, error: error, kept: be >= ids.size)
    expect(listed(source)).to match_array(ids)
  end

  describe "in pages" do
    let(:ids) { %w[m-1 m-2 m-3 m-4 m-5] }

    it "reads all of them from servers of OpenAI's format" do
      %w[openai deepseek mistral ollama].each do |source|
        serve_pages(source, ids, "after")
        refresh_only(source)

        expect(listed(source)).to match_array(ids)
        expect(outcome(source)).to have_attributes(status: :refreshed, attempts: 3)
      end
    end

    it "goes on from the last row where the server names no last id" do
      serve_pages("anthropic", ids, "after_id", first_id: nil)
      refresh_only("anthropic")

      expect(listed("anthropic")).to match_array(ids)
    end

    it "fails where the server only says that there is more" do
      server.on("openai", page(ids))
      refresh_only("openai")
      server.on("openai", page([], more: true))
      expect_failed_and_kept(
        "openai", ids, /\Athe answer has more pages \(has_more\), but neither a last_id/
      )
    end

    it "fails where the server gives the same page again" do
      server.on("openai", page(ids))
      refresh_only("openai")
      server.on("openai", page(ids.first(2), more: true))
      expect_failed_and_kept("openai", ids, /page/)
    end
  end

  describe "with status 200 and no list" do
    {
      {error: {message: "project is out of credits"}} => /\Athe answer reports an error: project is out of credits\z/,
      {error: "closed for today"} => /\Athe answer reports an error: closed for today\z/,
      {detail: "try the other door"} => /\Ano \w+\[\] in the answer: try the other door\z/,
      {} => /\Ano \w+\[\] in the answer\z/,
      {"data" => nil, "models" => nil} => /\Ano \w+\[\] in the answer\z/,
      {"data" => "soon", "models" => "soon"} => /\A(data|models) must be a list, got a string\z/
    }.each do |body, message|
      it "fails and keeps what it had: #{body}" do
        %w[openai anthropic gemini mistral deepseek xai].each do |source|
          refresh_only(source)
          before = listed(source)
          server.on(source, json(body))
          expect_failed_and_kept(source, before, message)
        end
      end
    end

    it "fails with an error beside rows: they may not be all" do
      refresh_only("mistral")
      before = listed("mistral")
      server.on("mistral", json({data: [{id: "m-1"}], error: {message: "backend 2 of 3 timed out"}}))
      expect_failed_and_kept("mistral", before, "the answer reports an error: backend 2 of 3 timed out")
    end
  end

  describe "of a server that speaks OpenAI's format in its own way" do
    it "reads an answer that is the list itself, or calls it models" do
      [
        [{id: "acme/a"}, {id: "acme/b", context_length: 8192}],
        {models: [{id: "acme/a"}, {id: "acme/b", context_length: 8192}]}
      ].each do |body|
        server.on("openai", json(body))
        refresh_only("openai")

        expect(listed("openai")).to contain_exactly("acme/a", "acme/b")
        expect(registry.find("acme/b").context_window).to eq(8192)
      end
    end

    it "does not offer a proxy's patterns, and counts them" do
      server.on("openai", page(%w[* acme/* gpt-9 bedrock/eu.*]))
      refresh_only("openai")

      expect(registry.chat_models.map(&:id)).to eq(["gpt-9"])
      expect(outcome(:openai)).to have_attributes(status: :refreshed, rows: 1, rejected: 0, left_out: 3,
        left_out_reason: '"*" is a pattern, not a model', note: '3 rows left out, first: "*" is a pattern, not a model')
    end

    it "is empty where there is nothing but patterns" do
      server.on("openai", page(%w[* acme/*]))
      refresh_only("openai")

      expect(outcome(:openai))
        .to have_attributes(status: :empty, left_out: 2, note: /\Aanswered without any models; 2 rows left out/)
    end

    it "believes the server's word on its own models before models.dev's" do
      config.models_dev_url = "#{server.url("models_dev")}/api.json"
      model = {id: "gpt-9", limit: {context: 400_000, output: 128_000}, cost: {input: 1, output: 9}}
      server.on("models_dev", json({openai: {models: {"gpt-9" => model}}}))
      server.on("openai", json({data: [{id: "gpt-9", owned_by: "vllm", max_model_len: 16_384}]}))
      registry.refresh!(only: %i[openai models_dev])

      expect(registry.find("gpt-9")).to have_attributes(context_window: 16_384, max_output_tokens: 128_000)
      expect(registry.find("gpt-9").origin(:context_window)).to eq(:openai)
    end
  end

  describe "in which most models no longer state what they did" do
    it "says what, once, and keeps what is stated now as metadata" do
      server.on("openai", json({data: %w[a b c].map { |id| {id: id, context_length: 8192, supports_vision: true} }}))
      refresh_only("openai")
      expect(outcome(:openai)).to have_attributes(lost_fields: [], note: "")

      server.on("openai", json({data: %w[a b c].map { |id| {id: id, context: {length: 8192}, supports_vision: true} }}))
      refresh_only("openai")
      expect(outcome(:openai))
        .to have_attributes(lost_fields: [:context_window], note: "most models no longer state context_window")
      expect(outcome(:openai).to_h).to include(lost_fields: ["context_window"])
      expect(RubyLLM::Native::Outcome.new(outcome(:openai).to_h)).to eq(outcome(:openai))
      expect(registry.find("a").metadata).to eq({openai: {context: {length: 8192}}})

      refresh_only("openai")
      expect(outcome(:openai).lost_fields).to eq([])
    end
  end

  describe "with a price that cannot be read" do
    it "takes none of that model's prices, keeps them all in its metadata, and says so" do
      rows = [
        {id: "v/a", pricing: {prompt: "0.000001", completion: "on request"}},
        {id: "v/b", pricing: {prompt: "0", completion: "0.000002"}}
      ]
      server.on(
        "openrouter",
        ->(request) { json({data: (request.path == "/openrouter/models" && request.query.empty?) ? rows : []}) }
      )
      refresh_only("openrouter")

      expect(registry.find("v/a")).to have_attributes(
        prices: [], metadata: {openrouter: {pricing: {prompt: "0.000001", completion: "on request"}}}
      )
      expect(registry.find("v/b").output_price_per_million).to eq(2)
      expect(outcome(:openrouter))
        .to have_attributes(unread_prices: 1, unread_price: 'v/a: completion must be a number, got "on request"')
    end
  end
end
