# frozen_string_literal: true

require "json"
require_relative "../batched_insert"
require_relative "../bisection"
require_relative "../storable_json"
require_relative "saved_rows"

module RubyLLM
  module Native
    module BesideRubyLLM
      # Writes entries to ruby_llm's table of models like ruby_llm, but with few statements: reads all rows with one,
      # inserts new ones in batches, updates those that differ, and leaves the others alone. ruby_llm reads and
      # validates each row by itself.
      #
      # The rows are the same afterwards. A row that the database refuses is left out and logged, and the others are
      # written. When the class has callbacks, validations or writers of the application's, this cannot be guaranteed,
      # and every row is left to ruby_llm.
      class Records
        # Rows per statement.
        SLICE = 500

        KEY = %w[provider model_id].freeze
        JSON_COLUMNS = %w[modalities capabilities pricing metadata].freeze
        COLUMNS = [
          *KEY, "name", "family", "model_created_at", "context_window", "max_output_tokens", "knowledge_cutoff",
          *JSON_COLUMNS
        ].freeze

        # Callbacks that Rails adds itself, for associations and for every class.
        RAILS_OWN = /\A(?:autosave_associated_records_for_|validate_associated_records_for_|
          \w+_save_collection_association\z|_ensure_no_duplicate_errors\z|normalize_changed_in_place_attributes\z|
          cant_modify_encrypted)/x
        CALLBACKS = %i[
          _validation_callbacks _validate_callbacks _save_callbacks _create_callbacks _update_callbacks
          _before_commit_callbacks _commit_callbacks _initialize_callbacks
        ].freeze

        # The types that Rails gives to columns by itself: not the application's, and none that encrypts or normalizes.
        TYPES = /\AActive(?:Model::Type|
          Record::(?:Type|ConnectionAdapters|AttributeMethods::TimeZoneConversion))::(?!Serialized)/x

        # Columns whose fact has another name in an entry.
        FACTS = {"model_id" => :id, "model_created_at" => :created_at}.freeze
        private_constant :FACTS, :KEY, :JSON_COLUMNS, :COLUMNS, :RAILS_OWN, :CALLBACKS, :TYPES

        # @param record [Class] ruby_llm's, or the application's that calls `acts_as_model`
        def initialize(record)
          @record = record
        end

        # @param models [Array] entries
        # @yieldparam kept [Array] the primary keys of their rows; called when the table has other rows
        # @return [Boolean] false: nothing was done, and this class's rows have to be written one by one
        # @raise [ActiveRecord::ActiveRecordError] the errors that ruby_llm would raise
        def save(models, &others)
          return false unless plain?

          saved = SavedRows.new(@record, @columns, models)
          @record.unscoped do
            @record.transaction do
              next true if saved.unchanged?
              next false unless models.all? { |model| valid?(model) }

              @bisection = Bisection.new(@record)
              @refused = false
              write(models, &others)
              saved.remember unless @refused
              true
            end
          end
        end

        private

        # ---- Whether this class's rows can be written here ----

        def plain?
          @columns = COLUMNS + (@record.column_names & %w[unlisted_at])
          return false unless (@columns - @record.column_names).empty? && !@record.locking_enabled?

          no_callbacks? && known_validators? && known_types? && own_writers.empty?
        end

        def known_types?
          types = @columns.to_h { |name| [name, @record.type_for_attribute(name)] }
          types.values.all? { |type| type.class.name.to_s.match?(TYPES) } &&
            types.values_at(*JSON_COLUMNS).all? { |type| %i[json jsonb].include?(type.type) }
        end

        def no_callbacks?
          CALLBACKS.all? { |chain| @record.public_send(chain).all? { |callback| harmless?(callback.filter) } }
        end

        def harmless?(filter)
          return filter.match?(RAILS_OWN) if filter.is_a?(Symbol)

          filter.is_a?(ActiveModel::Validator) || association_proc?(filter)
        end

        # `has_many` adds a callback that is a block.
        def association_proc?(filter)
          filter.is_a?(Proc) && filter.source_location&.first.to_s.include?("/active_record/")
        end

        # The validators that ruby_llm declares: the key, the name, and one row per model.
        def known_validators?
          @record.validators.all? do |validator|
            case validator.kind
            when :uniqueness then validator.attributes == [:model_id] && validator.options == {scope: :provider}
            when :presence then (validator.attributes.map(&:to_s) - KEY - ["name", *association_names]).empty?
            else false
            end
          end
        end

        def association_names
          @association_names ||= @record.reflect_on_all_associations.map { |association| association.name.to_s }
        end

        # Writers that Rails generates are in a module of their own, and need not be generated for this check.
        def own_writers
          owners = @record.ancestors.take_while { |owner| owner != ::ActiveRecord::Base }
            .grep_v(::ActiveRecord::AttributeMethods::GeneratedAttributeMethods)
          @columns.select do |name|
            writer = "#{name}="
            owners.any? { |owner| owner.method_defined?(writer, false) || owner.private_method_defined?(writer, false) }
          end
        end

        def valid?(model)
          [model.id, model.provider, model.name].none? { |text| text.to_s.strip.empty? }
        end

        # ---- Writing ----

        def write(models)
          rows = models.to_h { |model| [[model.provider, model.id], row_of(model)] }
          found = read
          update(rows, found)
          rows.except(*found.keys).values.each_slice(SLICE) { |slice| insert(slice) }
          gone = found.except(*rows.keys)
          return unless block_given? && gone.any?

          keys = @record.uncached { @record.pluck(@record.primary_key) }
          yield keys - gone.values.map(&:first)
        end

        # @return [Hash{Array => Array}] provider and id => the primary key and the columns
        def read
          rows = @record.uncached { @record.pluck(@record.primary_key, *@columns) }
          rows.to_h { |key, *values| [values.first(2), [key, @columns.zip(values).to_h]] }
        end

        # @return [Hash{String => Object}] column => value
        def row_of(model)
          facts = Entry.to_h(model)
          @columns.to_h { |column| [column, facts[FACTS.fetch(column, column.to_sym)]] }.merge(unlisting)
        end

        # Models in the registry are listed.
        def unlisting
          @columns.include?("unlisted_at") ? {"unlisted_at" => nil} : {}
        end

        def update(rows, found)
          changes = found.filter_map do |key, (id, row)|
            changed = rows[key]&.reject { |column, value| same?(column, row[column], value) }
            [key, id, changed] unless changed.nil? || changed.empty?
          end
          refusals = @bisection.call(changes) { |batch| batch.each { |_, id, changed| change(id, changed) } }
          refusals.each { |refusal| leave_out(refusal.row.first, refusal.error) }
        end

        def change(id, values)
          values = values.to_h do |column, value|
            [column, JSON_COLUMNS.include?(column) ? JSON.parse(json_of(value)) : value]
          end
          @record.where(@record.primary_key => id).update_all(**values, **stamps("updated_at", "updated_on"))
        end

        def same?(column, stored, value)
          stored == (JSON_COLUMNS.include?(column) ? JSON.parse(json_of(value)) : value)
        end

        # JSON that every database accepts. Infinity, which is how Ruby reads 1e999, becomes null, as in Rails.
        def json_of(value)
          StorableJson.of(JSON.generate(value))
        rescue JSON::GeneratorError
          StorableJson.of(::ActiveSupport::JSON.encode(value))
        end

        def leave_out(key, error)
          @refused = true
          @record.logger&.warn("#{@record.name}: left out #{key.join("/")}: #{RowErrors.reason(error)}")
        end

        def insert(rows)
          @bisection.call(rows) { |batch| insert_all(batch) }.each do |refusal|
            leave_out(refusal.row.values_at(*KEY), refusal.error)
          end
        end

        def insert_all(rows)
          connection = @record.connection
          BatchedInsert.call(@record, connection, [*@columns, *others.keys], rows) do |row|
            texts_of(row, connection).push(texts_of_others(connection))
          end
        end

        def texts_of(row, connection)
          row.map { |column, value| connection.quote(JSON_COLUMNS.include?(column) ? json_of(value) : value) }
        end

        def texts_of_others(connection)
          return @texts_of_others if @texts_of_others

          texts = others.map { |name, value| connection.quote(@record.type_for_attribute(name).serialize(value)) }
          text = texts.join(", ")
          @texts_of_others = text if @others # the same for all rows
          text
        end

        # What a new record of the class has beyond our columns, including its timestamps. When no two records are
        # alike, as with keys generated in Ruby, each row gets its own.
        def others
          return @others if @others

          stamps = stamps("created_at", "created_on", "updated_at", "updated_on")
          first, second = Array.new(2) { {**@record.new.attributes.except(*@columns).compact, **stamps} }
          @others = first if first == second
          first
        end

        def stamps(*names)
          @now ||= Time.now.utc
          (names & @record.column_names).to_h { |name| [name, @now] }
        end
      end
    end
  end
end
