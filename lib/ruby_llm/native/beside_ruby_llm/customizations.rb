# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What an application may have added to ruby_llm's class of models. A bulk statement would pass it by, so the rows
      # of such a class are left to ruby_llm.
      class Customizations
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
        private_constant :RAILS_OWN, :CALLBACKS, :TYPES

        # @param record [Class]
        # @param columns [Array<String>] that are to be written
        # @param json [Array<String>] those of them that are to hold JSON
        def initialize(record, columns, json)
          @record = record
          @columns = columns
          @json = json
        end

        # @return [Boolean] whether the table and the class are as ruby_llm makes them
        def none?
          (@columns - @record.column_names).empty? && !@record.locking_enabled? && no_callbacks? && known_validators? &&
            known_types? && own_writers.empty?
        end

        private

        def no_callbacks?
          CALLBACKS.all? { |chain| @record.public_send(chain).all? { |callback| harmless?(callback.filter) } }
        end

        def harmless?(filter)
          case filter
          when Symbol then filter.match?(RAILS_OWN)
          when Proc then filter.source_location&.first.to_s.include?("/active_record/") # such as that of `has_many`
          else filter.is_a?(ActiveModel::Validator)
          end
        end

        # The validators that ruby_llm declares: the key, the name, and one row per model.
        def known_validators?
          needed = [*Database::KEY, "name", *@record.reflect_on_all_associations.map { |each| each.name.to_s }]
          @record.validators.all? do |validator|
            case validator.kind
            when :uniqueness then validator.attributes == [:model_id] && validator.options == {scope: :provider}
            when :presence then (validator.attributes.map(&:to_s) - needed).empty?
            else false
            end
          end
        end

        def known_types?
          types = @columns.to_h { |name| [name, @record.type_for_attribute(name)] }
          types.values.all? { |type| type.class.name.to_s.match?(TYPES) } &&
            types.values_at(*@json).all? { |type| %i[json jsonb].include?(type.type) }
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
      end
      private_constant :Customizations
    end
  end
end
