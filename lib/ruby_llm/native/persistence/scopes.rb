# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Capabilities that follow from an input, as in {View#supporting}.
      READ_AS_INPUT = {"vision" => "image", "video" => "video"}.freeze
      private_constant :READ_AS_INPUT

      # The scopes of a table of models.
      #
      # `available`, `unavailable` and `default`; `chat`, `embedding`, `image` and so on by type;
      # `for_provider(:openai)`; `supporting(:vision)`; `deprecated_models` and `retiring(within: 90.days)`, by the
      # dates that are stated. They chain like all scopes. A scope that the class has already defined itself is kept.
      #
      # @example
      #   LLMModel.available.chat.supporting(:vision, :function_calling).for_provider(:openai)
      module Scopes
        TYPES = %i[
          chat embedding image audio video transcription moderation rerank realtime ocr judgment completion
        ].freeze

        PREFERRED_LAST = 1_000 # after all known providers
        private_constant :TYPES, :PREFERRED_LAST

        # The default of that type, available or not.
        #
        # @param type [Symbol, String]
        # @return [ActiveRecord::Base, nil]
        # @example
        #   LLMModel.default_for(:chat)&.to_llm
        def default_for(type)
          default.of_llm_type(type).first
        end

        # The row with the lowest sum of standard input and output prices for text; rows without both prices are
        # ignored. When several are equal, the app's preferred provider wins, as in {View#cheapest}.
        #
        # @return [ActiveRecord::Base, nil]
        # @raise [Error] when the table has neither both price columns nor `metadata`
        # @example
        #   LLMModel.available.chat.supporting(:vision).cheapest&.model_id
        def cheapest
          sum = ::Arel.sql(Json.of(self).sum_of_prices)
          provider, id = Database::KEY.map { |ours| arel_table[llm_columns.name_of(ours)] }
          rank = ::Arel::Nodes::Case.new(provider)
          Preferences.of(RubyLLM.config).order.each_with_index { |slug, place| rank.when(slug).then(place) }
          where("#{sum} IS NOT NULL").reorder(sum, rank.else(PREFERRED_LAST), provider, id).first
        end

        private

        def define_llm_scopes
          columns = llm_columns
          own_scope(:available) { where(columns.name_of("available") => true) }
          own_scope(:unavailable) { where(columns.name_of("available") => [false, nil]) }
          own_scope(:default) { where(columns.name_of("is_default") => true) }
          own_scope(:for_provider) do |*providers|
            where(columns.name_of("provider") => providers.flatten.flat_map { |name| KnownEndpoints.spellings(name) })
          end
          own_scope(:of_llm_type) { |type| where(Json.of(klass).type_is(type.to_s)) }
          own_scope(:supporting) do |*names|
            names.flatten.inject(all) { |models, name| models.where(Json.of(klass).supports(name.to_s)) }
          end
          own_scope(:retiring) { |within:| where(Json.of(klass).ends_by(Time.now.utc + within)) }
          own_scope(:deprecated_models) { where(Json.of(klass).deprecated(Time.now.utc)) }
          TYPES.each { |type| own_scope(type) { of_llm_type(type) } }
        end

        def own_scope(name, &body)
          scope(name, body) unless respond_to?(name)
        end

        # Queries into `metadata`, in the dialect of the database.
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
            parts << holds("modalities.input", READ_AS_INPUT[name]) if READ_AS_INPUT.key?(name)
            "(#{parts.join(" OR ")})"
          end

          # Texts of dates are in the order of the dates, whatever their precision.
          #
          # @param time [Time]
          # @return [String]
          def ends_by(time)
            retires_at, status = %w[life_cycle.retires_at status].map { |path| text(path) }
            sql("(#{retires_at} <= ? AND COALESCE(#{status}, '') <> 'retired')", time.iso8601)
          end

          # @param time [Time]
          # @return [String]
          def deprecated(time)
            since = %w[deprecated_at retires_at].map { |name| sql("#{text("life_cycle.#{name}")} <= ?", time.iso8601) }
            status = text("status")
            "(COALESCE(#{status}, '') <> 'retired' AND (#{status} = 'deprecated' OR #{since.join(" OR ")}))"
          end

          # US dollars per million tokens of text, input and output, at the standard price; null when either is unknown.
          #
          # @return [String]
          def sum_of_prices
            "(#{%w[input output].map { |meter| price(meter) }.join(" + ")})"
          end

          private

          # The string at that path, or null.
          def text(path)
            case dialect
            when :postgresql then "(#{column} #>> '{#{path.tr(".", ",")}}')"
            when :sqlite then "json_extract(#{column}, '$.#{path}')"
            else "NULLIF(JSON_UNQUOTE(JSON_EXTRACT(#{column}, '$.#{path}')), 'null')"
            end
          end

          def price(meter)
            return quoted("#{meter}_price") if @columns.key?("#{meter}_price")

            path = "pricing.text_tokens.standard.#{meter}_per_million"
            case dialect
            when :postgresql then "(#{column} #>> '{#{path.tr(".", ",")}}')::numeric"
            when :sqlite then "json_extract(#{column}, '$.#{path}')"
            else "CAST(NULLIF(JSON_UNQUOTE(JSON_EXTRACT(#{column}, '$.#{path}')), 'null') AS DECIMAL(60, 20))"
            end
          end

          def holds(path, value)
            case dialect
            when :postgresql then contains(path.split(".").reverse.inject([value]) { |inner, key| {key => inner} })
            when :sqlite then sql("EXISTS (SELECT 1 FROM json_each(#{column}, '$.#{path}') WHERE value = ?)", value)
            else sql("JSON_CONTAINS(#{column}, ?, '$.#{path}')", JSON.generate(value))
            end
          end

          # Can use a GIN index on the column. A column of type json cannot have one, and is cast.
          def contains(document)
            plain = @record.columns_hash[@columns["metadata"]].sql_type == "jsonb"
            sql("#{column}#{"::jsonb" unless plain} @> ?::jsonb", JSON.generate(document))
          end

          def column
            raise Error, "#{@record.table_name} has no column for metadata" unless @columns.key?("metadata")

            quoted("metadata")
          end

          def quoted(ours)
            @record.connection_pool.with_connection do |connection|
              "#{@record.quoted_table_name}.#{connection.quote_column_name(@columns[ours])}"
            end
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
