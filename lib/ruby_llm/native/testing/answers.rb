# frozen_string_literal: true

require "json"
require "time"

module RubyLLM
  module Native
    module Testing
      # What stubbed sources answer, in place of the network. Immutable: each stub returns a new object, so a refresh in
      # progress keeps the answers it started with.
      #
      # @example
      #   Answers.new.with("openai", Answers.failure("openai", 503, nil)).for("openai", configured: false)
      #
      # @api private
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
          # @return [MemoryTransport]
          # @raise [ArgumentError] for unknown facts, or facts that cannot be read
          def models(source, models)
            raise ArgumentError, "#{source} lists no models of its own. Pass a body" if Plan::KNOWN[source][:catalogue]

            rows = models.map { |facts| row(source, facts) }
            text = JSON.generate(rows)
            check(rows, text)
            records(source, text)
          end

          # @return [MemoryTransport] an answer without any models
          def nothing(source)
            records(source, "[]")
          end

          # @param body [String, Array<String>, Hash] of the first listing, its pages, or listings by path or position
          # @return [MemoryTransport]
          # @raise [ArgumentError] for an unknown listing
          def bodies(source, body)
            body = {0 => body} unless body.is_a?(Hash)
            replies = body.flat_map { |listing, pages| pages_of(position(source, listing), pages) }
            MemoryTransport.new(source: source, replies: replies)
          end

          # @return [MemoryTransport] every listing of the source fails
          # @raise [ArgumentError] for a status that is not a failure
          def failure(source, status, error)
            unless status.nil? || (400..599).cover?(status)
              raise ArgumentError, "status must be an HTTP status from 400 to 599, got #{status.inspect}"
            end
            raise ArgumentError, "Pass a status, an error, or both" unless status || error

            body = (status && error) ? JSON.generate(error: {message: error}) : error.to_s
            replies = Plan::KNOWN[source][:listings].each_index.map { |position| reply(position, status || 0, body) }
            MemoryTransport.new(source: source, replies: replies)
          end

          private

          # Rows of a registry file, as the source's own statement.
          def records(source, text)
            MemoryTransport.new(source: source, replies: [reply(0, 200, text)], format: RegistryFile::FILE)
          end

          def reply(position, status, body)
            {listing: position, status: status, body: body}
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

            view = RegistryFile.new(text).view
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
              when String then reply(position, 200, page)
              when Integer then reply(position, page, "")
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

        def initialize(own = {}, others = {})
          @own = own.freeze
          @others = others.freeze
          freeze
        end

        # @param slug [String] of a source
        # @param transport [MemoryTransport] from {.models}, {.bodies} or {.failure}
        # @return [Answers]
        def with(slug, transport)
          self.class.new(@own.merge(slug => transport), @others)
        end

        # @return [Answers] in which all other sources answer without any models
        def with_others_silent
          self.class.new(@own, Plan::KNOWN.keys.to_h { |slug| [slug, self.class.nothing(slug)] })
        end

        # A source that is stubbed by name is asked even when it is not configured.
        #
        # @param slug [String] of a source
        # @param configured [Boolean] whether the source would be asked anyway
        # @return [MemoryTransport, nil] nil when the source is not stubbed
        def for(slug, configured:)
          @own[slug] || (@others[slug] if configured)
        end

        # @param source [Hash] one of {SOURCES} that is not stubbed
        # @param configuration [Configuration]
        # @return [String, nil] why it must not be asked over the network; nil when it may be
        def refusal(source, configuration)
          return if configuration.allow_real_requests

          "#{source[:name]} is not stubbed, and RubyLLM::Native::Testing allows no real requests: " \
            "#{RequestGuard::WAY_OUT}"
        end

        # @return [Boolean] false: registries begin empty, and nothing of a test is stored
        def stored?
          false
        end
      end
    end
  end
end
