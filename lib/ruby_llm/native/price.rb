# frozen_string_literal: true

require "bigdecimal"
require "date"
require_relative "value"

module RubyLLM
  module Native
    # One stated price: US dollars for a unit of what is counted, and the conditions under which it holds.
    # docs/reference/prices.md lists the meters, the units and the conditions.
    #
    # @example
    #   model.price_of(:input, tier: :batch)
    #   # => #<RubyLLM::Native::Price $1.0 input per million tokens, batch>
    class Price
      include Value::ByContent

      # The keys for pattern matching. A condition is nil where the price does not depend on it.
      FACTS = %i[
        meter unit amount tier threshold step region size quality from until hours weekdays minimum covers origin
        stated_at
      ].freeze

      # What follows the amount, where it is not "per" and the unit.
      PER = {
        million_tokens: "million tokens", thousand_requests: "1,000 requests", million_characters: "million characters",
        thousand_pages: "1,000 pages", million_token_hours: "million tokens and hour", gigabyte_day: "GB and day"
      }.freeze
      private_constant :PER

      # @api private
      # @param row [Array] one of {Model#price_list}
      def initialize(row)
        @row = row
        freeze
      end

      # @!method meter
      #   @return [Symbol] what is counted, one of {METERS}
      # @!method unit
      #   @return [Symbol] per how many of it, one of {PRICE_UNITS}
      # @!method tier
      #   @return [Symbol] the service tier, one of {PRICE_TIERS}
      # @!method threshold
      #   @return [Integer, nil] tokens of input of the whole request; see {#step}
      # @!method step
      #   @return [Symbol, nil] :above the threshold, or :from it on, the price holds for the whole request; :marginal,
      #     for the tokens above it
      # @!method region
      #   @return [String, nil] where the request must be processed, "*" wherever it is bound to a region
      # @!method size
      #   @return [String, nil] of an image ("1024x1024"), or of the context of a search ("low")
      # @!method quality
      #   @return [String, nil] of an image
      # @!method weekdays
      #   @return [Array<Integer>, nil] UTC, 0 is Sunday
      # @!method minimum
      #   @return [Integer, nil] as many are charged at least: seconds of a transcription
      # @!method covers
      #   @return [Array<Symbol>] :media or :cache, where it is also the price of tokens of images, audio and video, or
      #     of cached tokens, if the model has no price of their own
      # @!method origin
      #   @return [Symbol, nil] who states it, as {Model#origin} names them
      {
        meter: 0, unit: 1, tier: 3, threshold: 4, step: 5, region: 6, size: 7, quality: 8, weekdays: 12, minimum: 13,
        covers: 14, origin: 15
      }.each { |name, place| class_eval "def #{name} = @row[#{place}]", __FILE__, __LINE__ }

      # @return [BigDecimal] US dollars per unit, as stated
      def amount = BigDecimal(written)

      # @return [Float] US dollars per unit, the nearest one
      def to_f = Float(written)

      # @return [Date, nil] from 00:00 UTC of this day
      def from = date(9)

      # @return [Date, nil] until 00:00 UTC of this day
      def until = date(10)

      # @return [String, nil] UTC, each day; past midnight if it begins later than it ends
      # @example
      #   price.hours  # => "16:30-00:30"
      def hours
        @row[11]&.map { |minute| format("%02d:%02d", *minute.divmod(60)) }&.join("-")
      end

      # @return [Date, nil] the date that its source gives the price list
      def stated_at = date(16)

      # @return [Boolean] whether it is the same amount under the same conditions, whoever states it
      def ==(other)
        other.is_a?(Price) && terms == other.terms
      end
      alias_method :eql?, :==

      # @return [Integer]
      def hash = terms.hash

      # @return [Symbol, nil] :"1h" or :extended, where tokens are kept in the cache for longer than usual
      def lifetime
        {cache_write_1h: :"1h", cache_write_extended: :extended}[meter]
      end

      # @return [Integer] how many of what is counted the amount is for
      def per = PRICE_UNITS.fetch(unit)

      # @return [Hash{Symbol => Object}] those that are not nil, and the tier unless it is :standard
      # @example
      #   price.conditions  # => {tier: :batch, threshold: 200_000, step: :above}
      def conditions
        all = %i[tier threshold step region size quality from until hours weekdays minimum].to_h { |name|
          [name, public_send(name)]
        }
        all.compact.reject { |name, value| name == :tier && value == :standard }
      end

      # @return [Hash{Symbol => Object}] all facts that are not nil
      def to_h
        FACTS.to_h { |name| [name, public_send(name)] }.compact
      end

      # @return [String] amount, meter, unit and conditions
      # @example
      #   price.to_s  # => "$2.5 input per million tokens, batch, above 200,000 tokens"
      def to_s
        head = "$#{Phrases.amount(amount)} #{meter.name.tr("_", " ")} per #{PER.fetch(unit) { unit.name }}"
        [head, *conditions_in_words].join(", ")
      end

      # @return [String] one line
      def inspect
        "#<#{self.class.name} #{self}>"
      end

      # @api private
      # @return [Array<String>]
      def conditions_in_words
        days = weekdays&.map { |day| Date::ABBR_DAYNAMES[day] }&.join(" ")
        [
          (tier.name.tr("_", " ") unless tier == :standard),
          threshold && "#{(step == :from) ? "from" : "above"} #{Phrases.thousands(threshold)} tokens" \
            "#{" for those above it" if step == :marginal}",
          region && ((region == "*") ? "bound to a region" : "region #{region}"), size, quality,
          from && "from #{from}", self.until && "until #{self.until}", hours && "#{hours} UTC", days,
          minimum && "at least #{minimum} seconds"
        ].compact
      end

      protected

      def terms = @row.values_at(0..14, 17)

      private

      def written = "#{@row[2]}e#{@row[17]}"

      def date(place)
        @row[place] && Time.at(@row[place]).utc.to_date
      end
    end
  end
end
