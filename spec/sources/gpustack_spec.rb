# frozen_string_literal: true

require_relative "../support/refreshing"

RSpec.describe "GPUStack's listing" do
  include_context "with a server for all sources"

  let(:config) { Refreshing.configuration(server, only: [], gpustack_api_base: "#{server.url("gpustack")}/v1") }
  let(:categories) { %w[llm embedding image reranker speech_to_text text_to_speech unknown] }

  # A newer server, that has these models of each category.
  def newer(models)
    row = ->(name) { {id: name, object: "model", created: 1_763_000_003, owned_by: "gpustack", meta: {}} }
    lambda do |request|
      category = request.query["categories"]
      names = category ? models.fetch(category, []) : models.values.flatten.uniq
      json({object: "list", data: names.map(&row)})
    end
  end

  # An older one: it knows no categories.
  def older
    ->(request) { json(fixture((request.query["page"] == "2") ? "gpustack/page_2" : "gpustack/page_1")) }
  end

  def only_chat(answer)
    ->(request) { (request.query["categories"] == "llm") ? answer : json(fixture("gpustack/empty")) }
  end

  def refresh_with(answer)
    server.on("gpustack", answer)
    registry.refresh!(only: :gpustack)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  it "asks for each category, and for the older shape" do
    refresh_with(newer("llm" => %w[a]))

    requests = server.requests("gpustack")
    expect(requests.map(&:path).uniq).to eq(["/gpustack/v1/models"])
    expect(requests.map(&:query)).to match_array(
      categories.map { |category| {"with_meta" => "true", "categories" => category} } + [{"perPage" => "100"}]
    )
    expect(requests.map { |request| request.headers["authorization"] }.uniq).to eq([nil])
  end

  it "sends a key where there is one, and is left out by remote_only" do
    config.gpustack_api_key = "key-of-gpustack-1b5e"
    refresh_with(newer("llm" => %w[a]))
    expect(server.requests("gpustack").map { |request| request.headers["authorization"] }.uniq)
      .to eq(["Bearer key-of-gpustack-1b5e"])

    server.reset
    registry.refresh!(remote_only: true)
    expect(server.requests("gpustack")).to eq([])
  end

  it "takes the type from the category" do
    refresh_with(newer(categories.to_h { |category| [category, ["a-#{category}"]] }))

    facts = registry.by_provider(:gpustack).to_h do |model|
      [model.id, [model.type, model.input_modalities, model.output_modalities]]
    end
    expect(facts).to include(
      "a-llm" => [:chat, %w[text], %w[text]], "a-embedding" => [:embedding, %w[text], %w[embeddings]],
      "a-image" => [:image, %w[text], %w[image]],
      "a-reranker" => [:rerank, %w[text], %w[rerank]], "a-speech_to_text" => [:transcription, %w[audio], %w[text]],
      "a-text_to_speech" => [:audio, %w[text], %w[audio]]
    )
    expect(registry.find("a-unknown").output_modalities).to eq([])
    expect(outcome(:gpustack)).to have_attributes(status: :refreshed, rows: 7, rejected: 0)
  end

  it "takes no type from a server that does not filter" do
    refresh_with(newer(categories.to_h { |category| [category, %w[a b]] }))
    expect(registry.by_provider(:gpustack).map { |model| [model.id, model.output_modalities] })
      .to contain_exactly(["a", []], ["b", []])
  end

  it "states what meta does" do
    refresh_with(only_chat(json(fixture("gpustack/good"))))

    expect(registry.find("acme/chat-9b")).to have_attributes(context_window: 16_384,
      max_output_tokens: nil, created_at: Time.at(1_763_000_001).utc,
      capabilities: contain_exactly("function_calling", "vision"), input_modalities: %w[text image],
      metadata: {gpustack: {meta: {n_ctx_train: 65_536, n_params: 9_240_000_123}}})
    expect(registry.find("plain-3b")).to have_attributes(context_window: nil, metadata: {})
    refresh_with(only_chat(json(fixture("gpustack/odd"))))
    expect(registry.find("vllm-made").context_window).to eq(40_960)
    expect(registry.find("no-limit")).to have_attributes(context_window: nil, input_modalities: %w[text audio])
  end

  it "reads an older server to its last page, each model once, with the same configuration" do
    refresh_with(older)

    expect(server.requests("gpustack").map(&:query)).to include({"perPage" => "100", "page" => "2"})
    expect(outcome(:gpustack)).to have_attributes(status: :refreshed, rows: 3)
    expect(registry.find("older-chat")).to have_attributes(type: :chat,
      context_window: 8192, created_at: Time.utc(2025, 3, 4, 5, 6, 7),
      capabilities: ["function_calling"],
      metadata: {gpustack: {
        backend: "llama-box", categories: ["llm"], meta: {n_ctx_train: 131_072}, source: "huggingface"
      }})
    expect(registry.find("older-embed").type).to eq(:embedding)
    expect(registry.find("older-ears")).to have_attributes(type: :transcription, input_modalities: %w[audio])
  end

  it "loses one row to one bad row" do
    refresh_with(only_chat(json(fixture("gpustack/broken_rows"))))
    expect(outcome(:gpustack)).to have_attributes(status: :refreshed, rejected: 1)
    expect(ids(:gpustack)).to contain_exactly("whole-1", "whole-2")
  end

  it "fails with what the error says, and is empty where nothing is listed" do
    refresh_with(json(fixture("gpustack/error"), status: 401))
    expect(outcome(:gpustack))
      .to have_attributes(status: :failed, http_status: 401, error: /Invalid credentials of Acme/)

    refresh_with(json(fixture("gpustack/empty")))
    expect(outcome(:gpustack).status).to eq(:empty)
  end
end
