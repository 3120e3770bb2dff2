# frozen_string_literal: true

require "digest/sha2"
require "json"

module RubyLLM
  module Native
    module Persistence
      # A model as its row should be. Keys are our names of the columns.
      class Row
        # Of what a row is made here: another number when that changes, and all rows are written anew.
        LAYOUT = 1

        # The facts that may have a column, beside `metadata` and `fingerprint`.
        FACTS = %w[name family model_type context_window max_output_tokens input_price output_price].freeze

        # The keys of `metadata` that are ours. All others are the application's.
        METADATA = %w[family type modalities capabilities pricing status origins stated].freeze

        ORIGINS = [:name, :type, *PRECEDENCE.map { |rule| rule[:field] }].freeze
        private_constant :ORIGINS

        # @param columns [Array<String>] those of ours that the table has
        # @return [String] beginning of the fingerprints in that table
        def self.layout(columns)
          Digest::SHA256.hexdigest([LAYOUT, METADATA, columns.sort].join(" "))[0, 8]
        end

        # @return [Model]
        attr_reader :model

        # @return [Hash{String => Object}, nil] what of it is in the table
        attr_reader :found

        # @return [Boolean]
        attr_reader :available

        # @param found [Hash{String => Object}, nil] nil when there is no such row yet
        def initialize(model, available:, found:)
          @model = model
          @available = available
          @found = found
        end

        # @return [Array(String, String)] provider and model id
        def key
          [model.provider, model.id]
        end

        # @return [Symbol] :inserted, :updated, :restored or :made_unavailable
        def change
          if found.nil? then :inserted
          elsif !found["available"] == !available then :updated # a null is no availability
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
          when "input_price" then prices&.exact(:input_per_million)
          when "output_price" then prices&.exact(:output_per_million)
          else model.public_send(column)
          end
        end

        # Written as text at once: made to a Hash, cast and made to text again it would cost more than all the rest.
        #
        # @param kept [Object] what the column holds now
        # @return [Document::Ready] with the application's keys beside ours
        def metadata(kept)
          theirs = kept.is_a?(Hash) ? kept.except(*METADATA) : {}
          parts = [*(JSON.generate(theirs)[1..-2] unless theirs.empty?), stated]
          Document::Ready.new("{#{parts.join(",")}}")
        end

        private

        def prices
          @prices ||= pricing.text_tokens.standard
        end

        def pricing
          @pricing ||= model.pricing
        end

        # Our keys, without the braces. What a source says beyond the facts is text already.
        def stated
          JSON.generate(
            family: model.family, type: model.type&.name, modalities: model.modalities.to_h, capabilities: model.capabilities,
            pricing: pricing.to_h, status: model.status&.name, origins: origins
          )[1..-2] << ",\"stated\":" << beyond
        end

        def beyond
          text = model.metadata_json.to_s
          text.empty? ? "{}" : text
        end

        # Who has said what: only of what anybody has. Names, since JSON of a Symbol is made by way of three other objects.
        def origins
          ORIGINS.each_with_object({}) do |field, origins|
            origin = model.origin(field)
            origins[field.name] = origin.name if origin
          end
        end
      end
    end
  end
end
