# frozen_string_literal: true

require "json"

# Made-up answers of five sources, the same on every machine: what the workloads read. Some models are known to one
# source, some to two; of the groups of models.dev most are of providers that this gem does not know.
module Listings
  MODELS = 40 # of each provider
  OFFERS = 200 # of openrouter, which resells all of them
  FAMILIES = %w[gpt claude gemini mistral llama qwen].freeze
  SIZES = %w[mini small medium large vision].freeze
  MAKERS = %w[openai anthropic google mistralai meta-llama qwen].freeze
  KNOWN = %w[openai anthropic google mistral openrouter azure amazon-bedrock xai].freeze
  UNKNOWN = Array.new(24) { |number| "reseller-#{number}" }.freeze

  module_function

  # @return [String] a line for each source: its slug, a tab, its answer
  def text
    answers = {openai: openai, anthropic: anthropic, mistral: mistral, openrouter: openrouter, models_dev: models_dev}
    answers.map { |slug, answer| "#{slug}\t#{JSON.generate(answer)}\n" }.join
  end

  # Every third one has a date.
  def id(number)
    name = "#{FAMILIES[number % 6]}-#{number / 6}.#{number % 4}-#{SIZES[number % 5]}"
    (number % 3).zero? ? "#{name}-#{date(number)}" : name
  end

  def name(number)
    id(number).split("-").map(&:capitalize).join(" ")
  end

  def date(number)
    format("2025-%02d-%02d", 1 + number % 12, 1 + number % 28)
  end

  def seconds(number)
    1_735_689_600 + number * 86_400
  end

  # @return [Boolean] what half of the models have, another half for each fact
  def half?(number, fact)
    (number / fact).even?
  end

  def openai
    rows = Array.new(MODELS) do |number|
      {id: id(number), object: "model", created: seconds(number), owned_by: "system"}
    end
    {object: "list", data: rows}
  end

  def anthropic
    rows = Array.new(MODELS) do |number|
      capabilities = %w[batch citations image_input pdf_input structured_outputs thinking].to_h do |word|
        [word, {supported: half?(number, word.length)}]
      end
      {
        type: "model", id: id(number), display_name: name(number), created_at: "#{date(number)}T00:00:00Z",
        max_input_tokens: 200_000, max_tokens: 64_000, capabilities: capabilities
      }
    end
    {data: rows, has_more: false}
  end

  def mistral
    words = %w[completion_chat function_calling completion_fim fine_tuning vision ocr classification moderation audio]
    rows = Array.new(MODELS) do |number|
      {
        id: id(number), object: "model", created: seconds(number), owned_by: "mistralai",
        capabilities: words.to_h { |word| [word, word == "completion_chat" || half?(number, word.length)] },
        name: name(number), description: "The model of number #{number}", max_context_length: 131_072,
        aliases: ["#{FAMILIES[number % 6]}-#{number}-latest"], deprecation: nil, deprecation_replacement_model: nil,
        default_model_temperature: 0.3, type: "base"
      }
    end
    {object: "list", data: rows}
  end

  def openrouter
    {data: Array.new(OFFERS) { |number| offer(number) }}
  end

  def offer(number)
    id = "#{MAKERS[number % 6]}/#{id(number)}"
    {
      id: half?(number, 10) ? id : "#{id}:free", canonical_slug: id, hugging_face_id: "", name: name(number),
      created: seconds(number), description: "A model for long texts, at a price that changes with their length. " * 8,
      context_length: 262_144, architecture: architecture(number), pricing: pricing(number),
      top_provider: {context_length: 262_144, max_completion_tokens: 32_768, is_moderated: half?(number, 2)},
      per_request_limits: nil, supported_parameters: %w[
        frequency_penalty include_reasoning max_tokens reasoning response_format structured_outputs temperature tools
      ], default_parameters: {temperature: nil, top_p: 0.95}
    }
  end

  def architecture(number)
    input = half?(number, 3) ? %w[text image file] : %w[text]
    {
      modality: "#{input.join("+")}->text", input_modalities: input, output_modalities: %w[text], tokenizer: "Other",
      instruct_type: nil
    }
  end

  def pricing(number)
    {
      prompt: "0.00000#{number + 1}", completion: "0.0000#{number + 1}", request: "0", image: "0", web_search: "0",
      internal_reasoning: "0", input_cache_read: "0.0000001#{number}"
    }
  end

  def models_dev
    [*KNOWN, *UNKNOWN].to_h do |group|
      models = Array.new(MODELS) do |number|
        id = (group == "openrouter") ? offer(number)[:id] : id(number)
        [id, facts(id, number)]
      end
      [group, {id: group, env: ["A_KEY"], npm: "a-package", name: group, doc: "https://a.host/", models: models.to_h}]
    end
  end

  def facts(id, number)
    {
      id: id, name: name(number), family: FAMILIES[number % 6], attachment: half?(number, 2),
      reasoning: half?(number, 3), tool_call: half?(number, 4), structured_output: half?(number, 5), temperature: true,
      knowledge: "2024-10", release_date: date(number), last_updated: date(number),
      modalities: {input: half?(number, 2) ? %w[text image pdf] : %w[text], output: %w[text]}, open_weights: false,
      limit: {context: 262_144, output: 32_768},
      cost: {input: (number + 1) / 8.0, output: (number + 1) / 2.0, cache_read: (number + 1) / 64.0}
    }
  end
end
