# frozen_string_literal: true

require "ruby_llm_native"
require_relative "testing/answers"

module RubyLLM
  module Native
    # Lets sources answer from memory in an app's test suite: no request is sent, and everything after the network is
    # real.
    #
    # Once this file is loaded, a source that is not stubbed fails and says so. With RSpec and Minitest, require
    # `ruby_llm/native/testing/rspec` or `ruby_llm/native/testing/minitest` instead: every example then has the helpers
    # and leaves nothing behind. State belongs to the process: tests in parallel processes have one each, tests in
    # parallel threads take turns.
    #
    # @example
    #   stub_source(:openai, models: [{id: "gpt-4.1", type: :chat, context_window: 1_047_576}])
    #   RubyLLM.models.refresh!(only: :openai).find("gpt-4.1").listed?  # => true
    module Testing
      # The methods that every example has; the module itself has them, too. Defines no constant, so that none ends up
      # in the app's test classes.
      module Helpers
        # Let a source answer from memory, whether it is configured or not. Pass `models` or `body`.
        #
        # @param source [Symbol, String] its name
        # @param models [Array<Hash>, nil] facts by the names in {Answers::FACTS}; facts that are not given are unknown.
        #   `pricing` is `{text_tokens: {standard: {input_per_million: 2.0}}}`, in US dollars per million tokens
        # @param body [String, Array<String>, Hash, nil] JSON as the source itself writes it: of its first listing, of
        #   that listing's pages, or `{listing => body}`; an Integer instead of a String is an HTTP status. Listings
        #   that are not given have no rows
        # @return [void]
        # @raise [ArgumentError] for an unknown source, listing or fact, or a fact that cannot be read
        # @example
        #   stub_source(:mistral, body: File.read("spec/fixtures/mistral.json"))
        def stub_source(source, models: nil, body: nil)
          raise ArgumentError, "Pass either models or a body" unless models.nil? ^ body.nil?

          endpoint = Testing.known(source)
          Testing.answer(endpoint, models ? Answers.models(endpoint, models) : Answers.bodies(endpoint, body))
        end

        # Let a source fail. With `status`, the HTTP request fails, with `error` in its body if given. With `error`
        # alone there is no answer.
        #
        # @param source [Symbol, String] its name
        # @param status [Integer, nil] 400 to 599
        # @param error [String, nil]
        # @return [void]
        # @raise [ArgumentError] for an unknown source, an invalid status, or no arguments
        # @example
        #   fail_source(:openai, status: 401, error: "Incorrect API key provided")
        def fail_source(source, status: nil, error: nil)
          endpoint = Testing.known(source)
          Testing.answer(endpoint, Answers.failure(endpoint, status, error))
        end

        # Let every configured source without a stub of its own answer without any models, which changes nothing: the
        # report has it as :empty.
        #
        # @return [void]
        # @example
        #   stub_all_sources
        #   RubyLLM.models.refresh!(strict: true)  # otherwise models.dev would fail
        def stub_all_sources
          Plan.transport = Plan.transport.with_others_silent
          nil
        end

        # Have these models in the registry, and no others, until the example ends. Nothing is asked or stored.
        #
        # @param models [Array<Hash>] as for {#stub_source}, each with its `provider`
        # @return [void]
        # @raise [ArgumentError] like {#stub_source}
        # @example
        #   use_models([{provider: :openai, id: "gpt-4.1", type: :chat}])
        def use_models(models)
          Native.registry.restore(Testing.state_with(models))
          nil
        end

        # {#use_models} for a block; afterwards the previous models and stubs are back.
        #
        # @return [Object] what the block returns
        # @example
        #   with_models([{provider: :openai, id: "gpt-4.1"}]) { RubyLLM.models.find("gpt-4.1") }
        def with_models(models)
          Testing.isolate do
            use_models(models)
            yield
          end
        end
      end

      extend Helpers

      class << self
        # For other test frameworks: runs the block, then resets the stubs and models to what they were.
        #
        # @return [Object] what the block returns
        # @example
        #   RubyLLM::Native::Testing.isolate { run_the_test }
        def isolate
          before = checkpoint
          yield
        ensure
          restore(before) if before
        end

        # @api private
        # @return [Array] the current stubs and models, for {.restore}
        def checkpoint
          [Plan.transport, Native.registry.checkpoint]
        end

        # @api private
        # @return [void]
        def restore(checkpoint)
          Plan.transport, models = checkpoint
          Native.registry.restore(models)
        end

        # @api private
        # @param source [String, Symbol] a name of an endpoint that is defined, a known one, a provider or a metadata
        #   source
        # @return [Endpoint]
        # @raise [ArgumentError]
        def known(source)
          name = KnownEndpoints.slug(source)
          found = Endpoints.of(Native.registry.configuration, KnownEndpoints.find(name) ? [name] : [])
          found.fetch(name) { raise ArgumentError, "Unknown source: #{source} (known: #{found.keys.join(", ")})" }
        end

        # @api private
        # @return [void]
        def answer(endpoint, transport)
          Plan.transport = Plan.transport.with(endpoint.name.to_s, transport)
          nil
        end

        # @api private
        # @return [Object] the state of a separate registry, filled by a refresh
        def state_with(models)
          stubs = Plan.transport
          by_provider = models.group_by { |facts| provider_of(facts) }
          Plan.transport = by_provider.reduce(Answers.new) do |answers, (provider, facts)|
            endpoint = Endpoint.new(Endpoint::Definition.new(name: provider), blank)
            answers.with(provider, Answers.models(endpoint, facts))
          end
          Registry.new { blank }.refresh!(only: by_provider.keys).checkpoint
        ensure
          Plan.transport = stubs
        end

        private

        def provider_of(facts)
          named = facts[:provider] || facts["provider"]
          slug = KnownEndpoints.slug(named)
          providers = Endpoints.of(Native.registry.configuration).each_value.map { |endpoint| endpoint.provider.to_s }
          providers.include?(slug) ? slug : known(named).provider.to_s
        end

        def blank
          @blank ||= Configuration.new
        end
      end
    end

    Plan.transport = Testing::Answers.new
  end
end
