# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # A sync that one process of all makes while the others wait for it: under the lease of the store, if the store has one.
      #
      # Who waits looks at the lease's row and holds no connection meanwhile. When the holder says that it has finished, its work is taken
      # over as it is stored, if it is the same; when it failed, or its time has passed, one of those who wait does the work.
      class SharedSync
        # Seconds beyond the refresh that the lease lasts: for the database.
        SPARE = 30
        FIRST_LOOK = 0.05
        LAST_LOOK = 1.0
        private_constant :FIRST_LOOK, :LAST_LOOK

        # @param configuration [Configuration]
        # @param work [String] the same for all who would do the same
        # @param skip_if_running [Boolean] do not wait for who does the same
        # @param timeout [Numeric, nil] seconds for the refresh; nil: as configured
        def initialize(configuration, work, skip_if_running: false, timeout: nil)
          @configuration = configuration
          @store = store_of(configuration)
          @work = work
          @skip = skip_if_running
          @seconds = Float(timeout || configuration.refresh_timeout) + SPARE
        end

        # @yieldparam guard [Proc] to be called first in the transaction that writes; raises {LeaseLost}
        # @return [SyncResult] what the block returns, or one that is joined? or skipped?
        def call(&work)
          return yield(-> {}) unless @store

          until (token = @store.claim(@seconds, @work))
            return SyncResult.new(:skipped) if @skip && @store.lease&.of?(@work)
            return join if other_finished?
          end
          lead(token, &work)
        end

        private

        # A store without a lease, or whose table is not there yet, coordinates nobody.
        def store_of(configuration)
          store = configuration.catalog_store
          store if store.respond_to?(:claim) && store.there?
        end

        def lead(token)
          finished = false
          result = @store.hold(token) { yield -> { @store.extend_lease(token, SPARE) } }
          finished = true
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

        # @return [Boolean] false when it is to be tried by whoever comes first
        def other_finished?
          pause = FIRST_LOOK
          while (lease = @store.lease)&.held?
            sleep(pause)
            pause = [pause * 1.5, LAST_LOOK].min
          end
          # Without a time it was given back, and a token that was left says that the work is done: since we asked for the lease in vain.
          !lease.nil? && lease.until.nil? && lease.of?(@work)
        end

        def join
          Native.registry.catch_up(force: true)
          SyncResult.new(:joined)
        end
      end
    end
  end
end
