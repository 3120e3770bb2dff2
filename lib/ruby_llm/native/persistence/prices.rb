# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    module Persistence
      # What rows hold of a list of prices. Many models have the same list.
      #
      # @api private
      class Prices
        # @return [BigDecimal, nil] US dollars per million tokens of text, standard tier
        attr_reader :input, :output

        # @param list [Array<Array>] what {Model#price_list} returns
        def initialize(list)
          @pricing = Pricing.new(list)
          standard = @pricing.text_tokens.standard
          @input = standard&.exact(:input_per_million)
          @output = standard&.exact(:output_per_million)
        end

        # @return [String] all of them
        def json
          @json ||= JSON.generate(@pricing.to_h)
        end
      end
      private_constant :Prices
    end
  end
end
