# frozen_string_literal: true

module RubyLLM
  module Native
    # Models chosen by what they cost. Included in {View}.
    module ByPrice
      # The models that can do the request, by what it would cost, cheapest first. Models without a price of something
      # that is used are left out: nobody knows what they cost.
      #
      # @param usage [Object, Hash, nil] of a typical request, as for {Money#cost_for}; or counts as keywords
      # @param supporting [Array<Symbol>] capabilities that they must have, as for {View#supporting}
      # @param tier [Symbol] the service tier
      # @param region [String, nil] where the request must be processed
      # @param at [Time, Date, nil] nil: now
      # @return [View] among equals, the preferred provider's first
      # @raise [ArgumentError] for an unknown capability, tier or count
      # @example
      #   RubyLLM.models.configured.cheapest_for({input: 20_000, output: 500}, supporting: [:vision]).first(3)
      def cheapest_for(usage = nil, supporting: [], tier: :standard, region: nil, at: nil, format: nil, **counts)
        usage = Usage.of(usage || counts, format: format)
        able = supporting.empty? ? self : supporting(*supporting)
        ranks = preferences.order.each_with_index.to_h
        priced = able.priced_members(usage, tier: tier, region: region, at: at)
        sorted = priced.sort_by { |index, provider, total| [total, ranks.fetch(provider, ranks.size), index] }
        View.new(catalog, preferences, sorted.map(&:first).pack("L*"), sorted.size)
      end

      # @return [View] models that are offered, or documented as if they were, and have no price at all
      # @example
      #   RubyLLM.models.configured.unpriced.map(&:id)
      def unpriced
        indexes = shown_indexes.reject { |index| catalog.model(index).priced? }
        View.new(catalog, preferences, indexes.pack("L*"), indexes.size)
      end

      protected

      # @return [Array<Array(Integer, String, BigDecimal)>] index, provider and the cost of the usage
      def priced_members(usage, **conditions)
        shown_indexes.filter_map do |index|
          model = catalog.model(index)
          total = Cost.of(model, usage, **conditions).total(exact: true)
          [index, model.provider, total] if total
        end
      end
    end
  end
end
