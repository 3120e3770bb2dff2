# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Reports that models which the application had made its default are no longer available.
      module LostDefaults
        EVENT = "lost_default.ruby_llm_native"

        # @param record [Class]
        # @param lost [Array<Hash{Symbol => String}>] provider and model id of each
        def self.report(record, lost)
          lost.each do |default|
            name = default.values_at(:provider, :model_id).join("/")
            text = "#{record.name}: the default #{name} is no longer available. Make another model the default"
            logger = RubyLLM.config.logger || record.logger
            logger ? logger.error(text) : warn(text)
            ::ActiveSupport::Notifications.instrument(EVENT, model_class: record.name, **default)
            next unless defined?(::Rails.error)

            ::Rails.error.report(LostDefault.new(text), handled: true, severity: :error, context: default)
          end
        end
      end
    end
  end
end
