# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    module Persistence
      # A model as its row should be, and whether the row is already so. Keys are column names.
      class Row
        KEY = %w[provider model_id].freeze
        FACTS = %w[name context_window max_output_tokens].freeze

        # The keys of `metadata` that are ours. All others are the application's.
        METADATA = %w[family type modalities capabilities pricing status].freeze

        # @param model [Model]
        # @param available [Boolean]
        # @param columns [Array<String>] those of ours that the table has
        # @param found [Hash{String=>Object}, nil] the row as it is in the table, nil when there is none
        def initialize(model, available:, columns:, found:)
          @found = found
          @values = facts(model).merge("available" => available).slice(*columns)
          @values["metadata"] = merged_metadata(model) if columns.include?("metadata")
          @change = compare
        end

        # @return [Hash{String=>Object}] what to write; the same keys for every model of a table
        attr_reader :values

        # @return [Array(String, String)] provider and model id
        def key
          @values.values_at(*KEY)
        end

        # @return [Symbol] :inserted, :updated, :unchanged, :restored or :made_unavailable
        attr_reader :change

        private

        def compare
          if @found.nil? then :inserted
          elsif same? then :unchanged
          elsif !@found["available"] == !@values["available"] then :updated # a null is no availability
          else @values["available"] ? :restored : :made_unavailable
          end
        end

        # Hashes are compared as what they say: a database may give their keys back in an order of its own, and 2.0 as 2.
        def same?
          @values.all? { |column, value| @found[column] == value }
        end

        def facts(model)
          {"provider" => model.provider.to_s, "model_id" => model.id, "name" => model.name || model.id,
           "context_window" => model.context_window, "max_output_tokens" => model.max_output_tokens}
        end

        def merged_metadata(model)
          kept = @found && @found["metadata"]
          kept = {} unless kept.is_a?(Hash)
          kept.merge(stated_metadata(model))
        end

        # As the database will give it back: what JSON has no type for is a String there.
        def stated_metadata(model)
          JSON.parse(JSON.generate(METADATA.to_h { |key| [key, plain(model.public_send(key))] }))
        end

        def plain(value)
          value.nil? || value.is_a?(Array) || !value.respond_to?(:to_h) ? value : value.to_h
        end
      end
    end
  end
end
