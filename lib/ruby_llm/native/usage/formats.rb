# frozen_string_literal: true

require_relative "format"

module RubyLLM
  module Native
    class Usage
      # Every format that is read: what is odd about a provider's usage stands in this table.
      #
      # Not read, since they are no amounts or are charged with what is: totals and sums of text tokens; Anthropic's
      # `iterations`, which are the parts of its sums; predictions that a model rejected, which are output as well.
      #
      # @api private
      module Formats
        # OpenAI's chat API, and the many that answer like it. Moonshot writes `cached_tokens` beside the totals and
        # DeepSeek `prompt_cache_hit_tokens`; OpenRouter states what was written to a cache, and so does LiteLLM, which
        # adds Anthropic's fields and counts them in the total.
        CHAT = {
          input: "prompt_tokens",
          output: "completion_tokens",
          cache_read: "prompt_tokens_details.cached_tokens|cached_tokens|prompt_cache_hit_tokens|" \
                      "cache_read_input_tokens",
          cache_write: "prompt_tokens_details.cache_write_tokens|cache_creation_input_tokens",
          audio_input: "prompt_tokens_details.audio_tokens",
          image_input: "prompt_tokens_details.image_tokens",
          video_input: "prompt_tokens_details.video_tokens",
          reasoning: "completion_tokens_details.reasoning_tokens|reasoning_tokens",
          audio_output: "completion_tokens_details.audio_tokens",
          image_output: "completion_tokens_details.image_tokens"
        }.freeze

        RESPONSES = {
          input: "input_tokens",
          output: "output_tokens",
          cache_read: "input_tokens_details.cached_tokens",
          cache_write: "input_tokens_details.cache_write_tokens",
          audio_input: "input_tokens_details.audio_tokens",
          image_input: "input_tokens_details.image_tokens",
          reasoning: "output_tokens_details.reasoning_tokens",
          audio_output: "output_tokens_details.audio_tokens",
          image_output: "output_tokens_details.image_tokens"
        }.freeze

        # OpenAI's speech API and its transcriptions name the details in the singular.
        AUDIO = {
          input: "input_tokens",
          output: "output_tokens",
          cache_read: "input_token_details.cached_tokens",
          audio_input: "input_token_details.audio_tokens",
          audio_cache_read: "input_token_details.cached_tokens_details.audio_tokens",
          image_input: "input_token_details.image_tokens",
          image_cache_read: "input_token_details.cached_tokens_details.image_tokens",
          audio_output: "output_token_details.audio_tokens"
        }.freeze

        of_kind = ->(kind, *of) { of.map { |tokens| "#{tokens}TokensDetails[modality=#{kind}].tokenCount" } }

        ALL = Ractor.make_shareable({
          openai_chat: CHAT,
          openai_responses: RESPONSES,
          # Azure charges what is written to the cache as input, and says nothing of it.
          azure_chat: CHAT.except(:cache_write),
          azure_responses: RESPONSES.except(:cache_write),
          openai_embeddings: {input: "prompt_tokens"},
          openai_realtime: AUDIO,
          openai_transcription: {**AUDIO, transcription: "seconds"},
          # Without details, all that the API of images makes is an image.
          openai_images: {
            input: "input_tokens",
            output: "output_tokens",
            cache_read: "input_tokens_details.cached_tokens",
            audio_input: "input_tokens_details.audio_tokens",
            image_input: "input_tokens_details.image_tokens",
            image_output: "output_tokens_details.image_tokens|output_tokens"
          },
          anthropic: {
            input: "input_tokens",
            output: "output_tokens",
            cache_read: "cache_read_input_tokens",
            cache_write: "cache_creation_input_tokens",
            cache_write_1h: "cache_creation.ephemeral_1h_input_tokens",
            reasoning: "output_tokens_details.thinking_tokens",
            web_search: "server_tool_use.web_search_requests",
            beside: %i[cache_read cache_write]
          },
          # The Live API writes `response…` for `candidates…`. The pages of a document are charged as images.
          gemini: {
            input: %w[promptTokenCount toolUsePromptTokenCount],
            output: "candidatesTokenCount|responseTokenCount",
            cache_read: "cachedContentTokenCount",
            audio_input: of_kind["AUDIO", "prompt", "toolUsePrompt"],
            audio_cache_read: of_kind["AUDIO", "cache"],
            image_input: of_kind["IMAGE,DOCUMENT", "prompt", "toolUsePrompt"],
            image_cache_read: of_kind["IMAGE,DOCUMENT", "cache"],
            video_input: of_kind["VIDEO", "prompt", "toolUsePrompt"],
            video_cache_read: of_kind["VIDEO", "cache"],
            reasoning: "thoughtsTokenCount",
            audio_output: of_kind["AUDIO", "candidates", "response"],
            image_output: of_kind["IMAGE,DOCUMENT", "candidates", "response"],
            video_output: of_kind["VIDEO", "candidates", "response"],
            beside: %i[reasoning]
          },
          # Converse, as it comes over the network and as the AWS SDK for Ruby names it.
          bedrock: {
            input: "inputTokens|input_tokens",
            output: "outputTokens|output_tokens",
            cache_read: "cacheReadInputTokens|cache_read_input_tokens",
            cache_write: "cacheWriteInputTokens|cache_write_input_tokens",
            cache_write_1h: "cacheDetails[ttl=1h].inputTokens|cache_details[ttl=1h].input_tokens",
            beside: %i[cache_read cache_write]
          },
          mistral: {**CHAT, transcription: "prompt_audio_seconds", page: "pages_processed"},
          # What is charged, which is less than what was read.
          cohere: {
            input: "billed_units.input_tokens",
            output: "billed_units.output_tokens",
            image_input: "billed_units.image_tokens",
            search_unit: "billed_units.search_units",
            beside: %i[image_input]
          },
          cohere_tokens: {
            input: "tokens.input_tokens", output: "tokens.output_tokens", cache_read: "cached_tokens"
          },
          perplexity: {
            input: "prompt_tokens",
            output: "completion_tokens",
            reasoning: "reasoning_tokens",
            citation: "citation_tokens",
            web_search: "num_search_queries",
            beside: %i[reasoning citation]
          },
          xai: {
            **CHAT,
            cache_read: "prompt_tokens_details.cached_tokens|cached_prompt_text_tokens",
            beside: %i[reasoning]
          },
          # The tokens of the ruby_llm gem, whose input is without what a cache had, and whose output is with thinking.
          tokens: {
            input: "input_tokens",
            output: "output_tokens",
            cache_read: "cache_read_tokens|cached_tokens",
            cache_write: "cache_write_tokens|cache_creation_tokens",
            reasoning: "thinking_tokens|reasoning_tokens",
            beside: %i[cache_read cache_write]
          }
        }.to_h { |name, fields| [name, Format.new(name, **fields)] })
        private_constant :CHAT, :RESPONSES, :AUDIO
      end
      private_constant :Formats
    end
  end
end
