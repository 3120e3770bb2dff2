# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # One stated price. `category`, `direction`, `tier` and `unit` are Symbols, `amount` is a BigDecimal in US dollars
    # per unit (:million_tokens, :image, :request). It applies to requests of more than `threshold` tokens.
    Price = Struct.new(:category, :direction, :tier, :threshold, :unit, :amount, keyword_init: true) do
      include Value::ToJson
    end
  end
end
