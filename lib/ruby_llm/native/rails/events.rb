# frozen_string_literal: true

require "active_support/notifications"
require "securerandom"

module RubyLLM
  module Native
    # Tells a Rails app of each refresh: the event `refresh.ruby_llm_native`, and, where only some sources failed,
    # Rails.error.
    #
    # When all providers failed there is an exception, which Rails reports by itself. The log has its lines from the
    # registry.
    #
    # @example
    #   ActiveSupport::Notifications.subscribe("refresh.ruby_llm_native") { |event| puts event.payload[:report] }
    module Events
      NAME = "refresh.ruby_llm_native"

      module_function

      # @param report [Report] the event's payload has it as `report`, and `failed`, the slugs of the sources that
      #   failed
      # @return [void]
      def notify(report)
        publish(report)
        return unless report.failed? && !report.all_failed?

        ::Rails.error.report(RefreshError.of(report), handled: true, severity: :warning, context: {refresh: report.to_h}, source: "ruby_llm_native")
      end

      # The refresh is over: its event is made of what the report says.
      def publish(report)
        start = report.started_at
        payload = {report: report, failed: report.failures.map(&:source)}
        event = ActiveSupport::Notifications::Event.new(NAME, start, start + report.duration, SecureRandom.hex(10), payload)
        ActiveSupport::Notifications.publish_event(event)
      end
    end
  end
end
