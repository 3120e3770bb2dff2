# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # A sync that one process of all makes while the others wait for it: under the lease of the store, if the store
      # has one.
      #
      # Who waits looks at the lease's row and holds no connection meanwhile. When the holder says that it has
      # finished, its work is taken over as it is stored, if it is the same; when it failed, or its time has passed,
      # one of those who wait does the work.
      class SharedSync
        # Seconds beyond the refresh that the lease lasts: for the database.
        GRACE = 30
        FIRST_LOOK = 0.05
        LAST_LOOK = 1.0

        # Seconds for which a locked row that nobody holds a lease of is looked at again by who would not wait: others
        # may just be taking it.
        GLANCE = 0.5
        private_constant :FIRST_LOOK, :LAST_LOOK, :GLANCE

        # @param configuration [Configuration]
        # @param work [String] the same for all who would do the same
        # @param skip_if_running [Boolean] do not wait for who does the same
        # @param timeout [Numeric, nil] seconds for the refresh; nil: as configured
        def initialize(configuration, work, skip_if_running: false, timeout: nil)
          @configuration = configuration
          @store = store_of(configuration)
          @work = work
          @skip = skip_if_running
          @seconds = Float(timeout || configuration.refresh_timeout) + GRACE
        end

        # @yieldparam guard [Proc] to be called first in the transaction that writes; raises {LeaseLost}
        # @return [SyncResult] what the block returns, or one that is joined? or skipped?
        # @raise [ActiveRecord::LockWaitTimeout] when another transaction locks the lease's row for longer than any
        #   lease lasts
        def call(&work)
          return yield(-> {}) unless @store
          return SyncResult.new(:skipped) if @skip && running?(@store.lease)

          pauses = Pauses.new
          until (attempt = @store.attempt(@seconds, @work)).token
            return SyncResult.new(:skipped) if @skip && in_the_way?(attempt, pauses)
            return join if other_finished?(attempt, pauses)
          end
          lead(attempt.token, &work)
        end

        private

        # Longer and longer ones, and for how long a row has been locked.
        class Pauses
          def initialize
            @next = FIRST_LOOK
            @locked_at = nil
          end

          def take
            sleep(@next)
            @next = [@next * 1.5, LAST_LOOK].min
          end

          # @return [Float] seconds since the row was first seen locked
          def locked_for(locked)
            @locked_at = locked ? @locked_at || Contention.now : nil
            @locked_at ? Contention.now - @locked_at : 0.0
          end
        end
        private_constant :Pauses

        # A store without a lease, or whose table is not there yet, coordinates nobody.
        def store_of(configuration)
          store = configuration.catalog_store
          store if store.respond_to?(:attempt) && store.there?
        end

        # Where somebody's clock is wrong only waiting tells.
        def running?(lease)
          lease&.held? && !lease.doubtful? && lease.of?(@work)
        end

        # Whether one who does not wait ends here: the same is being done, also by a holder whose time has passed and
        # who still writes, or the row is locked by nobody of ours.
        def in_the_way?(attempt, pauses)
          lease = attempt.lease
          locked_for = pauses.locked_for(attempt.locked)
          return running?(lease) unless attempt.locked
          return lease.of?(@work) if lease&.until

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

        # What was done, or why it failed, is not to be lost with the connection; the lease then ends with its time.
        def give_back(token, finished)
          @store.release(token, finished: finished)
        rescue ::ActiveRecord::ActiveRecordError => error
          text = "The lease of #{@store.description} ends with its time, it could not be given back: #{error.message.lines.first&.chomp}"
          @configuration.logger ? @configuration.logger.warn(text) : warn(text)
        end

        # Waits as long as the lease that stands in the way is held, or, where the row is locked, for a moment.
        #
        # @return [Boolean] false when it is to be tried by whoever comes first
        def other_finished?(attempt, pauses)
          give_up if pauses.locked_for(attempt.locked) > @seconds
          lease = attempt.lease
          loop do
            pauses.take
            return false if attempt.locked

            token = lease&.token
            lease = @store.lease
            break unless lease&.held? && lease.token == token
          end
          # Without a time it was given back, and a token that was left says that the work is done: since we asked for
          # the lease in vain.
          !lease.nil? && lease.until.nil? && lease.of?(@work)
        end

        def give_up
          raise ::ActiveRecord::LockWaitTimeout,
            "#{@store.description} has been locked by another transaction for more than #{@seconds.round} s. Nobody was asked"
        end

        def join
          Native.registry.catch_up(force: true)
          SyncResult.new(:joined)
        end
      end
    end
  end
end
