# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The methods of a row of the table of models.
      module Record
        # The model as the registry knows it now.
        #
        # @return [Model, nil] nil when the registry does not know it
        # @example
        #   LLMModel.default_for(:chat).to_llm.context_window  # => 1047576
        def to_llm
          Native.registry[llm_column("model_id"), provider: llm_column("provider")]
        end

        # @return [Model]
        # @raise [RubyLLM::ModelNotFoundError] when the registry does not know it
        def to_llm!
          Native.registry.find(llm_column("model_id"), provider: llm_column("provider"))
        end

        # Make this the default of its type, and no other: also when others are made default at the same time, of which the last one stays.
        #
        # @return [self]
        # @raise [Error] when the table has no `is_default`
        # @example
        #   LLMModel.find_by!(model_id: "gpt-4.1").make_default!
        def make_default!
          column = self.class.llm_columns.in(self.class)["is_default"] or raise Error, "#{self.class.table_name} has no column is_default"
          key = self.class.primary_key
          kin = self.class.unscoped.of_llm_type(llm_type)
          one_at_a_time do
            kin.order(key).lock.ids # all of them, and in one order: there may be no default yet on which two could wait for each other
            kin.where(column => true).where.not(key => id).update_all(column => false)
            self.class.unscoped.where(key => id).update_all(column => true)
          end
          reload
        end

        private

        def one_at_a_time(&work)
          self.class.connection_pool.with_connection do |connection|
            Contention.ride_out(connection) { self.class.transaction(&work) }
          end
        end

        def llm_column(ours)
          public_send(self.class.llm_columns.name_of(ours))
        end

        def llm_type
          columns = self.class.llm_columns.in(self.class)
          columns.key?("model_type") ? llm_column("model_type") : (llm_column("metadata") || {})["type"]
        end
      end

      # Says aloud that models which the application had made its default are no longer available.
      module LostDefaults
        EVENT = "lost_default.ruby_llm_native"

        # @param record [Class]
        # @param lost [Array<Hash{Symbol => String}>] provider and model id of each
        def self.tell(record, lost)
          lost.each do |default|
            text = "#{record.name}: the default #{default.values_at(:provider, :model_id).join("/")} is no longer available. Make another the default"
            logger = RubyLLM.config.logger || record.logger
            logger ? logger.error(text) : warn(text)
            ::ActiveSupport::Notifications.instrument(EVENT, model_class: record.name, **default)
            ::Rails.error.report(LostDefault.new(text), handled: true, severity: :error, context: default) if defined?(::Rails.error)
          end
        end
      end
    end
  end
end
