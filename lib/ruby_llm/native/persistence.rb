# frozen_string_literal: true

require "active_record"
require_relative "persistence/availability"
require_relative "persistence/row"
require_relative "persistence/sync_result"
require_relative "persistence/table"

module RubyLLM
  module Native
    # What every ActiveRecord class gets: the one macro that makes it the table of models.
    module ActsAsLLMModel
      # Make this class keep the models of {RubyLLM.models} in its table.
      #
      # The table needs `provider` and `model_id` with a unique index on both, `name` and `available`. `context_window`,
      # `max_output_tokens`, `metadata` (JSON) and `last_synced_at` are written when it has them. All other columns are the application's,
      # `is_default` among them, and are never written.
      #
      # @example
      #   class LLMModel < ApplicationRecord
      #     acts_as_llm_model
      #   end
      #   LLMModel.sync!.inserted  # => 812
      # @return [void]
      def acts_as_llm_model
        # MariaDB's JSON columns are texts: without a type of its own the column would take no Hash.
        attribute :metadata, ::ActiveRecord::Type::Json.new
        extend Persistence
      end
    end

    # The class methods of a table of models.
    module Persistence
      # Refresh the registry, then write what has changed into the table.
      #
      # The network comes first and holds no transaction of ours; then one transaction reads the table with one SELECT and writes only the
      # rows that differ. Nothing changed: nothing written. Called inside a transaction of the caller's it works, but that transaction
      # then stays open while providers answer: do not.
      #
      # No row is ever deleted. A model that its provider has ceased to list becomes `available: false`, and `true` again when it comes
      # back; so does one of which nobody states anything any more, if its provider has answered. The rows of a provider that did not
      # answer, or is not ours to ask, stay exactly as they are. A model that only a metadata catalogue states is inserted as available
      # when its provider is configured and does not call it retired.
      #
      # @example Only chat models, asking OpenAI alone
      #   LLMModel.sync!(only: [:openai], &:chat_models)
      # @param refresh_options [Hash] as for `RubyLLM.models.refresh!`
      # @yieldparam models [View] of the refreshed registry; what the block returns is what is kept in the table. Availability follows the
      #   whole registry, whatever the block selects.
      # @return [SyncResult]
      # @raise [RefreshError] when all providers failed; the table is then untouched
      def sync!(**refresh_options)
        registry = RubyLLM.models.refresh!(**refresh_options)
        view = registry.view
        Table.new(self).sync(block_given? ? yield(view) : view, [*view, *view.unlisted], registry.last_refresh)
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
