# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Reports that models which the application had made its default are no longer available.
      #
      # @api private
      module LostDefaults
        EVENT = "lost_default.ruby_llm_native"
        private_constant :EVENT

        module_function

        # @param record [Class]
        # @param lost [Array<Hash{Symbol => String}>] provider and model id of each
        # @return [void]
        def report(record, lost)
          lost.each do |default|
            text = message(model_class: record.name, **default)
            log(text, record)
            ::ActiveSupport::Notifications.instrument(EVENT, model_class: record.name, **default)
            next unless defined?(::Rails.error)

            ::Rails.error.report(LostDefault.new(text), handled: true, severity: :error, context: default)
          end
        end

        # A subscriber may have added more to the event's payload.
        #
        # @return [String]
        def message(model_class:, provider:, model_id:, **)
          "#{model_class}: the default #{provider}/#{model_id} is no longer available. Make another model the default"
        end

        # In Rails {LogSubscriber} writes where there is a logger.
        def log(text, record)
          return if defined?(Native::LogSubscriber) && Native.registry.logger

          logger = RubyLLM.config.logger || record.logger
          logger ? logger.error(text) : warn(text)
        end
        private_class_method :log
      end
    end
  end
end
