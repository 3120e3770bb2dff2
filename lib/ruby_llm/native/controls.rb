# frozen_string_literal: true

require_relative "suggestions"

module RubyLLM
  module Native
    # How a model is steered, and on what terms it may be used. Included in {Model}. What no source states is nil.
    module Controls
      # Parameters that are known by what the model can.
      BY_CAPABILITY = {
        tools: :function_calling, tool_choice: :tool_choice, parallel_tool_calls: :parallel_tool_calls,
        response_format: :json_mode, structured_outputs: :structured_output, reasoning: :reasoning, stream: :streaming
      }.freeze

      # What one request may hold at most.
      REQUEST_LIMITS = %i[images audio_files audio_seconds video_files video_seconds pdf_megabytes characters].freeze

      # What is counted, not measured.
      WHOLE = [:top_k, :reasoning_budget, :dimensions, *REQUEST_LIMITS].freeze

      # What a model puts out when it is asked for JSON.
      STRUCTURED = {json_object: "json_mode", json_schema: "structured_output"}.freeze

      # What {#accepts?} knows.
      KNOWN = (PARAMETERS + BY_CAPABILITY.keys).freeze
      private_constant :REQUEST_LIMITS, :WHOLE, :STRUCTURED, :KNOWN

      # @api private
      # @param name [Symbol, String] of a parameter
      # @return [Symbol]
      # @raise [ArgumentError] names the nearest ones
      def self.parameter(name)
        found = KNOWN.find { |parameter| parameter.name == name.to_s }
        return found if found

        near = Suggestions.nearest(name, KNOWN.map(&:name), [])
        hint = near.empty? ? "one of #{KNOWN.join(", ")}" : "did you mean #{near.join(", ")}?"
        raise ArgumentError, "Unknown parameter: #{name} (#{hint})"
      end

      # @api private
      # @param limits [Hash{Symbol, String => Object}]
      # @return [Hash{Symbol => Object}]
      # @raise [ArgumentError] when it is no Hash, or names no limit
      def self.request_limits(limits)
        raise ArgumentError, "request_limits must be a Hash, got #{limits.inspect}" unless limits.is_a?(Hash)

        unknown = limits.keys.map(&:to_sym) - REQUEST_LIMITS
        return limits.transform_keys(&:to_sym) if unknown.empty?

        raise ArgumentError, "Unknown request limit: #{unknown.join(", ")} (known: #{REQUEST_LIMITS.join(", ")})"
      end

      # Whether a request may set that parameter.
      #
      # @param name [Symbol, String] one of {PARAMETERS}, or :tools, :tool_choice, :parallel_tool_calls,
      #   :response_format, :structured_outputs, :reasoning, :stream
      # @return [Boolean, nil] nil where no source says
      # @raise [ArgumentError] for an unknown parameter
      # @example
      #   model.accepts?(:temperature)  # => false
      def accepts?(name)
        name = Controls.parameter(name)
        capability = BY_CAPABILITY[name]&.name
        accepted, refused = capability ? [capabilities, denied_capabilities] : parameter_names
        wanted = capability || name
        return true if accepted.include?(wanted)

        refused.include?(wanted) ? false : nil
      end

      # The parameters that a request may set, with what is stated of their values.
      #
      # @return [Hash{Symbol => Hash}] frozen; name => any of `min`, `max` and `default`, Floats or Integers
      # @example
      #   model.parameters  # => {temperature: {min: 0.0, max: 2.0, default: 1.0}, seed: {}}
      def parameters
        known = bounds
        parameter_names.first.to_h { |name| [name, known.fetch(name, {}.freeze)] }.freeze
      end

      # Every number that bounds something, also of parameters about which only the number is stated.
      #
      # @return [Hash{Symbol => Hash{Symbol => Numeric}}] frozen; what is bounded => any of `min`, `max` and `default`
      # @example
      #   model.bounds[:dimensions]  # => {max: 3072, default: 1024}
      def bounds
        bound_list.each_with_object({}) do |(of, kind, number), bounds|
          (bounds[of] ||= {})[kind] = (WHOLE.include?(of) && number.match?(/\A\d+\z/)) ? number.to_i : number.to_f
        end.each_value(&:freeze).freeze
      end

      # How its reasoning is controlled. Members that no source states are left out.
      #
      # `efforts` are those that it has, and `default` is the one that a request gets without asking. `mandatory`: it
      # cannot be switched off. `toggle`: it can be switched on and off. `on`: it reasons unless it is told not to.
      # `budget`: its tokens can be limited, by `min` and `max` if these are stated; false if they cannot.
      #
      # @return [Hash{Symbol => Object}, nil] frozen; nil where nothing is stated
      # @example
      #   model.reasoning  # => {efforts: [:low, :medium, :high], default: :medium, budget: {min: 1024, max: 32000}}
      def reasoning
        yes, no, default = efforts
        stated = {
          efforts: ((yes.empty? && no.empty?) ? nil : yes), default: default, mandatory: trait(:reasoning_mandatory),
          toggle: trait(:reasoning_toggle), on: trait(:reasoning_default), budget: reasoning_budget
        }.compact
        stated.empty? ? nil : stated.freeze
      end

      # @return [Array<Symbol>] the kinds of JSON that it can be made to put out: :json_object (any JSON), :json_schema
      #   (as a schema says); frozen
      # @example
      #   model.structured_outputs  # => [:json_object, :json_schema]
      def structured_outputs
        STRUCTURED.select { |_, capability| supports?(capability) }.keys.freeze
      end

      # @return [Integer, nil] of an embedding: the most that it can have, or else what it has unasked; {#bounds} has
      #   both
      # @example
      #   model.dimensions  # => 3072
      def dimensions
        stated = bounds[:dimensions]
        stated && (stated[:max] || stated[:default])
      end

      # @return [Hash{Symbol => Numeric}] frozen; the most that one request may hold of each: `images`, `audio_files`,
      #   `audio_seconds`, `video_files`, `video_seconds`, `pdf_megabytes`, `characters`
      # @example
      #   model.request_limits  # => {images: 20}
      def request_limits
        bounds.slice(*REQUEST_LIMITS).transform_values { |bound| bound[:max] }.compact.freeze
      end

      # What becomes of what it is sent. Members that no source states are left out.
      #
      # @return [Hash{Symbol => Object}, nil] frozen; `zero_data_retention` (whether it can be had without anything
      #   being kept), `training` (whether the data trains models), `regions` (where it is kept); nil where nothing is
      #   stated
      # @example
      #   model.data_policy  # => {zero_data_retention: true, training: false}
      def data_policy
        regions = data_regions
        stated = {
          zero_data_retention: trait(:zero_data_retention), training: trait(:training),
          regions: (regions unless regions.empty?)
        }.compact
        stated.empty? ? nil : stated.freeze
      end

      # @return [Boolean, nil] whether its weights can be had; nil where no source says
      # @example
      #   model.open_weights?  # => true
      def open_weights?
        trait(:open_weights)
      end

      alias_method :open_weights, :open_weights?

      private

      def reasoning_budget
        limited = trait(:reasoning_budget)
        limited ? bounds.fetch(:reasoning_budget, {}.freeze) : bounds[:reasoning_budget] || limited
      end
    end
  end
end
