# frozen_string_literal: true

require "time"
require_relative "value"

module RubyLLM
  module Native
    # A model that a refresh found in another state than the refresh before: one that is deprecated now, overdue,
    # retired, or none of these any longer. Frozen.
    #
    # @example
    #   RubyLLM.models.last_refresh.life_cycle_changes.map(&:to_s)
    #   # => ["openai gpt-4 is now deprecated; it retires on 2026-10-23; replacement: gpt-5.4"]
    LifeCycleChange = Struct.new(:provider, :id, :from, :to, :retires_at, :replacement, keyword_init: true) do
      include Value::ToJson

      # @api private
      # @param model [Model] as it is now
      # @param from [Symbol, nil]
      # @param to [Symbol, nil]
      # @return [LifeCycleChange]
      def self.of(model, from, to)
        new(provider: model.provider, id: model.id, from: from, to: to, retires_at: model.retires_at,
          replacement: model.replacement).freeze
      end

      # @api private
      # @param facts [Hash{Symbol => Object}] from {#to_plain_h}, possibly by way of JSON
      # @return [LifeCycleChange]
      def self.read(facts)
        from, to = facts.values_at(:from, :to).map { |state| state&.to_sym }
        retires_at = facts[:retires_at] && Time.iso8601(facts[:retires_at])
        new(**facts.slice(:provider, :id, :replacement), from: from, to: to, retires_at: retires_at).freeze
      end

      # @!attribute [r] provider
      #   @return [String] the slug
      # @!attribute [r] id
      #   @return [String]
      # @!attribute [r] from
      #   @return [Symbol, nil] the former state, as {LifeCycle#status} at that time
      # @!attribute [r] to
      #   @return [Symbol, nil] the new one
      # @!attribute [r] retires_at
      #   @return [Time, nil] UTC
      # @!attribute [r] replacement
      #   @return [String, nil] the id of another model

      # @return [Boolean] whether something ends: false for a model that is no longer deprecated
      def ending?
        %i[deprecated overdue retired].include?(to)
      end

      # For logs; JSON-safe, without what is nil.
      #
      # @return [Hash{Symbol => String}]
      def to_plain_h
        Value.plain(to_h.compact)
      end

      # @return [String] one line
      def to_s
        verb = (retires_at && retires_at < Time.now) ? "was to retire on" : "retires on"
        state = ending? ? "now #{to}" : "no longer #{from}"
        parts = ["#{provider} #{id} is #{state}"]
        parts << "it #{verb} #{retires_at.strftime("%Y-%m-%d")}" if retires_at
        parts << "replacement: #{replacement}" if replacement
        parts.join("; ")
      end
    end
  end
end
