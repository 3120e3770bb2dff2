# frozen_string_literal: true

require "active_support/log_subscriber"
require_relative "events"

module RubyLLM
  module Native
    # Writes the gem's events to the log of a Rails app, which is `RubyLLM.config.logger`, or that of the context that
    # was refreshed. The Railtie attaches it.
    #
    # @example Log no events, not even a lost default
    #   RubyLLM::Native::LogSubscriber.detach_from(:ruby_llm_native)
    class LogSubscriber < ActiveSupport::LogSubscriber
      # A warning for each source that failed, then one line for the refresh.
      #
      # @param event [ActiveSupport::Notifications::Event] `refresh.ruby_llm_native`
      # @return [void]
      def refresh(event)
        RefreshLog.write(*event.payload.values_at(:report, :models), logger)
      end

      # A line for each model, a warning unless it is saved.
      #
      # @param event [ActiveSupport::Notifications::Event] `lifecycle.ruby_llm_native`
      # @return [void]
      def lifecycle(event)
        RefreshLog.write_changes(event.payload[:changes], logger)
      end

      # An error.
      #
      # @param event [ActiveSupport::Notifications::Event] `lost_default.ruby_llm_native`
      # @return [void]
      def lost_default(event)
        error(Persistence::LostDefaults.message(**event.payload))
      end

      # @return [Logger, nil] beside the ruby_llm gem, that gem's
      def logger
        Events.logger
      end
    end
  end
end
