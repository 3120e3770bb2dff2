# frozen_string_literal: true

require "digest/sha2"
require "json"
require_relative "../storable_json"

module RubyLLM
  module Native
    module Persistence
      # A model, as its row should be. Keys are our names of the columns.
      class Row
        # A version of what rows contain: raise it when that changes, and every row is written again.
        LAYOUT = 1

        # The facts that may have a column of their own, beside `metadata` and `fingerprint`.
        FACTS = %w[name family model_type context_window max_output_tokens input_price output_price].freeze

        # Our keys in `metadata`. All others are the application's.
        METADATA = %w[family type modalities capabilities pricing status origins stated fingerprint].freeze

        ORIGINS = [:name, :type, *PRECEDENCE.map { |rule| rule[:field] }].freeze
        NONE = [].freeze
        private_constant :ORIGINS, :NONE

        # @param columns [Array] a description of our columns in that table
        # @return [String] the beginning of the fingerprints in that table
        def self.layout(columns)
          Digest::SHA256.hexdigest([LAYOUT, METADATA, columns].inspect)[0, 8]
        end

        # @return [Model]
        attr_reader :model

        # @return [Hash{String => Object}, nil] the row in the table
        attr_reader :found

        # @return [Boolean]
        attr_reader :available

        # @param found [Hash{String => Object}, nil] nil when there is no row yet
        def initialize(model, available:, found:)
          @model = model
          @available = available
          @found = found
          @without = NONE
        end

        # @return [Hash{String => String}] column => why the table does not have it as stated
        def notes
          @notes ||= {}
        end

        # @param column [String]
        # @param reason [String]
        # @return [void]
        def note(column, reason)
          notes[column] ||= reason
        end

        # @return [Array<String>] columns to be written without their value; "stated" is a part of "metadata"
        attr_accessor :without

        # @return [Object] what its `metadata` held when the row was locked
        attr_accessor :kept

        # @return [Boolean]
        def without?(column)
          @without.include?(column)
        end

        # @return [Array(String, String)] provider and model id
        def key
          [model.provider, model.id]
        end

        # @return [Symbol] :inserted, :updated, :restored or :made_unavailable
        def change
          if found.nil? then :inserted
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
          when "input_price" then prices&.exact(:input_per_million)
          when "output_price" then prices&.exact(:output_per_million)
          else model.public_send(column)
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
          text = "{#{[*theirs, stated, *(%("fingerprint":"#{fingerprint}") if fingerprint)].join(",")}}"
          storable = StorableJson.of(text)
          unless storable == text
            note("metadata", "not every database can store a number or character in it, so it is stored as text")
          end
          Document::Ready.new(storable)
        end

        private

        # @return [Array<String>, nil] the application's keys, without the braces
        def theirs_of(kept)
          return [] if kept.nil?
          return leave("must be an object, got #{kept.class.name}") unless kept.is_a?(Hash)

          theirs = kept.except(*METADATA)
          theirs.empty? ? [] : [JSON.generate(theirs, max_nesting: 0)[1..-2]]
        rescue JSON::GeneratorError
          leave("contains a number that Ruby cannot write")
        end

        # @return [nil]
        def leave(reason)
          note("metadata", "#{reason}: it stays as it is")
          nil
        end

        def prices
          @prices ||= pricing.text_tokens.standard
        end

        def pricing
          @pricing ||= model.pricing
        end

        # Our keys, without the braces. What a source states beyond the facts is JSON already.
        def stated
          JSON.generate(
            family: model.family, type: model.type&.name, modalities: model.modalities.to_h,
            capabilities: model.capabilities, pricing: pricing.to_h, status: model.status&.name, origins: origins
          )[1..-2] << ",\"stated\":" << beyond
        end

        def beyond
          text = without?("stated") ? "" : model.metadata_json.to_s
          text.empty? ? "{}" : text
        end

        # The source of each fact that is known. Strings, because generating JSON from a Symbol allocates three other
        # objects.
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
