# frozen_string_literal: true

require_relative "../known_endpoints"
require_relative "count"
require_relative "expression"
require_relative "formats"

module RubyLLM
  module Native
    class Usage
      # Which format a usage object has: the one that was asked for, or the one that its fields tell.
      #
      # @api private
      module Choice
        # The first format wins of which all fields are there. Those with `prompt_tokens` come early, since LiteLLM adds
        # Anthropic's fields to them.
        SHAPES = Ractor.make_shareable([
          [:gemini, "promptTokenCount"], [:gemini, "candidatesTokenCount"], [:gemini, "thoughtsTokenCount"],
          [:gemini, "responseTokenCount"], [:gemini, "totalTokenCount"],
          [:bedrock, "inputTokens"], [:bedrock, "outputTokens"], [:bedrock, "cache_write_input_tokens"],
          [:bedrock, "cache_details"],
          [:mistral, "prompt_audio_seconds"], [:mistral, "pages_processed"],
          [:perplexity, "num_search_queries"], [:perplexity, "citation_tokens"],
          [:xai, "cached_prompt_text_tokens"],
          [:openai_chat, "completion_tokens"], [:openai_chat, "prompt_tokens_details"],
          [:openai_embeddings, "prompt_tokens"],
          [:cohere, "billed_units"], [:cohere_tokens, "tokens.input_tokens"], [:cohere_tokens, "tokens.output_tokens"],
          [:anthropic, "cache_creation_input_tokens"], [:anthropic, "cache_read_input_tokens"],
          [:anthropic, "cache_creation"], [:anthropic, "output_tokens_details.thinking_tokens"],
          [:openai_transcription, "type", "seconds"],
          [:openai_realtime, "input_token_details.cached_tokens"], [:openai_realtime, "output_token_details"],
          [:openai_transcription, "input_token_details"],
          [:openai_responses, "output_tokens_details.reasoning_tokens"],
          [:openai_images, "input_tokens_details.image_tokens"],
          [:anthropic, "server_tool_use", "output_tokens"],
          [:tokens, "thinking_tokens"], [:tokens, "cache_read_tokens"], [:tokens, "cache_write_tokens"],
          [:tokens, "cache_creation_tokens"], [:tokens, "input_tokens", "cached_tokens"],
          [:openai_responses, "input_tokens"], [:openai_responses, "output_tokens"]
        ].map { |name, *fields| [name, *fields.map { |field| field.split(".") }] })

        # The kinds of API that most providers answer alike.
        KINDS = {
          chat: :openai_chat, responses: :openai_responses, embeddings: :openai_embeddings,
          realtime: :openai_realtime, images: :openai_images, transcription: :openai_transcription
        }.freeze

        # The formats that are a provider's own: `default` is that of the API which the provider has defined.
        PROVIDERS = Ractor.make_shareable({
          %w[anthropic minimax] => {default: :anthropic},
          %w[google gemini vertexai] => {default: :gemini},
          %w[aws bedrock] => {default: :bedrock},
          %w[azure] => {default: :azure_chat, chat: :azure_chat, responses: :azure_responses},
          %w[cohere] => {default: :cohere, embeddings: :cohere, tokens: :cohere_tokens},
          %w[groq openai] => {default: :openai_chat},
          %w[mistral] => {default: :mistral, chat: :mistral},
          %w[perplexity] => {default: :perplexity, chat: :perplexity},
          %w[x_ai xai] => {default: :xai, chat: :xai}
        }.flat_map { |slugs, formats| slugs.map { |slug| [slug, formats] } }.to_h)

        # What tells whether a total has reasoning in it beside the output.
        REASONING, TOTAL, OTHERS = [
          "completion_tokens_details.reasoning_tokens|reasoning_tokens", "total_tokens",
          %w[prompt_tokens completion_tokens]
        ].map { |terms| Expression.new(terms) }
        private_constant :SHAPES, :KINDS, :PROVIDERS, :REASONING, :TOTAL, :OTHERS

        module_function

        # @param format [Symbol, String, nil] a format, or a kind of API
        # @param provider [Symbol, String, nil]
        # @return [Symbol, nil] nil when the fields are to tell
        # @raise [ArgumentError] for an unknown format
        # @example
        #   Choice.asked(:chat, "x-ai")  # => :xai
        def asked(format, provider)
          word(:provider, provider) unless provider.nil?
          return if format.nil?

          formats = formats_of(provider)
          name = word(:format, format).to_sym
          return formats[name] if formats.key?(name) || name == :default
          return name if Formats::ALL.key?(name) || name == :plain

          KINDS.fetch(name) do
            known = [*Formats::ALL.keys, :plain, *KINDS.keys, :default].join(", ")
            raise ArgumentError, "Unknown format: #{Count.show(format)} (known: #{known})"
          end
        end

        # @param usage [Hash{String => Object}]
        # @param provider [Symbol, String, nil]
        # @return [Symbol, nil] nil when it has no provider's fields
        def told(usage, provider)
          name, = SHAPES.find { |_, one, other| there?(usage, one) && (other.nil? || there?(usage, other)) }
          case name
          when :openai_chat then formats_of(provider).fetch(:chat) { reasoning_beside?(usage) ? :xai : name }
          when :openai_responses then formats_of(provider).fetch(:responses, name)
          else name
          end
        end

        def formats_of(provider)
          provider.nil? ? {} : PROVIDERS.fetch(KnownEndpoints.normalise(word(:provider, provider)), {})
        end

        def word(argument, value)
          return value.to_s if (String === value || Symbol === value) && value.to_s.ascii_only?

          raise ArgumentError, "#{argument} must be a name of ASCII letters, got #{Count.show(value)}"
        end

        def there?(object, keys)
          keys.all? do |key|
            object = (Hash === object) ? object.fetch(key, nil) : nil
            !(NilClass === object)
          end
        end

        # OpenAI counts reasoning in the output, xAI beside it. The total says which.
        def reasoning_beside?(usage)
          reasoning = REASONING.read(usage)
          reasoning&.positive? && TOTAL.read(usage) == OTHERS.read(usage).to_i + reasoning
        end

        private_class_method :formats_of, :word, :there?, :reasoning_beside?
      end
      private_constant :Choice
    end
  end
end
