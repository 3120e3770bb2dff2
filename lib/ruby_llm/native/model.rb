# frozen_string_literal: true

require "bigdecimal"
require "date"
require "json"
require_relative "controls"
require_relative "life_cycle"
require_relative "modalities"
require_relative "money"
require_relative "value"

module RubyLLM
  module Native
    # One model as the sources state it: a light, frozen window onto a {Catalog}. What no source states is nil.
    #
    # `id`, `provider` and `standing` identify it; all else is a fact, whose source {#origin} tells.
    # C defines the readers of what is one value: see ext/ruby_llm_native/binding/model.c.
    #
    # @example
    #   RubyLLM.models.find("gpt-4.1").context_window  # => 1047576
    class Model
      include Controls
      include LifeCycle
      include Money
      include Value

      # The keys for pattern matching: `case model in {provider: "openai", context_window: 100_000..}`.
      FACTS = %i[
        id name provider family type standing endpoints status created_at deprecated_at retires_at unlisted_at
        replacement replacements knowledge_cutoff context_window max_input_tokens max_output_tokens input_modalities
        output_modalities modalities capabilities denied_capabilities reasoning parameters structured_outputs
        dimensions request_limits data_policy license open_weights pricing prices kin metadata
      ].freeze

      # The outputs from which the ruby_llm gem derives a type, in its order.
      TYPES_BY_OUTPUT = {
        "embeddings" => :embedding, "moderation" => :moderation, "image" => :image, "audio" => :audio,
        "video" => :video, "rerank" => :rerank, "judgment" => :judgment
      }.freeze
      private_constant :TYPES_BY_OUTPUT

      # The sources that state reasoning options, in order of precedence; a registry file has them at its top level.
      SPEAKERS = %i[models_dev published bundle].freeze
      private_constant :SPEAKERS

      # @return [Time, nil] UTC; the start of the stated period
      # @example
      #   model.created_at  # => 2025-04-14 00:00:00 UTC
      def created_at
        time(:created_at)
      end

      # @return [Date, nil] the first day of the stated period
      # @example
      #   model.knowledge_cutoff  # => #<Date: 2024-04-01>, stated as "2024-04"
      def knowledge_cutoff
        time(:knowledge_cutoff)&.to_date
      end

      # @return [Symbol, nil] how precisely it is stated: :year, :month, :day or :second
      # @example
      #   model.knowledge_cutoff_precision  # => :month
      def knowledge_cutoff_precision
        timestamp(:knowledge_cutoff)&.last
      end

      # @return [Time, nil] UTC; when its provider's answer first lacked it
      # @example
      #   model.unlisted_at  # => nil
      def unlisted_at
        time(:unlisted_at)
      end

      # The name of {#equivalents} in exports, files and rows.
      alias_method :kin, :equivalents

      # @return [Boolean] whether it is in its provider's last complete answer
      # @example
      #   model.listed?  # => true
      def listed?
        standing == :listed
      end

      # @return [Boolean] whether only a metadata source states it; its standing is :catalogued
      # @example
      #   model.documented?  # => false
      def documented?
        standing == :catalogued
      end

      # @return [Boolean] whether it was listed once, and no longer is
      # @example
      #   model.unlisted?  # => false
      def unlisted?
        standing == :unlisted
      end

      # @return [Modalities] with `input` and `output`, both Arrays of String
      # @example
      #   model.modalities.input  # => ["text", "image"]
      def modalities
        Modalities.new(input_modalities, output_modalities)
      end

      # What the sources state beyond the attributes here. Parsed at each call.
      #
      # @return [Hash{Symbol => Object}] frozen; each source's own under its slug, while a loaded registry file's is
      #   kept as it is
      # @example
      #   model.metadata[:models_dev][:open_weights]  # => false
      def metadata
        text = metadata_json
        return {}.freeze if text.nil? || text.empty?

        JSON.parse(text, symbolize_names: true, freeze: true, max_nesting: false)
      end

      # @param capability [Symbol, String]
      # @return [Boolean] whether a source states it
      # @example
      #   model.supports?(:function_calling)  # => true
      def supports?(capability)
        capabilities.include?(capability.to_s)
      end

      # @!method function_calling?
      #   @return [Boolean] see {#supports?}. Likewise `structured_output?`, `batch?`, `reasoning?`, `citations?` and
      #     `streaming?`
      def function_calling? = supports?(:function_calling)
      def structured_output? = supports?(:structured_output)
      def batch? = supports?(:batch)
      def reasoning? = supports?(:reasoning)
      def citations? = supports?(:citations)
      def streaming? = supports?(:streaming)
      alias_method :supports_functions?, :function_calling?

      # @return [Boolean] whether it reads images
      # @example
      #   model.supports_vision?  # => true
      def supports_vision?
        input_modalities.include?("image")
      end

      # @return [Boolean] whether it reads video
      # @example
      #   model.supports_video?  # => false
      def supports_video?
        input_modalities.include?("video")
      end

      # @return [String] its name
      # @example
      #   model.display_name  # => "GPT-4.1"
      def display_name
        name
      end

      # @return [Integer, nil] the most tokens of output
      # @example
      #   model.max_tokens  # => 32768
      def max_tokens
        max_output_tokens
      end

      # @return [String] the provider's name and the model's
      # @example
      #   model.label  # => "OpenAI - GPT-4.1"
      def label
        "#{provider_name} - #{name}"
      end

      # @return [String] the provider's name, or its slug if the provider is unknown
      # @example
      #   model.provider_name  # => "OpenAI"
      def provider_name
        built_in = SOURCES.find { |known| known[:slug] == provider }
        built_in ? built_in[:name] : KnownEndpoints.find(provider)&.name || provider
      end

      # The ways to control its reasoning, as models.dev or a source that repeats it states them.
      #
      # @return [Array<Hash>] `{type: "effort", values: ["low", …]}`, …; empty when no source states them
      # @example
      #   model.reasoning_options.map { |option| option[:type] }  # => ["effort"]
      def reasoning_options
        Model.reasoning_options_of(metadata)
      end

      # @api private
      # @param metadata [Hash{Symbol => Object}] already parsed
      # @return [Array<Hash>]
      def self.reasoning_options_of(metadata)
        said = [metadata, *metadata.values_at(*SPEAKERS)].grep(Hash).map { |source| source[:reasoning_options] }
        said.find { |options| options.is_a?(Array) }.to_a.grep(Hash)
      end

      # @param type [Symbol, String] "effort", "budget_tokens" or "toggle"
      # @return [Hash, nil]
      # @example
      #   model.reasoning_option(:effort)  # => {type: "effort", values: ["low", "medium", "high"]}
      def reasoning_option(type)
        reasoning_options.find { |option| option[:type].to_s == type.to_s }
      end

      # @param type [Symbol, String]
      # @return [Array<String>]
      # @example
      #   model.reasoning_option_values(:effort)  # => ["low", "medium", "high"]
      def reasoning_option_values(type)
        Array(reasoning_option(type)&.fetch(:values, nil)).map(&:to_s)
      end

      # The normalized record, in the ruby_llm gem's order.
      #
      # @return [Hash{Symbol => Object}] twelve keys, plus `unlisted_at` when it is set
      # @example
      #   model.to_h.keys.first(3)  # => [:id, :name, :provider]
      def to_h
        record_with(metadata)
      end

      # @api private
      # @param metadata [Hash{Symbol => Object}] already parsed, possibly rearranged
      # @return [Hash{Symbol => Object}] {#to_h} with this metadata
      def record_with(metadata)
        record = {
          id: id, name: name, provider: provider, family: family, created_at: created_at,
          context_window: context_window, max_output_tokens: max_output_tokens, knowledge_cutoff: knowledge_cutoff,
          modalities: modalities.to_h, capabilities: capabilities, pricing: pricing.to_h, metadata: metadata
        }
        unlisted? ? record.merge(unlisted_at: unlisted_at) : record
      end

      # {#to_h} for a registry file. That format has only whole days, and derives the type from the output. What it has
      # no place for is added: the cutoff as stated, in `metadata`; the type, when the output suggests another one; the
      # limit of the input.
      #
      # @return [Hash{Symbol => Object}]
      # @example
      #   model.to_registry_h[:metadata][:knowledge_cutoff]  # => "2024-04"
      def to_registry_h
        format = {year: "%Y", month: "%Y-%m"}[knowledge_cutoff_precision]
        stated = format ? {knowledge_cutoff: knowledge_cutoff.strftime(format)} : {}
        told = TYPES_BY_OUTPUT.find { |output, _| output_modalities.include?(output) }&.last || :chat
        beside = {type: (type unless type == told), max_input_tokens: max_input_tokens}.compact
        to_h.merge(metadata: metadata.merge(stated), **beside)
      end

      # Orders models by provider and id.
      #
      # @return [Integer, nil] nil when the other object is not a model
      # @example
      #   models.sort.first
      def <=>(other)
        [provider.to_s, id] <=> [other.provider.to_s, other.id] if other.is_a?(Model)
      end

      # For Marshal: a catalog with only this model.
      #
      # @api private
      def _dump(_level)
        alone.bytes
      end

      # @api private
      # @raise [CatalogError] when the bytes are damaged or from another version of the gem
      def self._load(bytes)
        Catalog.load(bytes).model(0)
      end

      # For YAML: {#as_json} as a plain mapping.
      #
      # @api private
      def encode_with(coder)
        coder.represent_map(nil, JSON.parse(to_json))
      end

      # One line: its type, limits and prices.
      #
      # @return [String]
      # @example
      #   model.inspect
      #   # => #<RubyLLM::Native::Model openai gpt-4.1 "GPT-4.1": chat, context 1,047,576, output 32,768,
      #   #      $2.0 input, $8.0 output per million tokens>
      def inspect
        known = [type, *(standing unless listed?), *limits, *prices_in_words]
        "#<#{self.class.name} #{provider} #{id} #{name.inspect}: #{known.join(", ")}>"
      end
      alias_method :to_s, :inspect

      private

      def limits
        limits = {"context" => context_window, "output" => max_output_tokens}.compact
        limits.map { |name, tokens| "#{name} #{Phrases.thousands(tokens)}" }
      end

      def time(field)
        seconds, = timestamp(field)
        Time.at(seconds).utc if seconds
      end
    end
  end
end
