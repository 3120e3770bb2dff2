# frozen_string_literal: true

module RubyLLM
  module Native
    # No model matches the name. The message and the suggestions are computed only when they are asked for, so a rescued
    # miss costs nothing.
    #
    # @example
    #   rescue RubyLLM::ModelNotFoundError => error
    #     error.suggestions  # => ["claude-opus-4-5"]
    class ModelNotFoundError < RubyLLM::ModelNotFoundError
      # @return [String, Symbol, nil] the name that was looked up
      attr_reader :id

      # @return [String, Symbol, nil]
      attr_reader :provider

      # @param view [View] in which it was looked up
      def initialize(view, id, provider) # rubocop:disable Lint/MissingSuper
        @view = view
        @id = id
        @provider = provider
      end

      # @return [Array<String>] the nearest ids, at most three
      # @example
      #   error.suggestions  # => ["gpt-4.1", "gpt-4.1-mini"]
      def suggestions
        @suggestions ||= @view.suggestions(id, provider: provider)
      end

      # @return [String]
      def to_s
        @text ||= [unknown, *hint].join(" ")
      end

      # Short, since the instance variables hold a whole registry.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name}: #{self}>"
      end

      private

      def unknown
        of_provider = " for provider: #{provider.inspect}" if provider
        "Unknown model: #{id.inspect}#{of_provider}. If the model exists at the provider, refresh the registry with " \
          "`RubyLLM.models.refresh!`, or load a saved registry with `RubyLLM.models.load_from_json(path)`."
      end

      def hint
        *others, last = suggestions
        return unless last

        "Did you mean #{[*(others.join(", ") if others.any?), last].join(" or ")}?"
      end
    end
  end
end
