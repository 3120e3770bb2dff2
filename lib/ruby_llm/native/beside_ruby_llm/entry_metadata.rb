# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # The metadata of an entry: what the provider and the metadata sources state, on one level, as ruby_llm has it.
      #
      # What became a fact is not repeated, with one exception: 2.x keeps how long a model lives and what it is also
      # called in its metadata, and its entries have no readers for that.
      #
      # @api private
      module EntryMetadata
        # What 2.x calls the end of a model, by provider.
        ENDS = {
          azure: :inference_retires_at, mistral: :deprecation, openai: :shutdown_date, openrouter: :expiration_date
        }.freeze

        # Azure's words for the status.
        STATUSES = {active: "generally-available", deprecated: "deprecated", preview: "preview"}.freeze
        private_constant :ENDS, :STATUSES

        module_function

        # @param model [Model]
        # @param stated [Hash{Symbol => Object}] its metadata, already parsed
        # @return [Hash{Symbol => Object}]
        def of(model, stated)
          sources = [:bundle, :published, model.provider.to_sym, :models_dev]
          sources.select! { |source| stated[source].is_a?(Hash) }
          flat = sources.map { |source| stated[source] }.reduce(stated.except(*sources), :merge)
          flat = {inference_types: ["INFERENCE_PROFILE"], **flat} if bound_to_region?(model)
          LoadedVersion.v2? ? {**life(model), **flat} : flat
        end

        # A model that can only be called through a regional id is listed under that id alone.
        def bound_to_region?(model)
          model.listed? && Native.regional_id?(model.provider, model.id)
        end
        private_class_method :bound_to_region?

        # Only what the provider itself has stated.
        def life(model)
          provider = model.provider.to_sym
          return {} unless ENDS.key?(provider) && model.listed?

          life = {ENDS[provider] => end_of(model, provider)}
          life[:lifecycle_status] = STATUSES[model.status] if provider == :azure && model.origin(:status) == provider
          if provider == :mistral
            life[:aliases] = model.equivalents unless model.equivalents.empty?
            life[:deprecation_replacement_model] = model.replacement if model.origin(:replacement) == provider
          end
          life.compact
        end
        private_class_method :life

        # @return [String, Integer, nil] as the provider writes it
        def end_of(model, provider)
          time = model.retires_at
          return unless time && model.origin(:retires_at) == provider
          return time.to_i if provider == :azure

          (provider == :mistral) ? time.iso8601 : time.to_date.iso8601
        end
        private_class_method :end_of
      end
      private_constant :EntryMetadata
    end
  end
end
