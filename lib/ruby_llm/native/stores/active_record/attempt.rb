# frozen_string_literal: true

module RubyLLM
  module Native
    module Stores
      class ActiveRecord
        # The result of an attempt to take the lease: the new `token`, or the current `lease`. `locked`: another
        # transaction has locked the row, so not even that could be decided.
        #
        # @api private
        Attempt = Struct.new(:token, :lease, :locked)
        private_constant :Attempt
      end
    end
  end
end
