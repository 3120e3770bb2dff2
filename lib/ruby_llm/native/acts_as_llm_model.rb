# frozen_string_literal: true

module RubyLLM
  module Native
    # Two macros for ActiveRecord classes: one for the table of models, one for the table of registries.
    module ActsAsLLMModel
      # Make this class keep the models of {RubyLLM.models} in its table.
      #
      # The table needs `provider` and `model_id` with a unique index on both, `name` and `available`. These columns are
      # optional, and written where they exist: `is_default`, `last_synced_at`, `context_window`, `max_output_tokens`,
      # `metadata`, `family`, `model_type`, `input_price`, `output_price`, `unavailable_since`, `fingerprint`,
      # `created_at` and `updated_at`. All others are the application's and are never written.
      #
      # @param columns [Hash{Symbol => Symbol, nil}] columns with other names: our name => the table's; nil when the
      #   column of that name is the application's
      # @example
      #   class LLMModel < ApplicationRecord
      #     acts_as_llm_model
      #   end
      #   LLMModel.sync!.inserted  # => 812
      # @example An existing table
      #   acts_as_llm_model columns: {model_id: :slug, available: :enabled, last_synced_at: nil}
      # @return [void]
      # @raise [ArgumentError] for an unknown name, or nil for a required column
      def acts_as_llm_model(columns: {})
        map = Persistence::Columns.new(columns)
        class_attribute :llm_columns, instance_accessor: false, default: map
        attribute map.name_of("metadata"), Persistence::Document.new if map.name_of("metadata")
        validates map.name_of("provider"), map.name_of("name"), presence: true
        validates map.name_of("model_id"), presence: true, uniqueness: {scope: map.name_of("provider")}
        extend Persistence
        extend Persistence::Scopes
        include Persistence::Record

        define_llm_scopes
        Persistence.remember(self)
      end

      # Make this class the table in which the application's processes share one registry: see {Stores::ActiveRecord}.
      #
      # @example
      #   class LLMRegistry < ApplicationRecord
      #     acts_as_llm_registry
      #   end
      #   RubyLLM.config.catalog_store = RubyLLM::Native::Stores::ActiveRecord.new("LLMRegistry")
      # @return [void]
      def acts_as_llm_registry
        extend Persistence::RegistryTable
      end
    end
  end
end
