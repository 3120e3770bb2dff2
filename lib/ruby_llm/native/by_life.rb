# frozen_string_literal: true

module RubyLLM
  module Native
    # Models chosen by where they are in their life. Included in {View}.
    module ByLife
      ENDING = {lives: %i[deprecated overdue].freeze}.freeze
      private_constant :ENDING

      # The models that are to stop within that time, and those that should have stopped and are still listed, the most
      # urgent first. A date that is stated as "no sooner than" counts, too.
      #
      # @param within [Numeric, ActiveSupport::Duration] seconds from now
      # @return [View] ordered by {Model#retires_at}
      # @raise [ArgumentError] for anything but a number of seconds of at least 0
      # @example
      #   RubyLLM.models.configured.retiring(within: 90 * 86_400).map { |model| [model.id, model.retires_at] }
      def retiring(within:)
        seconds = within.is_a?(String) ? nil : Float(within, exception: false)
        unless seconds&.finite? && seconds >= 0
          raise ArgumentError, "within must be a number of seconds of at least 0, got #{within.inspect}"
        end

        ends_by = [Time.now.to_f + seconds, 2**62].min.to_i
        ending = narrow({ends_by: ends_by})
        ending.sorted_by { |model| model.retires_at }
      end

      # @return [View] models that are deprecated now, by their status or their dates, and still served as far as is
      #   known
      # @example
      #   RubyLLM.models.listed.deprecated.map { |model| [model.id, model.replacement] }
      def deprecated
        narrow(ENDING)
      end

      protected

      # Those that are shown, in another order; equal ones stay in theirs.
      def sorted_by
        indexes = shown_indexes.each_with_index.sort_by { |index, place| [yield(catalog.model(index)), place] }
        View.new(catalog, preferences, indexes.map(&:first).pack("L*"), indexes.size)
      end
    end
  end
end
