# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # The instance methods of the table of models.
      module Record
        # The model as the registry knows it now.
        #
        # @return [Model, nil] nil when the registry does not know it
        # @example
        #   LLMModel.default_for(:chat).to_llm.context_window  # => 1047576
        def to_llm
          Native.registry[llm_column("model_id"), provider: llm_column("provider")]
        end

        # @return [Model] like {#to_llm}
        # @raise [RubyLLM::ModelNotFoundError] when the registry does not know it
        def to_llm!
          Native.registry.find(llm_column("model_id"), provider: llm_column("provider"))
        end

        # Make this the only default of its type. When several are made default at once, the last one wins.
        #
        # @param even_if_unavailable [Boolean] make it the default even though its provider does not offer it or has no
        #   credentials here
        # @return [self]
        # @raise [Error] when the table has no `is_default`, or the row is not available
        #   LLMModel.find_by!(provider: "openai", model_id: "gpt-4.1").make_default!
        def make_default!(even_if_unavailable: false)
          columns = self.class.llm_columns.in(self.class)
          column = columns["is_default"] or raise Error, "#{self.class.table_name} has no column is_default"
          key = self.class.primary_key
          same_type = self.class.unscoped.of_llm_type(llm_type)
          one_at_a_time do
            # Lock all rows of the type, in one order: there may be no default yet to wait for.
            same_type.order(key).lock.ids
            this = self.class.unscoped.where(key => id)
            refuse_unavailable unless even_if_unavailable || this.pick(columns["available"])
            set_default(same_type.where(column => true).where.not(key => id), column, false)
            set_default(this, column, true)
          end
          reload
        end

        # Whether a source says so. As in {Scopes}, models that read images or video also support `:vision` or `:video`.
        #
        # @param capability [Symbol, String]
        # @return [Boolean]
        # @raise [Error] when the table has no `metadata`
        # @example
        #   LLMModel.default_for(:chat).supports?(:vision)  # => true
        def supports?(capability)
          name = self.class.llm_columns.in(self.class)["metadata"]
          raise Error, "#{self.class.table_name} has no column for metadata" unless name

          stated = public_send(name)
          return false unless stated.is_a?(Hash)

          input = READ_AS_INPUT[capability.to_s]
          holds?(stated["capabilities"], capability.to_s) ||
            (!input.nil? && stated["modalities"].is_a?(Hash) && holds?(stated["modalities"]["input"], input))
        end

        private

        def holds?(list, name)
          list.is_a?(Array) && list.include?(name)
        end

        def refuse_unavailable
          name = "#{llm_column("provider")}/#{llm_column("model_id")}"
          raise Error, "#{name} is not available, so it cannot become the default. " \
            "To make it the default anyway: make_default!(even_if_unavailable: true)"
        end

        def set_default(rows, column, value)
          values = {column => value}
          if self.class.locking_enabled?
            values[self.class.locking_column] = self.class.connection_pool.with_connection do |connection|
              ::Arel.sql(Database::BulkWriter.next_version(self.class, connection))
            end
          end
          rows.update_all(values)
        end

        def one_at_a_time(&work)
          self.class.connection_pool.with_connection do |connection|
            Database::Contention.ride_out(connection) { self.class.transaction(&work) }
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
    end
  end
end
