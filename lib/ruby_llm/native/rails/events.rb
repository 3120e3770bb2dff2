# frozen_string_literal: true

require "active_support/notifications"
require "securerandom"

module RubyLLM
  module Native
    # Publishes each refresh in a Rails app as the event `refresh.ruby_llm_native`, and reports partial failures to
    # Rails.error.
    #
    # When all providers fail, an exception is raised, which Rails reports by itself. The registry writes the log.
    #
    # @example
    #   ActiveSupport::Notifications.subscribe("refresh.ruby_llm_native") { |event| puts event.payload[:report] }
    module Events
      NAME = "refresh.ruby_llm_native"

      module_function

      # @param report [Report] in the event's payload as `report`, beside `failed`, the slugs of the sources that failed
      # @return [void]
      def notify(report)
        publish(report)
        return unless report.failed? && !report.all_failed?

        error = RefreshError.of(report)
        ::Rails.error.report(error, handled: true, severity: :warning, context: {refresh: report.to_h},
          source: "ruby_llm_native")
      end

      # The refresh is over, so the event is built from the report.
      def publish(report)
        start = report.started_at
        payload = {report: report, failed: report.failures.map(&:source)}
        finish = start + report.duration
        event = ActiveSupport::Notifications::Event.new(NAME, start, finish, SecureRandom.hex(10), payload)
        ActiveSupport::Notifications.publish_event(event)
      end
    end
  end
end
