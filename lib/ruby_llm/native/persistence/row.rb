# frozen_string_literal: true

require "json"
require_relative "../database/storable_json"

module RubyLLM
  module Native
    module Persistence
      # A model, as its row should be. Keys are our names of the columns.
      #
      # @api private
      class Row
        # A version of what rows contain: raise it when that changes, and every row is written again.
        LAYOUT = 3

        # The prices that may have a column of their own: meter and tier.
        PRICES = {
          "input_price" => %i[input standard], "output_price" => %i[output standard],
          "batch_input_price" => %i[input batch], "batch_output_price" => %i[output batch],
          "cache_read_price" => %i[cache_read standard]
        }.freeze

        # The facts that may have a column of their own, beside `metadata` and `fingerprint`.
        FACTS = ["name", "family", "model_type", "context_window", "max_output_tokens", *PRICES.keys].freeze

        # Our keys in `metadata`. All others are the application's.
        METADATA = %w[
          family type modalities capabilities pricing status origins endpoints life_cycle reasoning parameters
          dimensions request_limits data_policy open_weights license stated fingerprint
        ].freeze

        NONE = [].freeze
        NO_NOTES = {}.freeze
        private_constant :NONE, :NO_NOTES, :PRICES

        # @return [Model]
        attr_reader :model

        # @return [Hash{String => Object}, nil] the row in the table
        attr_reader :found

        # @return [Boolean]
        attr_reader :available

        # @param found [Hash{String => Object}, nil] nil when there is no row yet
        # @param amounts [Hash{String, nil => BigDecimal, nil}] that gives the amount of a text
        def initialize(model, available:, found:, amounts:)
          @model = model
          @available = available
          @found = found
          @amounts = amounts
          @without = NONE
        end

        # @return [Hash{String => String}] column => why the table does not have it as stated
        def notes
          @notes || NO_NOTES
        end

        # @param column [String]
        # @param reason [String]
        # @return [void]
        def note(column, reason)
          @notes ||= {}
          @notes[column] ||= reason
        end

        # @return [Array<String>] columns to be written without their value; "stated" is a part of "metadata"
        attr_accessor :without

        # @return [Object] what its `metadata` held when the row was locked
        attr_accessor :kept

        # @return [Boolean] whether the table has no such row yet
        def new?
          found.nil?
        end

        # @return [Boolean]
        def without?(column)
          @without.include?(column)
        end

        # @return [Array(String, String)] provider and model id
        def key
          @key ||= [model.provider, model.id].freeze
        end

        # @return [Symbol] :inserted, :updated, :restored or :made_unavailable
        def change
          if new? then :inserted
          elsif !found["available"] == !available then :updated # null counts as unavailable
          else available ? :restored : :made_unavailable
          end
        end

        # @param column [String] "provider", "model_id" or one of {FACTS}
        # @return [Object]
        def fact(column)
          case column
          when "model_id" then model.id
          when "name" then model.name || model.id
          when "model_type" then model.type&.to_s
          else
            meter, tier = PRICES[column]
            meter ? @amounts[model.shown_price(meter, tier)] : model.public_send(column)
          end
        end

        # Written directly as text: building a Hash, casting it and serializing it again would cost more than all the
        # rest.
        #
        # @param kept [Object] what the column holds now
        # @param fingerprint [String, nil] to be stored with it
        # @return [Document::Ready, nil] with the application's keys beside ours; nil when what is there must not be
        #   replaced
        def metadata(kept, fingerprint = nil)
          theirs = theirs_of(kept) or return
          text = "{#{theirs}#{stated}#{%(,"fingerprint":"#{fingerprint}") if fingerprint}}"
          storable = Database::StorableJson.of(text)
          unless storable == text
            note("metadata", "not every database can store a number or character in it, so it is stored as text")
          end
          Document::Ready.new(storable)
        end

        private

        # @return [String, nil] the application's keys, without the braces; a comma follows them
        def theirs_of(kept)
          return "" if kept.nil?
          return leave("must be an object, got #{kept.class.name}") unless kept.is_a?(Hash)
          return "" if kept.empty?

          theirs = kept.except(*METADATA)
          theirs.empty? ? "" : "#{JSON.generate(theirs, max_nesting: 0)[1..-2]},"
        rescue JSON::GeneratorError
          leave("contains a number that Ruby cannot write")
        end

        # @return [nil]
        def leave(reason)
          note("metadata", "#{reason}: it stays as it is")
          nil
        end

        # Our keys, without the braces. What a source states beyond the facts is JSON already.
        def stated
          text = without?("stated") ? "" : model.metadata_json.to_s
          %(#{model.row_json},"stated":#{text.empty? ? "{}" : text})
        end
      end
      private_constant :Row
    end
  end
end
