# frozen_string_literal: true

require "active_record"
require "digest/sha2"
require_relative "acts_as_llm_model"
require_relative "database"
require_relative "persistence/adoption"
require_relative "persistence/availability"
require_relative "persistence/columns"
require_relative "persistence/lost_defaults"
require_relative "persistence/record"
require_relative "persistence/registry_table"
require_relative "persistence/document"
require_relative "persistence/row"
require_relative "persistence/scopes"
require_relative "persistence/shared_sync"
require_relative "persistence/sync_result"
require_relative "persistence/table"

module RubyLLM
  module Native
    # The class methods of the table of models.
    module Persistence
      @models = []

      class << self
        # The classes that call `acts_as_llm_model`, for tasks and jobs. Names, because reloading replaces the classes.
        #
        # @return [Array<String>] the classes that are loaded
        # @example
        #   RubyLLM::Native::Persistence.models.map(&:constantize).each(&:sync!)
        def models
          @models.select { |name| Object.const_defined?(name) }
        end

        # @api private
        # @return [void]
        def remember(record)
          @models |= [record.name] if record.name
        end
      end

      # Refresh the registry, then write what has changed to the table.
      #
      # The requests come first, while no connection or transaction of ours is held. Then one SELECT reads the table,
      # and one transaction writes the rows that differ; when nothing has changed, nothing is written. Do not call this
      # in a transaction of your own: it would stay open while providers answer.
      #
      # With a {Stores::ActiveRecord} as `config.catalog_store`, one process at a time does this. The others wait and
      # then use what it has stored; their result is `joined?`. A process that syncs another table, or with other
      # options, waits and then syncs by itself. Without such a store every process syncs by itself.
      #
      # Rows are never deleted. A model becomes `available: false` when no endpoint of its provider lists it any longer,
      # or when all of these answer and no source states it; it becomes `true` again when it comes back. The rows of a
      # provider of which no endpoint answered stay exactly as they are. A model that only a metadata source documents
      # is available when its provider is configured and does not call it retired.
      #
      # @example Only chat models, asking only OpenAI
      #   LLMModel.sync!(only: [:openai], &:chat_models)
      # @param skip_if_running [Boolean] do not wait for another process that does the same: the result is `skipped?`
      # @param configured_only [Boolean] leave out models of providers without credentials here
      # @param only [Symbol, String, Array, nil] ask only these, as for `RubyLLM.models.refresh!`. For processes that
      #   wait, this is other work than a sync of all
      # @param refresh_options [Hash] as for `RubyLLM.models.refresh!`
      # @yieldparam models [View] of the refreshed registry; the models that the block returns are kept in the table.
      #   Availability follows the whole registry, whatever the block selects.
      # @return [SyncResult]
      # @raise [RefreshError] when all providers failed; the table is then unchanged
      # @raise [LeaseLost] when this took so long that another process took over; the table is then unchanged
      # @raise [ArgumentError] when `only` names nothing that can be asked
      def sync!(skip_if_running: false, configured_only: false, only: nil, **refresh_options)
        refresh_options[:only] = Selection.of(RubyLLM.config).names(only).sort if only
        options = refresh_options.except(:timeout).sort
        work = Digest::SHA256.hexdigest([table_name, block_given?, configured_only, *options].inspect)[0, 16]
        timeout = refresh_options[:timeout]
        SharedSync.new(RubyLLM.config, work, skip_if_running: skip_if_running, timeout: timeout).call do |guard|
          table = Table.new(self, configured_only: configured_only, guard: guard) # raises before any source is asked
          registry = Native.registry.refresh!(**refresh_options)
          view = registry.view
          table.sync(block_given? ? yield(view) : view, view.chain(view.unlisted), registry.last_refresh)
        end
      end

      # Write these models to the table without asking any source. Rows of other models stay as they are.
      #
      # @example
      #   LLMModel.save_models(RubyLLM.models.chat_models)
      # @param models [Enumerable<Model>]
      # @return [SyncResult] without a report
      def save_models(models)
        Table.new(self).save(models)
      end
    end
  end
end
