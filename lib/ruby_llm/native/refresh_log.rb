# frozen_string_literal: true

module RubyLLM
  module Native
    # The lines about a refresh in the log. In a Rails app {LogSubscriber} writes them.
    #
    # @api private
    module RefreshLog
      module_function

      # @param report [Report]
      # @param models [Integer] how many the registry has now
      # @param logger [Logger]
      # @return [void]
      def write(report, models, logger)
        report.failures.each { |outcome| logger.warn("Refresh of #{outcome.source} failed: #{outcome.error}") }
        report.optional_failures.each do |outcome|
          logger.info("Refresh of #{outcome.source}, which is optional, failed: #{outcome.error}")
        end
        models = Phrases.count(models, "model")
        if report.all_failed?
          logger.error("The refresh failed: #{report.summary}. The registry keeps its #{models}")
        elsif report.nobody_asked?
          logger.warn(report.summary)
        else
          logger.info("Refreshed: #{report.summary}; the registry has #{models}")
        end
      end

      # Of more changes only the first are written, and how many more there are.
      CHANGES = 20
      private_constant :CHANGES

      # @param changes [Array<LifeCycleChange>]
      # @param logger [Logger]
      # @return [void]
      def write_changes(changes, logger)
        changes.first(CHANGES).each { |change| change.ending? ? logger.warn(change.to_s) : logger.info(change.to_s) }
        more = changes.size - CHANGES
        return unless more.positive?

        logger.warn("#{more} more: see the report's life_cycle_changes")
      end

      # What {Native.refreshed} calls outside Rails.
      #
      # @param report [Report]
      # @param registry [Registry]
      # @return [void]
      def refreshed(report, registry)
        logger = registry.logger or return

        write(report, registry.size, logger)
        write_changes(report.life_cycle_changes, logger)
      end
    end
    private_constant :RefreshLog
  end
end
