# frozen_string_literal: true

require_relative "row_errors"

module RubyLLM
  module Native
    # Writes many rows with few statements, so that a row that the database refuses affects no other: a batch that fails
    # is halved until the refused rows are alone. Every attempt has a savepoint, so that a failed one leaves nothing
    # behind and the transaction goes on.
    class Bisection
      # Statements that may fail in one run. A table that refuses more does not fit the rows: what is left of a failing
      # batch is then refused as a whole.
      FAILURES = 4_000

      # A row that the database refused, and its error.
      Refusal = Struct.new(:row, :error)

      # @param record [Class] an ActiveRecord class; a transaction of its connection is open
      # @param failures [Integer]
      def initialize(record, failures: FAILURES)
        @record = record
        @failures = failures
      end

      # @param rows [Array<Object>]
      # @yieldparam batch [Array<Object>] some of them, to be written by this block
      # @return [Array<Refusal>]
      # @raise [ActiveRecord::ActiveRecordError] an error that is not about a row
      def call(rows, &write)
        return [] if rows.empty?

        error = failure { write.call(rows) } or return []
        return rows.map { |row| Refusal.new(row, error) } if rows.size == 1 || @failures <= 0

        rows.each_slice((rows.size + 1) / 2).flat_map { |half| call(half, &write) }
      end

      # @yield writes all or nothing
      # @return [ActiveRecord::StatementInvalid, nil] why it failed; nil when it succeeded
      # @raise [ActiveRecord::ActiveRecordError] an error that is not about a row
      def failure(&write)
        @record.transaction(requires_new: true, &write)
        nil
      rescue ::ActiveRecord::StatementInvalid => error
        raise unless RowErrors.include?(error)

        @failures -= 1
        error
      end

      # @yield is only tried: nothing of it remains
      # @return [Boolean] whether the database would accept it
      # @raise [ActiveRecord::ActiveRecordError] an error that is not about a row
      def possible?
        return false if @failures <= 0

        failure do
          yield
          raise ::ActiveRecord::Rollback
        end.nil?
      end
    end
    private_constant :Bisection
  end
end
