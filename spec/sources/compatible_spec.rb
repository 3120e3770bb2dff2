# frozen_string_literal: true

require_relative "../support/refreshing"

# What each server states is in spec/core/compatible_test.c, row by row; here, that it arrives.
RSpec.describe "A listing in OpenAI's format" do
  include_context "with a server for all sources"

  let(:config) do
    Refreshing.configuration(server, only: [], openai_api_base: server.url("openai"), openai_api_key: "key-1b5e")
  end

  before do
    server.on("openai", json(fixture("openai/compatible")))
    registry.refresh!(only: :openai)
  end

  # [type, context, most input, most output, price of a million tokens in and out]
  def facts(model)
    prices = model.prices.select { |price| price.threshold.nil? }
    price = ->(meter) { prices.find { |one| one.meter == meter }&.amount&.to_f }
    [model.type, model.context_window, model.max_input_tokens, model.max_output_tokens, price[:input],
      price[:output] || price[:image]]
  end

  it "is read whole, whichever server's rows it has" do
    expect(outcome(:openai))
      .to have_attributes(status: :refreshed, rows: 28, rejected: 0, left_out: 0, unread_prices: 0)
    expect(registry.by_provider(:openai).to_h { |model| [model.id, facts(model)] }).to eq(
      "vllm" => [:chat, 24_576, nil, nil, nil, nil], "sglang" => [:chat, 40_960, nil, nil, nil, nil],
      "llamacpp" => [:chat, 8_192, nil, nil, nil, nil], "llamacpp-router" => [:chat, nil, nil, nil, nil, nil],
      "lmstudio" => [:chat, 4_096, nil, nil, nil, nil], "lmstudio-own" => [:chat, 4_096, nil, nil, nil, nil],
      "localai" => [:chat, nil, nil, nil, nil, nil], "nvidia" => [:chat, nil, nil, nil, nil, nil],
      "groq" => [:chat, 131_072, nil, 32_768, nil, nil], "together" => [:chat, 131_072, nil, nil, 0.88, 0.88],
      "fireworks" => [:chat, 131_072, nil, nil, nil, nil], "deepinfra" => [:chat, 131_072, nil, nil, 0.23, 0.4],
      "nebius" => [:chat, 131_072, nil, nil, 0.5, 1.5], "sambanova" => [:chat, 131_072, nil, 4_096, 0.6, 1.2],
      "novita" => [:chat, 131_072, nil, 8_192, 0.39, 3.9], "chutes" => [:chat, 131_072, nil, 65_536, nil, nil],
      "moonshot" => [:chat, 262_144, nil, nil, nil, nil], "mistral" => [:chat, 131_072, nil, nil, nil, nil],
      "venice-text" => [:chat, 200_000, nil, 24_000, 0.15, 0.6], "venice-image" => [:image, nil, nil, nil, nil, 0.01],
      "venice-embedding" => [:embedding, nil, 8_192, nil, 0.15, nil],
      "venice-voice" => [:audio, nil, nil, nil, nil, nil],
      "github" => [:chat, nil, 1_048_576, 32_768, nil, nil], "huggingface" => [:chat, 131_072, nil, nil, nil, nil],
      "vercel" => [:chat, 200_000, nil, 64_000, 3.0, 15.0], "requesty" => [:chat, 200_000, nil, 64_000, 3.0, 15.0],
      "imitator" => [:chat, 131_072, nil, 16_384, 0.5, 1.5], "cloudflare" => [:chat, 32_768, nil, 4_096, 0.3, 0.9]
    )
  end

  it "keeps no command line and no measurement" do
    expect(registry.find("llamacpp-router").metadata[:openai].keys).to contain_exactly(:in_cache, :owned_by)
    expect(registry.find("huggingface").metadata.to_s).not_to match(/throughput|latency/)
  end
end
