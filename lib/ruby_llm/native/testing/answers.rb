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
      #   Answers.new.with("openai", Answers.failure(endpoint, 503, nil)).for(endpoint, configured: false)
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
          # @param endpoint [Endpoint]
          # @return [MemoryTransport]
          # @raise [ArgumentError] for unknown facts, or facts that cannot be read
          def models(endpoint, models)
            if endpoint.source[:catalogue]
              raise ArgumentError, "#{endpoint.name} lists no models of its own. Pass a body"
            end

            rows = models.map { |facts| row(endpoint.provider.to_s, facts) }
            text = JSON.generate(rows)
            check(rows, text)
            records(endpoint.source, text)
          end

          # @param source [Hash] of {SOURCES}
          # @return [MemoryTransport] an answer without any models
          def nothing(source)
            records(source, "[]")
          end

          # @param endpoint [Endpoint]
          # @param body [String, Array<String>, Hash] of the first listing, its pages, or listings by path or position
          # @return [MemoryTransport]
          # @raise [ArgumentError] for an unknown listing
          def bodies(endpoint, body)
            body = {0 => body} unless body.is_a?(Hash)
            replies = body.flat_map { |listing, pages| pages_of(position(endpoint, listing), pages) }
            MemoryTransport.new(source: endpoint.source[:slug], replies: replies)
          end

          # @param endpoint [Endpoint]
          # @return [MemoryTransport] every listing of it fails
          # @raise [ArgumentError] for a status that is not a failure
          def failure(endpoint, status, error)
            unless status.nil? || (400..599).cover?(status)
              raise ArgumentError, "status must be an HTTP status from 400 to 599, got #{status.inspect}"
            end
            raise ArgumentError, "Pass a status, an error, or both" unless status || error

            body = (status && error) ? JSON.generate(error: {message: error}) : error.to_s
            listings = endpoint.source[:listings]
            replies = listings.each_index.map { |position| reply(position, status || 0, body) }
            MemoryTransport.new(source: endpoint.source[:slug], replies: replies)
          end

          private

          # Rows of a registry file, as the source's own statement.
          def records(source, text)
            MemoryTransport.new(source: source[:slug], replies: [reply(0, 200, text)], format: RegistryFile::FILE)
          end

          def reply(position, status, body)
            {listing: position, status: status, body: body}
          end

          def row(provider, facts)
            facts = facts.to_h.transform_keys(&:to_sym)
            unknown = facts.keys - FACTS
            raise ArgumentError, "Unknown fact: #{unknown.join(", ")} (known: #{FACTS.join(", ")})" if unknown.any?
            raise ArgumentError, "A model must have an id, got #{facts}" if facts[:id].to_s.empty?

            if KnownEndpoints.slug(facts.fetch(:provider, provider)) != provider
              raise ArgumentError, "The provider of #{facts[:id]} must be #{provider}, got #{facts[:provider]}"
            end

            registry_row(facts.merge(provider: provider))
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
          def position(endpoint, listing)
            listings = endpoint.source[:listings]
            return listing if listing.is_a?(Integer) && listing.between?(0, listings.size - 1)

            paths = listings.map { |each| each[:path] }
            found = paths.each_index.select do |index|
              [paths[index], paths[index].to_s[/\A[^?]*/]].include?(listing.to_s)
            end
            return found.first if found.one?

            raise ArgumentError, "#{endpoint.name} has no single listing #{listing.inspect} (it has " \
              "#{paths.map(&:inspect).join(", ")})"
          end
        end

        def initialize(own = {}, others = {})
          @own = own.freeze
          @others = others.freeze
          freeze
        end

        # @return [Array<String>] the names of endpoints that are asked although they may not be defined
        def stubbed
          @own.keys
        end

        # @param name [String] of an endpoint
        # @param transport [MemoryTransport] from {.models}, {.bodies} or {.failure}
        # @return [Answers]
        def with(name, transport)
          self.class.new(@own.merge(name => transport), @others)
        end

        # @return [Answers] in which all others answer without any models
        def with_others_silent
          self.class.new(@own, Plan::KNOWN.transform_values { |source| self.class.nothing(source) })
        end

        # An endpoint that is stubbed by name is asked even when it is not configured.
        #
        # @param endpoint [Endpoint]
        # @param configured [Boolean] whether it would be asked anyway
        # @return [MemoryTransport, nil] nil when it is not stubbed
        def for(endpoint, configured:)
          @own[endpoint.name.to_s] || (@others[endpoint.api.to_s] if configured)
        end

        # @param endpoint [Endpoint] one that is not stubbed
        # @param configuration [Configuration]
        # @return [String, nil] why it must not be asked over the network; nil when it may be
        def refusal(endpoint, configuration)
          return if configuration.allow_real_requests

          "#{endpoint.title} is not stubbed, and RubyLLM::Native::Testing allows no real requests: " \
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
