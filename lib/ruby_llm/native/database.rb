# frozen_string_literal: true

require "digest/sha2"

module RubyLLM
  module Native
    # What is the same for every table that this gem writes: its own (`persistence/`), ruby_llm's (`beside_ruby_llm/`)
    # and the table of registries (`stores/`). What a row holds, and what is reported about it, stays with these.
    #
    # @api private
    module Database
      # The columns that identify a model in a table of models.
      KEY = %w[provider model_id].freeze

      # Uses a whole table as it is now: the class's default scope must neither hide rows nor affect how they are
      # written, and no SELECT may be answered by the query cache.
      #
      # @param record [Class] an ActiveRecord class
      # @yieldparam connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
      # @return [Object] what the block returns
      def self.use_table(record)
        record.connection_pool.with_connection do |connection|
          record.unscoped { record.uncached { yield connection } }
        end
      end

      # A row need not be compared when neither its model's fingerprint nor this has changed.
      #
      # @param parts [Array] all that decides, beside the model's facts, what a row contains: versions and columns
      # @return [String]
      def self.layout(*parts)
        Digest::SHA256.hexdigest(parts.inspect)[0, 8]
      end
    end
    private_constant :Database
  end
end
