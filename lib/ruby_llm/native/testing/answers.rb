# frozen_string_literal: true

require "json"
require "time"

module RubyLLM
  module Native
    module Testing
      # What stubbed sources answer. Immutable: each stub returns a new object, so a refresh in progress keeps the
      # answers it started with.
      #
      # @example
      #   Answers.new.with("openai", Answers.failure("openai", 503, nil)).replies("openai", configured: true)
      class Answers
        # The facts that a stubbed model can have, by their names in {Model}.
        FACTS = %i[
          id name family type created_at knowledge_cutoff context_window max_input_tokens max_output_tokens
          modalities input_modalities output_modalities capabilities pricing metadata provider
        ].freeze

        # Facts that must read back as given, because the reader of registry files ignores values that it does not know.
        CHECKED = %i[
          type context_window max_input_tokens max_output_tokens input_modalities output_modalities capabilities
        ].freeze
        private_constant :CHECKED

        class << self
          # @return [Array] `[registry file?, [[position of the listing, HTTP status, body], …]]`, for {Run.open}
          # @raise [ArgumentError] for unknown facts, or facts that cannot be read
          def models(source, models)
            raise ArgumentError, "#{source} lists no models of its own. Pass a body" if Plan::KNOWN[source][:catalogue]

            rows = models.map { |facts| row(source, facts) }
            text = JSON.generate(rows)
            check(rows, text)
            records(text)
          end

          # @return [Array] like {.models}: an answer without any models
          def nothing
            records("[]")
          end

          # @param body [String, Array<String>, Hash] of the first listing, its pages, or listings by path or position
          # @return [Array] like {.models}
          # @raise [ArgumentError] for an unknown listing
          def bodies(source, body)
            body = {0 => body} unless body.is_a?(Hash)
            [false, body.flat_map { |listing, pages| pages_of(position(source, listing), pages) }]
          end

          # @return [Array] like {.models}: every listing of the source fails
          # @raise [ArgumentError] for a status that is not a failure
          def failure(source, status, error)
            unless status.nil? || (400..599).cover?(status)
              raise ArgumentError, "status must be an HTTP status from 400 to 599, got #{status.inspect}"
            end
            raise ArgumentError, "Pass a status, an error, or both" unless status || error

            body = (status && error) ? JSON.generate(error: {message: error}) : error.to_s
            [false, Plan::KNOWN[source][:listings].each_index.map { |position| [position, status || 0, body] }]
          end

          private

          def records(text)
            [true, [[0, 200, text]]]
          end

          def row(source, facts)
            facts = facts.to_h.transform_keys(&:to_sym)
            unknown = facts.keys - FACTS
            raise ArgumentError, "Unknown fact: #{unknown.join(", ")} (known: #{FACTS.join(", ")})" if unknown.any?
            raise ArgumentError, "A model must have an id, got #{facts}" if facts[:id].to_s.empty?

            provider = facts.fetch(:provider, source).to_s
            if provider != source
              raise ArgumentError, "The provider of #{facts[:id]} must be #{source}, got #{facts[:provider]}"
            end

            registry_row(facts.merge(provider: source))
          end

          # In the format of a registry file.
          def registry_row(facts)
            input, output = facts.values_at(:input_modalities, :output_modalities)
            modalities = facts.fetch(:modalities, {}).to_h.transform_keys(&:to_sym)
            modalities = modalities.merge({input: input, output: output}.compact)
            facts.except(:input_modalities, :output_modalities).merge(modalities: modalities)
              .transform_values { |value| value.respond_to?(:iso8601) ? value.iso8601 : value }
          end

          def check(rows, text)
            return if rows.empty?

            sheet, = Native.read_sheet("file", text, Time.now.to_i)
            view = View.new(Catalog.merge([sheet]))
            rows.each { |row| check_row(row, view.find(row[:id], provider: row[:provider])) }
          end

          def check_row(row, model)
            given = row.merge(input_modalities: row[:modalities][:input], output_modalities: row[:modalities][:output])
            lost = CHECKED.find do |name|
              !given[name].nil? && comparable(model.public_send(name)) != comparable(given[name])
            end
            raise ArgumentError, "#{lost} of #{row[:id]} cannot be #{given[lost].inspect}" if lost
          end

          def comparable(value)
            value.is_a?(Array) ? value.map(&:to_s).sort : value.to_s
          end

          def pages_of(position, pages)
            Array(pages).map do |page|
              case page
              when String then [position, 200, page]
              when Integer then [position, page, ""]
              else raise ArgumentError, "A body must be a String, or an Integer for a status, got #{page.class}"
              end
            end
          end

          # A path may be given without its query when it is unambiguous.
          def position(source, listing)
            listings = Plan::KNOWN[source][:listings]
            return listing if listing.is_a?(Integer) && listing.between?(0, listings.size - 1)

            paths = listings.map { |each| each[:path] }
            found = paths.each_index.select do |index|
              [paths[index], paths[index].to_s[/\A[^?]*/]].include?(listing.to_s)
            end
            return found.first if found.one?

            raise ArgumentError, "#{source} has no single listing #{listing.inspect} (it has " \
              "#{paths.map(&:inspect).join(", ")})"
          end
        end

        def initialize(own = {}, others = nil)
          @own = own.freeze
          @others = others
          freeze
        end

        # @param slug [String] of a source
        # @param replies [Array] from {.models}
        # @return [Answers]
        def with(slug, replies)
          self.class.new(@own.merge(slug => replies), @others)
        end

        # @return [Answers] in which all other sources answer without any models
        def with_others_silent
          self.class.new(@own, self.class.nothing)
        end

        # @param configured [Boolean] whether the source would be asked anyway
        # @return [Array, nil] for {Run.open}; nil when the source is not stubbed
        def replies(slug, configured:)
          @own[slug] || (@others if configured)
        end
      end
    end
  end
end
