# frozen_string_literal: true

require_relative "explanation/candidate"
require_relative "value"

module RubyLLM
  module Native
    # Why a name finds the model that it finds: all models that match it, best first, each with the reason.
    #
    # @example
    #   puts RubyLLM.models.explain("gpt-4.1")
    #   # "gpt-4.1" is gpt-4.1 of openai
    #   #   1. openai      gpt-4.1         exact id, configured provider
    #   #   2. openrouter  openai/gpt-4.1  short for openai/gpt-4.1, not configured
    class Explanation
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[id provider choice candidates suggestions].freeze

      # @return [String] what was asked for
      attr_reader :id

      # @return [String, nil] the provider that was asked for
      attr_reader :provider

      # @return [Array<Candidate>] best first
      attr_reader :candidates

      # @return [Array<String>] the nearest ids, when nothing matches
      attr_reader :suggestions

      # @param asked [Array(String, String)] the name, and the provider or nil
      # @param query [Array(String, String)] the same after applying the app's aliases
      # @param found [Array<Array(Model, Symbol)>] the models that match, and how
      def initialize(asked, query, found, preferences, suggestions)
        @id, @provider = asked.map { |text| text && -text }
        @query = query.map { |text| text && -text }.freeze
        @preferences = preferences
        @candidates = found.map { |model, how| candidate(model, how) }.freeze
        @suggestions = suggestions.map(&:-@).freeze
        freeze
      end

      # @return [Model, nil] what {View#find} returns
      # @example
      #   RubyLLM.models.explain("gpt-4.1").choice.provider  # => "openai"
      def choice
        candidates.first&.model
      end

      # @return [Hash{Symbol => Object}]
      def to_h
        deconstruct_keys(nil)
      end

      # @return [String] a line for the choice and one for each candidate
      def to_s
        [headline, *alias_line, *table, *suggestion_line].join("\n")
      end
      alias_method :inspect, :to_s

      # @return [void]
      def pretty_print(printer)
        TableColumns.pretty_print(printer, to_s)
      end

      private

      def candidate(model, how)
        configured = @preferences.configured?(model.provider)
        asked = configured ? "configured provider" : "not configured"
        reason = [way(model, how), standing(model), endpoints(model), asked].compact.join(", ")
        Candidate.new(model, how, configured, reason.freeze).freeze
      end

      def way(model, how)
        case how
        when :exact then "exact id"
        when :profile then "inference profile for #{@preferences.region || "us, because no region is configured"}"
        when :stated then "alias of #{model.id}, as a source states"
        when :snapshot then "alias of #{model.id} (newest snapshot)"
        when :namespace then "short for #{model.id}"
        else "without the suffix #{@query.first[/:[^:]*\z/]}"
        end
      end

      def standing(model)
        case model.standing
        when :unlisted
          model.unlisted_at ? "unlisted since #{model.unlisted_at.strftime("%F")}" : "not offered on its own"
        when :catalogued then "only documented"
        end
      end

      # Not worth a word where it is the provider's own.
      def endpoints(model)
        names = model.endpoints
        "listed by #{names.join(" and ")}" unless names.empty? || names == [model.provider.to_sym]
      end

      def headline
        asked = "#{id.inspect}#{" of #{provider}" if provider}"
        choice ? "#{asked} is #{choice.id} of #{choice.provider}" : "#{asked} is not a known model"
      end

      def alias_line
        target, at = @query
        "  the app's alias of #{target.inspect}#{" of #{at}" if at}" unless [id, provider] == @query
      end

      def table
        rows = candidates.each_with_index.map do |candidate, index|
          model = candidate.model
          ["#{index + 1}.", model.provider.to_s, model.id, candidate.reason]
        end
        TableColumns.lines(rows, indent: 2)
      end

      def suggestion_line
        "  nearest: #{suggestions.join(", ")}" if suggestions.any?
      end
    end
  end
end
