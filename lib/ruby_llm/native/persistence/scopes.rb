# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # What a table of models can be asked for.
      #
      # `available`, `unavailable` and `default`; `chat`, `embedding`, `image` and so on by type; `for_provider(:openai)`; `supporting(:vision)`. They
      # chain like all scopes. One that the class has defined itself before stays its own.
      #
      # @example
      #   LLMModel.available.chat.supporting(:vision, :function_calling).for_provider(:openai)
      module Scopes
        TYPES = %i[chat embedding image audio video transcription moderation rerank realtime ocr judgment].freeze

        # Also supported by who reads that, as by {View#supporting}.
        INPUTS = {"vision" => "image", "video" => "video"}.freeze

        # The default of that type, available or not.
        #
        # @param type [Symbol, String]
        # @return [ActiveRecord::Base, nil]
        # @example
        #   LLMModel.default_for(:chat)&.to_llm
        def default_for(type)
          default.of_llm_type(type).first
        end

        private

        def define_llm_scopes
          columns = llm_columns
          own_scope(:available) { where(columns.name_of("available") => true) }
          own_scope(:unavailable) { where(columns.name_of("available") => [false, nil]) }
          own_scope(:default) { where(columns.name_of("is_default") => true) }
          own_scope(:for_provider) { |*providers| where(columns.name_of("provider") => providers.flatten.map(&:to_s)) }
          own_scope(:of_llm_type) { |type| where(Json.of(klass).type_is(type.to_s)) }
          own_scope(:supporting) { |*names| names.flatten.inject(all) { |models, name| models.where(Json.of(klass).supports(name.to_s)) } }
          TYPES.each { |type| own_scope(type) { of_llm_type(type) } }
        end

        def own_scope(name, &body)
          scope(name, body) unless respond_to?(name)
        end

        # Questions about `metadata`, in the words of the database.
        class Json
          # @param record [Class]
          # @return [Json]
          def self.of(record)
            new(record, record.llm_columns.in(record))
          end

          def initialize(record, columns)
            @record = record
            @columns = columns
          end

          # @return [Arel::Nodes::Node, String]
          def type_is(type)
            return @record.arel_table[@columns["model_type"]].eq(type) if @columns.key?("model_type")

            case dialect
            when :postgresql then contains("type" => type)
            when :sqlite then sql("json_extract(#{column}, '$.type') = ?", type)
            else sql("JSON_UNQUOTE(JSON_EXTRACT(#{column}, '$.type')) = ?", type)
            end
          end

          # @return [String]
          def supports(name)
            parts = [holds("capabilities", name)]
            parts << holds("modalities.input", INPUTS[name]) if INPUTS.key?(name)
            "(#{parts.join(" OR ")})"
          end

          private

          def holds(path, value)
            case dialect
            when :postgresql then contains(path.split(".").reverse.inject([value]) { |inner, key| {key => inner} })
            when :sqlite then sql("EXISTS (SELECT 1 FROM json_each(#{column}, '$.#{path}') WHERE value = ?)", value)
            else sql("JSON_CONTAINS(#{column}, ?, '$.#{path}')", JSON.generate(value))
            end
          end

          # What a GIN index on the column serves. A column of type json has none and is cast.
          def contains(document)
            plain = @record.columns_hash[@columns["metadata"]].sql_type == "jsonb"
            sql("#{column}#{"::jsonb" unless plain} @> ?::jsonb", JSON.generate(document))
          end

          def column
            name = @columns["metadata"] or raise Error, "#{@record.table_name} has no column for metadata"
            @record.connection_pool.with_connection { |connection| "#{@record.quoted_table_name}.#{connection.quote_column_name(name)}" }
          end

          def dialect
            case @record.connection_db_config.adapter
            when /postg/i then :postgresql
            when /sqlite/i then :sqlite
            else :mysql
            end
          end

          def sql(text, value)
            @record.sanitize_sql_array([text, value])
          end
        end
        private_constant :Json
      end
    end
  end
end
