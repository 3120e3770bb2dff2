# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # A sync that one process makes while the others wait for it: under the lease of the store, if the store has one.
      #
      # A waiting process polls the lease's row and holds no connection meanwhile. When the holder has finished the same
      # work, its result is loaded from the store. When it failed or its lease expired, one of the waiting processes
      # does the work.
      #
      # @api private
      class SharedSync
        # Seconds that the lease lasts longer than the refresh, for the database.
        GRACE = 30
        FIRST_LOOK = 0.05
        LAST_LOOK = 1.0

        # Seconds for which a process that does not wait keeps looking at a locked row without a lease: another process
        # may be taking it.
        GLANCE = 0.5
        private_constant :FIRST_LOOK, :LAST_LOOK, :GLANCE

        # @param configuration [Configuration]
        # @param work [String] equal for processes that would do the same
        # @param skip_if_running [Boolean] do not wait for a process that does the same
        # @param timeout [Numeric, nil] seconds for the refresh; nil: as configured
        def initialize(configuration, work, skip_if_running: false, timeout: nil)
          @configuration = configuration
          @store = store_of(configuration)
          @work = work
          @skip = skip_if_running
          @seconds = Float(timeout || configuration.refresh_timeout) + GRACE
          @pause = FIRST_LOOK
          @locked_at = @first = nil
        end

        # @yieldparam guard [Proc] to be called first in the transaction that writes; raises {LeaseLost}
        # @return [SyncResult] what the block returns, or one that is joined? or skipped?
        # @raise [ActiveRecord::LockWaitTimeout] when another transaction locks the lease's row longer than a lease
        #   lasts
        def call(&work)
          return yield(-> {}) unless @store
          return SyncResult.new(:skipped) if @skip && running?(@store.lease)

          until (attempt = @store.attempt(@seconds, @work)).token
            return SyncResult.new(:skipped) if @skip && in_the_way?(attempt)
            return join if other_finished?(attempt)
          end
          lead(attempt.token, &work)
        end

        private

        # A store without a lease, or without its table, coordinates nothing.
        def store_of(configuration)
          store = configuration.catalog_store
          store if store.respond_to?(:attempt) && store.table_exists?
        end

        # @return [Float] seconds since the row was first seen locked
        def locked_for(locked)
          @locked_at = locked ? @locked_at || Database::Contention.now : nil
          @locked_at ? Database::Contention.now - @locked_at : 0.0
        end

        # Each is longer than the one before.
        def pause
          sleep(@pause)
          @pause = [@pause * 1.5, LAST_LOOK].min
        end

        # When clocks disagree, the lease cannot tell: only waiting can.
        def running?(lease)
          lease&.held? && !lease.doubtful? && lease.for?(@work)
        end

        # Whether a process that does not wait gives up: the same work is being done, possibly by a holder whose lease
        # has expired, or a transaction that is not a sync locks the row.
        def in_the_way?(attempt)
          lease = attempt.lease
          locked_for = locked_for(attempt.locked)
          return running?(lease) unless attempt.locked
          return lease.for?(@work) if lease&.until

          locked_for > GLANCE
        end

        def lead(token)
          finished = false
          result = @store.hold(token) { yield -> { @store.extend_lease(token, GRACE) } }
          finished = Native.registry.stored?
          result
        ensure
          give_back(token, finished)
        end

        # An error here must not hide the result or the reason of a failure. The lease then ends when it expires.
        def give_back(token, finished)
          @store.release(token, finished: finished)
        rescue ::ActiveRecord::ActiveRecordError => error
          cause = error.message.lines.first&.chomp
          text = "The lease of #{@store.description} could not be released, and ends when it expires: #{cause}"
          @configuration.logger ? @configuration.logger.warn(text) : warn(text)
        end

        # Waits as long as another process holds the lease; when nobody does and the row is locked, for a moment.
        #
        # @return [Boolean] false when the lease should be requested again
        def other_finished?(attempt)
          give_up if locked_for(attempt.locked) > @seconds
          lease = attempt.lease
          @first ||= lease
          loop do
            pause
            token = lease&.token
            lease = @store.lease
            break unless lease&.held? && lease.token == token

            @locked_at = nil # this is no longer the time of one transaction
          end
          finished?(lease)
        end

        # Whether that lease was released, and its token remains, which says that the work was finished; not the one
        # that had been finished when this process first asked.
        def finished?(lease)
          !lease.nil? && lease.until.nil? && lease.for?(@work) && (lease.token != @first&.token || !@first.until.nil?)
        end

        def give_up
          raise ::ActiveRecord::LockWaitTimeout,
            "#{@store.description} has been locked by another transaction for more than #{@seconds.round} s. " \
            "No source was asked"
        end

        def join
          Native.registry.catch_up(force: true)
          SyncResult.new(:joined)
        end
      end
      private_constant :SharedSync
    end
  end
end
