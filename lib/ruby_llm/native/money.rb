# frozen_string_literal: true

require "date"
require_relative "cost"
require_relative "pricing"

module RubyLLM
  module Native
    # What a model's use costs, in US dollars. A price that nobody states is nil, never 0: 0 is free.
    #
    # A price is asked for under conditions: `tier` (a service tier, one of {PRICE_TIERS}), `tokens` (of input in the
    # whole request), `region` (where the request must be processed), `size` and `quality` (of an image, or of the
    # context of a search), `lifetime` (of a cache write: "1h") and `at` (a Time or Date; a Date is its first moment in
    # UTC). Where no price is stated for a condition that is asked for, there is none.
    module Money
      # Meters of a cache write, by how long it is kept.
      LIFETIMES = {
        nil => :cache_write, "5m" => :cache_write, "1h" => :cache_write_1h, "extended" => :cache_write_extended
      }.freeze
      MOST = (2**63) - 1
      private_constant :LIFETIMES, :MOST

      # @return [Pricing] every price, and those of tokens in ruby_llm's shape
      # @example
      #   model.pricing.text_tokens.input  # => 2.0
      def pricing
        Pricing.new(price_steps, price_list)
      end

      # @return [Array<Price>] every stated price
      # @example
      #   model.prices.first.amount  # => 0.2e1 (BigDecimal)
      def prices
        price_list.map { |row| Price.new(row) }.freeze
      end

      # The amount of the price that holds; see {Money} for the conditions.
      #
      # @param meter [Symbol] what is counted: :input, :output, :cache_read, :web_search, …, one of {METERS}
      # @param exact [Boolean] return a BigDecimal, as stated, instead of the nearest Float
      # @return [Float, BigDecimal, nil] US dollars per unit of the meter, which is a million tokens for tokens; 0 is
      #   free, nil unknown
      # @raise [ArgumentError] for an unknown meter, tier or condition
      # @example
      #   model.price(:input, tokens: 250_000)                            # => 4.0
      #   model.price(:input, tier: :batch, exact: true)                  # => 0.1e1
      #   model.price(:output, at: Date.new(2027, 1, 1))                  # => 12.0
      def price(meter, exact: false, **conditions)
        found = price_of(meter, **conditions)
        exact ? found&.amount : found&.to_f
      end

      # The price that holds, with its conditions and who states it; see {Money}.
      #
      # @return [Price, nil]
      # @raise [ArgumentError] for an unknown meter, tier or condition
      # @example
      #   model.price_of(:input, tier: :batch).origin  # => :llm_cost_tracker
      def price_of(meter, tier: :standard, tokens: 0, at: nil, region: nil, size: nil, quality: nil, lifetime: nil)
        row, = prices_for([Money.meter(meter, lifetime)], Money.conditions(tier, tokens, at, region, size, quality))
        row && Price.new(row)
      end

      # @return [Float, nil] US dollars, standard tier: 0.0 is free, nil unknown
      # @example
      #   model.input_price_per_million  # => 2.0
      def input_price_per_million = price(:input)

      # @return [Float, nil] US dollars, standard tier: 0.0 is free, nil unknown
      def output_price_per_million = price(:output)

      # @return [Float, nil] US dollars for input tokens that are read from the provider's cache
      def cache_read_input_price_per_million = price(:cache_read)

      # @return [Float, nil] US dollars for input tokens that are written to the provider's cache
      def cache_write_input_price_per_million = price(:cache_write)

      alias_method :cached_input_price_per_million, :cache_read_input_price_per_million
      alias_method :cache_creation_input_price_per_million, :cache_write_input_price_per_million

      # What a request costs, or several that are counted together.
      #
      # @param usage [Object, Hash] what was used: the usage object of a provider's answer or the whole answer,
      #   ruby_llm's tokens or message, or a Hash with our names, as keywords too: {Usage} tells which count includes
      #   which
      # @param tier [Symbol, nil] the service tier; nil: the one that the usage names, else :standard
      # @param region [String, nil] nil: the one that the usage names, if any
      # @param at [Time, Date, nil] when it was, or will be, used; nil: now
      # @param format [Symbol, nil] how the usage is written, as for {Usage.of}; nil: its shape tells
      # @param size [String, nil]
      # @param quality [String, nil]
      # @return [Cost] US dollars; nil where the price of something that was used is unknown
      # @raise [ArgumentError] for an unknown format, tier or count
      # @example
      #   model.cost_for(input: 1_000, output: 500).total             # => 0.006
      #   model.cost_for(response["usage"], tier: :batch).total       # => 0.003
      def cost_for(usage = nil, tier: nil, region: nil, at: nil, format: nil, size: nil, quality: nil, **counts)
        usage = Usage.of(usage || counts, format: format, provider: provider)
        Cost.of(self, usage, tier: tier, region: region, at: at, size: size, quality: quality)
      end

      # {#cost_for}, where a missing price must not pass unnoticed.
      #
      # @return [Cost] a complete one
      # @raise [UnpricedUsageError] when something that was used has no price; it names what
      # @raise [ArgumentError] as {#cost_for}, and when the usage counts nothing
      # @example
      #   model.cost_for!(input: 1_000, audio_input: 50)
      #   # raises UnpricedUsageError: openai gpt-4.1 has no price for audio_input …
      def cost_for!(usage = nil, **options)
        cost = cost_for(usage, **options)
        raise ArgumentError, "Nothing was counted, so nothing can be charged: got #{usage.inspect}" unless cost.counted?
        return cost if cost.complete?

        raise UnpricedUsageError.new(self, cost.unpriced_meters, cost.conditions)
      end

      # @return [Boolean] whether a price is stated, of whatever
      # @example
      #   model.priced?  # => true
      def priced?
        price_list.any?
      end

      # @api private
      # @return [Symbol] one of {METERS}
      def self.meter(meter, lifetime = nil)
        name = meter.is_a?(String) ? meter.to_sym : meter
        unless METERS.include?(name)
          raise ArgumentError, "Unknown meter: #{meter.inspect} (known: #{METERS.join(", ")})"
        end
        return name unless lifetime
        return LIFETIMES[lifetime.to_s] if name == :cache_write && LIFETIMES.key?(lifetime.to_s)

        raise ArgumentError, "lifetime must be \"5m\", \"1h\" or \"extended\", and is of :cache_write alone, " \
          "got #{lifetime.inspect} of #{meter.inspect}"
      end

      # @api private
      # @return [Array] the conditions of {Model#prices_for}
      def self.conditions(tier, tokens, at, region, size, quality)
        tier = tier.to_sym if tier.is_a?(String)
        unless tier.nil? || PRICE_TIERS.include?(tier)
          raise ArgumentError, "Unknown tier: #{tier.inspect} (known: #{PRICE_TIERS.join(", ")})"
        end
        unless tokens.is_a?(Integer) && tokens.between?(0, MOST)
          raise ArgumentError, "tokens must be a whole number, 0 to 2**63 - 1, got #{tokens.inspect}"
        end

        [tier || :standard, tokens, seconds(at), region&.to_s, size&.to_s, quality&.to_s]
      end

      # @api private
      # @return [Integer] since 1970
      def self.seconds(time)
        seconds = since_1970(time)
        return seconds if seconds.between?(-MOST, MOST)

        raise ArgumentError, "at must be a time that a calendar has, got #{time.inspect}"
      end

      def self.since_1970(time)
        case time
        when nil then Time.now.to_i
        when Time, Integer then time.to_i
        when DateTime then time.to_time.to_i
        when Date then Time.utc(time.year, time.month, time.day).to_i
        else
          return time.to_time.to_i if time.respond_to?(:to_time) && !time.is_a?(String)

          raise ArgumentError, "at must be a Time or a Date, got #{time.inspect}"
        end
      end

      private_class_method :since_1970

      private

      def prices_in_words
        amounts = %i[input output].to_h { |meter| [meter, shown_price(meter, :standard)] }.compact
        return if amounts.empty?

        words = amounts.map { |meter, amount| "$#{Phrases.amount(BigDecimal(amount))} #{meter}" }
        "#{words.join(", ")} per million tokens"
      end
    end
  end
end
