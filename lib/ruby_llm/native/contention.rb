# frozen_string_literal: true

module RubyLLM
  module Native
    # Goes on where a database says "not now": a deadlock, a wait for a lock that was too long, SQLite's one writer, a
    # dropped connection.
    module Contention
      # Seconds, for all attempts together.
      LIMIT = 10

      # How long to wait before the next attempt: longer each time, and never quite as long as another process does.
      PAUSES = [0.01, 0.02, 0.05, 0.1, 0.25].freeze

      # Seconds before each further attempt to reach a database again.
      RECONNECTS = [0.1, 1].freeze
      private_constant :PAUSES, :RECONNECTS

      module_function

      # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter]
      # @yield all of a transaction, or one statement outside of any; it is run anew from its beginning
      # @raise [ActiveRecord::ActiveRecordError] what the last attempt raised; inside a transaction of the caller's
      #   that is the first one
      def ride_out(connection)
        deadline = now + LIMIT
        attempt = 0
        begin
          yield
        rescue ::ActiveRecord::StatementInvalid => error
          raise if connection.transaction_open? || !passing?(error) || now > deadline

          sleep(PAUSES.fetch(attempt, PAUSES.last) * (0.5 + rand))
          attempt += 1
          retry
        end
      end

      # For one statement outside of any transaction that does no harm twice. ActiveRecord connects anew for the next
      # attempt.
      #
      # @yield it
      # @raise [ActiveRecord::ActiveRecordError] what the last attempt raised
      def reconnecting
        pauses = RECONNECTS.dup
        begin
          yield
        rescue ::ActiveRecord::ConnectionNotEstablished, ::ActiveRecord::ConnectionFailed
          raise if pauses.empty?

          sleep(pauses.shift)
          retry
        end
      end

      def passing?(error)
        case error
        when ::ActiveRecord::TransactionRollbackError, ::ActiveRecord::LockWaitTimeout then true
        else defined?(::SQLite3::BusyException) && error.cause.is_a?(::SQLite3::BusyException)
        end
      end

      # @return [Float] seconds of a clock that nobody sets
      def now
        Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
      private_class_method :passing?
    end
  end
end
