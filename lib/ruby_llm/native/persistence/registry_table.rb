# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The class methods of the table of registries. A class may have a `catalog_store` of its own and call `super`.
      module RegistryTable
        # @param name [String] of the row, when several registries share the table
        # @return [Stores::ActiveRecord]
        # @example
        #   LLMRegistry.catalog_store.stamp  # => "2026-01-13T09:00:00.000000Z 3f2a9c10"
        #   LLMRegistry.catalog_store(name: "staging")  # another row
        def catalog_store(name: "default")
          Stores::ActiveRecord.new(self, name: name)
        end
      end
    end
  end
end
