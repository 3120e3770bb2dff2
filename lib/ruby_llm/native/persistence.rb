# frozen_string_literal: true

require "active_record"
require "digest/sha2"
require_relative "contention"
require_relative "persistence/adoption"
require_relative "persistence/availability"
require_relative "persistence/columns"
require_relative "persistence/defaults"
require_relative "persistence/document"
require_relative "persistence/registry_table"
require_relative "persistence/row"
require_relative "persistence/scopes"
require_relative "persistence/shared_sync"
require_relative "persistence/sync_result"
require_relative "persistence/table"

module RubyLLM
  module Native
    # What every ActiveRecord class gets: one macro that makes it the table of models, one that makes it the table of
    # registries.
    module ActsAsLLMModel
      # Make this class keep the models of {RubyLLM.models} in its table.
      #
      # The table needs `provider` and `model_id` with a unique index on both, `name` and `available`. What else of
      # {Persistence::Columns::OURS} it has is written too. All other columns are the application's and are never
      # written.
      #
      # @param columns [Hash{Symbol => Symbol, nil}] for tables that differ: our name => the column's, or nil for a
      #   column of that name that is the application's
      # @example
      #   class LLMModel < ApplicationRecord
      #     acts_as_llm_model
      #   end
      #   LLMModel.sync!.inserted  # => 812
      # @example A table that was there before
      #   acts_as_llm_model columns: {model_id: :slug, available: :enabled, last_synced_at: nil}
      # @return [void]
      # @raise [ArgumentError] for a name that is none of ours, or nil for a column that we cannot do without
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

    # The class methods of a table of models.
    module Persistence
      @models = []

      class << self
        # The classes that `acts_as_llm_model`, for tasks and jobs: names, since a class that was reloaded is another
        # one.
        #
        # @return [Array<String>] of those that are loaded
        # @example
        #   RubyLLM::Native::Persistence.models.map(&:constantize).each(&:sync!)
        def models
          @models.select { |name| Object.const_defined?(name) }
        end

        # @return [void]
        def remember(record)
          @models |= [record.name] if record.name
        end
      end

      # Refresh the registry, then write what has changed into the table.
      #
      # The network comes first and holds no connection and no transaction of ours; then one SELECT reads the table,
      # and one transaction writes the rows that differ. Nothing changed: nothing written. Called inside a transaction
      # of the caller's it works, but that transaction then stays open while providers answer: do not.
      #
      # With a {Stores::ActiveRecord} as `config.catalog_store` one process of all does this at a time. The others
      # wait until it is done and use what it has stored; their result is `joined?`. Who syncs another table, or with
      # other options, waits and then does its own, as all do without such a store.
      #
      # No row is ever deleted. A model that its provider has ceased to list becomes `available: false`, and `true`
      # again when it comes back; so does one of which nobody states anything any more, if its provider has answered.
      # The rows of a provider that did not answer stay exactly as they are. A model that only a metadata catalogue
      # states is available when its provider is configured and does not call it retired.
      #
      # @example Only chat models, asking OpenAI alone
      #   LLMModel.sync!(only: [:openai], &:chat_models)
      # @param skip_if_running [Boolean] do not wait for another process that does the same: the result is `skipped?`
      # @param configured_only [Boolean] leave out the models of providers that have no credentials here
      # @param refresh_options [Hash] as for `RubyLLM.models.refresh!`
      # @yieldparam models [View] of the refreshed registry; what the block returns is what is kept in the table.
      #   Availability follows the whole registry, whatever the block selects.
      # @return [SyncResult]
      # @raise [RefreshError] when all providers failed; the table is then untouched
      # @raise [LeaseLost] when this took so long that another process has taken over; the table is then untouched
      def sync!(skip_if_running: false, configured_only: false, **refresh_options)
        work = Digest::SHA256.hexdigest([table_name, block_given?, configured_only, *refresh_options.except(:timeout).sort].inspect)[0, 16]
        SharedSync.new(RubyLLM.config, work, skip_if_running: skip_if_running, timeout: refresh_options[:timeout]).call do |guard|
          table = Table.new(self, configured_only: configured_only, guard: guard) # raises before anybody is asked
          registry = Native.registry.refresh!(**refresh_options)
          view = registry.view
          table.sync(block_given? ? yield(view) : view, view.chain(view.unlisted), registry.last_refresh)
        end
      end

      # Write these models into the table, without asking anyone. Rows of other models stay as they are.
      #
      # @example
      #   LLMModel.save_models(RubyLLM.models.chat_models)
      # @param models [Enumerable<Model>]
      # @return [SyncResult] its report is nil
      def save_models(models)
        Table.new(self).save(models)
      end
    end
  end
end
