# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    module Persistence
      # Bulk statements run no callbacks, so a primary key that the database does not generate is generated here.
      module Key
        # @param record [Class]
        # @return [Hash{String => Object}] the key of a new row: the class's own default, or else a UUID; empty when the
        #   database generates it
        def self.of_new(record)
          key = record.columns_hash.fetch(record.primary_key)
          own = record.new[key.name]
          return {key.name => own} unless own.nil?

          made_by_database = key.type == :integer || key.default || key.default_function
          made_by_database ? {} : {key.name => SecureRandom.uuid}
        end
      end
    end
  end
end
