# frozen_string_literal: true

require_relative "money"
require_relative "replacement"

module RubyLLM
  module Native
    # Where a model is in its life, and what comes after it. Included in {Model}.
    #
    # Providers state a status and dates; a state is what follows from them at a time, so another day has another answer
    # without a refresh.
    module LifeCycle
      # The status as stated, or the state that follows at a time.
      #
      # At a time there are two more rules. A stated date changes the state when it begins, in UTC. And a model whose
      # end has passed is :retired, unless its provider still lists it: then it is :overdue, and may stop any day. What
      # is to retire "no sooner than" a date ({#retires_no_sooner?}) is not retired by that date alone.
      #
      # @param at [Time, Date, nil] nil: as stated
      # @return [Symbol, nil] :active, :preview, :alpha, :beta, :deprecated or :retired; at a time also :overdue; nil
      #   where no source states anything
      # @raise [ArgumentError] for anything but a Time or a Date
      # @example
      #   model.status                            # => :deprecated
      #   model.status(at: Time.now)              # => :overdue
      #   model.status(at: Date.new(2030, 1, 1))  # => :retired
      def status(at: nil)
        at.nil? ? stated_status : life(Money.seconds(at))
      end

      # @return [Time, nil] UTC; since when it is deprecated, or will be
      # @example
      #   model.deprecated_at  # => 2026-05-01 00:00:00 UTC
      def deprecated_at
        time(:deprecated_at)
      end

      # @return [Time, nil] UTC; when its provider stops or stopped serving it, as far as is announced
      # @example
      #   model.retires_at  # => 2026-10-23 00:00:00 UTC
      def retires_at
        time(:retires_at)
      end

      # @return [Boolean, nil] whether {#retires_at} is only the first day on which it may retire; nil where its source
      #   does not say, or states no date
      # @example
      #   model.retires_no_sooner?  # => true
      def retires_no_sooner?
        fixed = trait(:fixed_retirement)
        fixed.nil? ? nil : !fixed
      end

      # @return [String, nil] the id of the first successor that is stated, or else of the first other replacement
      # @example
      #   model.replacement  # => "gpt-5.4"
      def replacement
        all = replacements
        (all.find { |each| each.kind == :successor } || all.first)&.id
      end

      # @return [Array<Replacement>] successors and fallbacks, in the order of their ids
      # @example
      #   model.replacements.map(&:id)  # => ["claude-opus-4-8", "claude-sonnet-5"]
      def replacements
        replacement_list.map do |line|
          kind, id = line.split(" ", 2)
          Replacement.new(id: id, kind: kind.to_sym, provider: provider).freeze
        end.freeze
      end
    end
  end
end
