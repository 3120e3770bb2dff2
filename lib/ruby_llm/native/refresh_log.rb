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

      # What {Native.refreshed} calls outside Rails.
      #
      # @param report [Report]
      # @param registry [Registry]
      # @return [void]
      def refreshed(report, registry)
        logger = registry.logger and write(report, registry.size, logger)
      end
    end
    private_constant :RefreshLog
  end
end
