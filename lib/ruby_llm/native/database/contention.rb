# frozen_string_literal: true

require_relative "../database"

module RubyLLM
  module Native
    module Database
      # Retries when a database says "not now": a deadlock, a lock wait timeout, SQLite's single writer, a lost
      # connection.
      module Contention
        # Seconds for all attempts together.
        LIMIT = 10

        # Seconds before the next attempt: growing, and randomized so that two processes do not keep colliding.
        PAUSES = [0.01, 0.02, 0.05, 0.1, 0.25].freeze

        # Seconds before each further attempt to connect.
        RECONNECTS = [0.1, 1].freeze
        private_constant :PAUSES, :RECONNECTS

        module_function

        # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter]
        # @yield a whole transaction, or one statement outside a transaction; it is repeated from its beginning
        # @raise [ActiveRecord::ActiveRecordError] the error of the last attempt; inside a transaction of the caller's
        #   there is only one attempt
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

        # For one statement outside a transaction that may safely run twice. ActiveRecord reconnects for the next
        # attempt.
        #
        # @yield the statement
        # @raise [ActiveRecord::ActiveRecordError] the error of the last attempt
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

        # @return [Float] seconds of a monotonic clock
        def now
          Process.clock_gettime(Process::CLOCK_MONOTONIC)
        end
        private_class_method :passing?
      end
    end
  end
end
