# frozen_string_literal: true

require_relative "../database"

module RubyLLM
  module Native
    module Database
      # Tells a database's errors about the contents of a row from all others, such as a lost connection, a deadlock or
      # a missing privilege.
      module RowErrors
        CLASSES = %i[
          RecordNotUnique NotNullViolation InvalidForeignKey RangeError ValueTooLong CheckViolation ExclusionViolation
        ]
          .filter_map { |name| ::ActiveRecord.const_get(name) if ::ActiveRecord.const_defined?(name) }.freeze

        # The drivers' classes: PostgreSQL's for SQLSTATE 22, 23, 44, 54 and P0, and SQLite's.
        CAUSES = %w[
          PG::DataException PG::IntegrityConstraintViolation PG::WithCheckOptionViolation PG::ProgramLimitExceeded
          PG::PlpgsqlError
          SQLite3::ConstraintException SQLite3::MismatchException SQLite3::TooBigException SQLite3::RangeException
        ].freeze

        # Error numbers of MySQL and MariaDB: null, duplicate, row too large, out of range, truncated, charset, wrong
        # date, no default, wrong string, too long, foreign key, raised by a trigger, bad JSON, CHECK.
        NUMBERS = [
          1048, 1062, 1118, 1264, 1265, 1267, 1271, 1292, 1364, 1366, 1406, 1452, 1644, 1690, 3140, 3141, 3156, 3157,
          3819, 3988, 4025
        ].freeze
        private_constant :CLASSES, :CAUSES, :NUMBERS

        module_function

        # @param error [ActiveRecord::StatementInvalid]
        # @return [Boolean]
        def include?(error)
          return true if CLASSES.any? { |known| error.is_a?(known) }

          cause = error.cause
          cause.class.ancestors.any? { |known| CAUSES.include?(known.name) } || NUMBERS.include?(number(cause))
        end

        # @param error [StandardError]
        # @return [String] the database's reason, without the statement and the driver's name
        def reason(error)
          line = error.message.lines.first.to_s.scrub.strip
          line.sub(/\A(?:[A-Z]\w*(?:::\w+)*: )+/, "").sub(/\AERROR:\s+/, "")[0, 200]
        end

        def number(cause)
          %i[error_code error_number].each { |name| return cause.public_send(name) if cause.respond_to?(name) }
          nil
        end
        private_class_method :number
      end
    end
  end
end
