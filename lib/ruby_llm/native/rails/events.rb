# frozen_string_literal: true

require "active_support/notifications"
require "securerandom"

module RubyLLM
  module Native
    # Publishes each refresh in a Rails app as the event `refresh.ruby_llm_native`, what it found out about the lives of
    # models as `lifecycle.ruby_llm_native`, and reports partial failures to Rails.error.
    #
    # When all providers fail, an exception is raised, which Rails reports by itself. {LogSubscriber} writes the log.
    #
    # @api private
    # @example
    #   ActiveSupport::Notifications.subscribe("refresh.ruby_llm_native") { |event| puts event.payload[:report] }
    module Events
      NAME = "refresh.ruby_llm_native"

      # Only where a model has changed its state: the payload has `changes`, an Array of {LifeCycleChange}.
      LIFE_CYCLE = "lifecycle.ruby_llm_native"

      # Where a thread (a fiber, to be exact) finds the registry whose refresh it is publishing.
      PUBLISHED = :ruby_llm_native_published
      private_constant :PUBLISHED

      module_function

      # What {Native.refreshed} calls in Rails.
      #
      # @param report [Report] in the event's payload as `report`, beside `failed`, the names of the sources that
      #   failed, and `models`, how many the registry has now
      # @param registry [Registry]
      # @return [void]
      def refreshed(report, registry)
        publish(NAME, report, registry,
          report: report, failed: report.failures.map(&:source), models: registry.size)
        changes = report.life_cycle_changes
        publish(LIFE_CYCLE, report, registry, changes: changes) if changes.any?
        return unless report.failed? && !report.all_failed?

        error = RefreshError.of(report)
        ::Rails.error.report(error, handled: true, severity: :warning, context: {refresh: report.to_h},
          source: "ruby_llm_native")
      end

      # The registry that an event is about has its lines in its own log: a context may have another one, or none.
      #
      # @return [Logger, nil] of that registry; otherwise the process's
      def logger
        (Thread.current[PUBLISHED] || Native.registry).logger
      end

      # The refresh is over, so the event is built from the report.
      def publish(name, report, registry, **payload)
        outer = Thread.current[PUBLISHED]
        Thread.current[PUBLISHED] = registry
        start = report.started_at
        finish = start + report.duration
        event = ActiveSupport::Notifications::Event.new(name, start, finish, SecureRandom.hex(10), payload)
        ActiveSupport::Notifications.publish_event(event)
      ensure
        Thread.current[PUBLISHED] = outer
      end
      private_class_method :publish
    end
  end
end
