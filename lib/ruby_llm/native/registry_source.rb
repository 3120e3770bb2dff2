# frozen_string_literal: true

module RubyLLM
  module Native
    # What `RubyLLM.models.source` returns: where the registry's models come from, and how old they are.
    #
    # @example
    #   puts RubyLLM.models.source  # the file /app/tmp/ruby_llm_native/registry-v5.rlm, 3 hours old
    class RegistrySource
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[kind description at].freeze

      # @return [Symbol] :refresh (by this process), :store, :snapshot, :ruby_llm (its registry file), :file
      #   (`load_from_json`), :import, :parent (what a context shares) or :empty
      attr_reader :kind

      # @return [String] for people
      attr_reader :description

      # @param at [Time, String, nil] or the stamp of a store
      def initialize(kind, description, at = nil)
        @kind = kind
        @description = description.dup.freeze
        @at = at
        freeze
      end

      # @return [Time, nil] UTC; when the models were fetched, or the file was written; nil when unknown
      def at
        @at.is_a?(String) ? Storage.time_of(@at) : @at # no lookup needs it, and reading a stamp takes a while
      end

      # @return [Float, nil] seconds since {#at}
      def age(now = Time.now)
        at && [now - at, 0.0].max
      end

      # @return [Hash{Symbol => Object}]
      def to_h
        {kind: kind, description: description, at: at}
      end

      # @return [String]
      def to_s
        at ? "#{description}, #{Phrases.duration(age)} old" : description
      end

      # @return [String]
      def inspect
        "#<#{self.class.name} #{kind}: #{self}>"
      end

      protected

      def content
        super.merge("@at": at)
      end
    end
  end
end
