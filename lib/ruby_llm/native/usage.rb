# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # What one request used: tokens, and all else that is charged.
    #
    # @example
    #   usage = RubyLLM::Native::Usage.of(JSON.parse(response.body))
    #   usage.counts  # => {input: 900, cache_read: 100, output: 40, reasoning: 10}
    #   usage.length  # => 1000
    class Usage
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[counts length tier region format].freeze

      # @return [Hash{Symbol => Integer, Rational, Float}] more than 0 of each. Frozen, and disjoint: `input` is without
      #   what a cache had and without audio, `output` without reasoning. Numbers of tokens and things; audio and video
      #   in seconds
      attr_reader :counts

      # @return [Hash{Symbol => Integer, Rational, Float}] {#counts} and the zeros that are stated; what is not in it
      #   was not counted
      # @example
      #   RubyLLM::Native::Usage.of({input: 12, output: 0, cache_read: nil}).stated  # => {input: 12, output: 0}
      attr_reader :stated

      # @return [Integer, Rational, Float] tokens of the whole input, with those that a cache had or took: what the
      #   threshold of a price for long requests is compared with
      attr_reader :length

      # @return [Symbol, nil] the service tier that was used, such as :batch, :flex or :priority; nil: the usual one, or
      #   not stated
      attr_reader :tier

      # @return [String, nil] where the request was kept, such as "us"; nil: anywhere, or not stated
      attr_reader :region

      # @return [Symbol] the format that was read, such as :openai_chat or :plain
      attr_reader :format

      # Read what an app has: a provider's answer or the usage in it, as parsed JSON or as an object of the provider's
      # library; tokens or a message of the ruby_llm gem; a Hash of our own names, whose counts are disjoint; a usage.
      #
      # A total wins over parts that exceed it: the parts are cut.
      #
      # @param object [Usage, Hash, #input, #input_tokens, #usage]
      # @param format [Symbol, String, nil] the format, or a kind of API (`:chat`, `:responses`, `:embeddings`,
      #   `:default` and others); nil: the one that the fields tell
      # @param provider [Symbol, String, nil] whose usage it is, where that decides what a kind of API means
      # @return [Usage]
      # @raise [ArgumentError] for an unknown format or count, an answer without usage or not of the format, or a count
      #   that is negative or not a number
      # @example
      #   RubyLLM::Native::Usage.of({input: 1_000, output: 500, web_searches: 2}).counts[:web_search]  # => 2
      def self.of(object, format: nil, provider: nil)
        return object if Usage === object

        counts = Objects.counts(object) if format.nil?
        return new(:tokens, counts, nil, nil) if counts

        reading = Reading.new(object, format, provider)
        new(reading.format, reading.counts, reading.tier, reading.region)
      end
      private_class_method :new

      # @api private
      # @param counts [Hash{Symbol => Numeric}] in the order of {METERS}
      def initialize(format, counts, tier, region)
        @format = format
        @stated = counts.freeze
        @length = 0
        zeros = false
        counts.each do |meter, count|
          zeros ||= count.zero?
          @length += count if Meters.input?(meter)
        end
        @counts = zeros ? counts.reject { |_, count| count.zero? }.freeze : counts
        @tier = tier
        @region = region
        freeze
      end

      # @return [Hash{Symbol => Object}] by the names in {FACTS}
      def to_h
        deconstruct_keys(nil)
      end

      # @return [String] one line
      # @example
      #   RubyLLM::Native::Usage.of({input: 12, output: 3})  # => #<RubyLLM::Native::Usage plain: 12 input, 3 output>
      def inspect
        parts = counts.map { |meter, count| "#{count} #{meter.name.tr("_", " ")}" }
        conditions = [*tier, *region].map { |condition| ", #{condition}" }.join
        "#<#{self.class.name} #{format}#{conditions}: #{parts.empty? ? "nothing" : parts.join(", ")}>"
      end
    end
  end
end

require_relative "usage/reading"
