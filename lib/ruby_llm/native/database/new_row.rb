# frozen_string_literal: true

require "securerandom"
require_relative "../database"

module RubyLLM
  module Native
    module Database
      # What a new row needs beyond the columns that are written anyway: the class's defaults, its type when several
      # classes share the table, and a primary key if the database does not generate one.
      class NewRow
        # Bulk statements run no callbacks, so a primary key that the database does not generate is generated here.
        #
        # @param record [Class] an ActiveRecord class
        # @return [Hash{String => Object}] the key of a new row: the class's own default, or else a UUID; empty when the
        #   database generates it
        def self.primary_key(record)
          key = record.columns_hash.fetch(record.primary_key)
          own = record.new[key.name]
          return {key.name => own} unless own.nil?

          made_by_database = key.type == :integer || key.default || key.default_function
          made_by_database ? {} : {key.name => SecureRandom.uuid}
        end

        # @param column [ActiveRecord::ConnectionAdapters::Column]
        # @return [Boolean] whether the database computes it from other columns, so that no row can be given a value
        def self.computed?(column)
          column.respond_to?(:virtual?) && !!column.virtual?
        end

        # @param record [Class] an ActiveRecord class
        # @param written [Array<String>] the columns that are written anyway
        def initialize(record, written)
          @record = record
          @columns = record.columns.reject { |column| NewRow.computed?(column) }.map(&:name) - written
          first, second = Array.new(2) { values }
          @each = first != second # no two rows are alike, as with keys generated in Ruby
          @first = first
        end

        # @return [Array<String>]
        def columns
          @first.keys
        end

        # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
        # @return [Array<String>] the quoted values of one row, in the order of the columns
        def texts(connection)
          return texts_of(values, connection) if @each

          @texts ||= texts_of(@first, connection)
        end

        private

        def values
          {**NewRow.primary_key(@record), **@record.new.attributes.slice(*@columns).compact}
        end

        def texts_of(values, connection)
          columns.map { |name| connection.quote(@record.type_for_attribute(name).serialize(values[name])) }
        end
      end
    end
  end
end
