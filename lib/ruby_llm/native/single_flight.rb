# frozen_string_literal: true

module RubyLLM
  module Native
    # Runs one piece of work at a time: equal work is joined, other work waits its turn.
    #
    # The first caller leads and works on its own thread. Callers with an equal key get its result and, with a listener,
    # its events, including past ones. When the leader does not finish (its thread is killed, its listener raises), the
    # others get none of its result: one of them becomes the leader, and events may repeat. A listener that raises in a
    # follower affects only that follower.
    #
    # @example
    #   flight.run(plan.key, progress) { |notify| fetch(plan, &notify) }
    #
    # @api private
    class SingleFlight
      # A piece of work in progress. Guarded by the lock of its SingleFlight.
      class Flight
        attr_reader :key, :thread, :fiber, :events
        attr_accessor :result

        def initialize(key)
          @key = key
          @thread = Thread.current
          @fiber = Fiber.current
          @events = []
          @over = false
        end

        def end
          @over = true
        end

        def over?
          @over
        end
      end
      private_constant :Flight

      # Inherited by fibers and threads started inside the work, where Ruby supports that (3.2).
      STORAGE = :ruby_llm_native_flight
      INHERITED = Fiber.respond_to?(:[])
      private_constant :STORAGE, :INHERITED

      def initialize
        @lock = Mutex.new
        @changed = ConditionVariable.new
        @flight = nil
        @pid = Process.pid
      end

      # @param key [Object] equal for equal work
      # @param listener [#call, nil] receives each event, on the calling thread
      # @yieldparam notify [Proc] to be called with each event; raises what the leader's listener raises
      # @yieldparam heard [Boolean] whether the leader has a listener; a follower's may come at any time
      # @return [Object] what the block returned, here or in the leader that was joined; never nil
      # @raise [ReentrantRefresh] when called from inside the work itself
      def run(key, listener = nil, &work)
        raise ReentrantRefresh if inside?

        begin
          result = nil
          until result
            result = board(key) do |flight, leads|
              leads ? lead(flight, listener, &work) : follow(flight, key, listener)
            end
          end
          result
        ensure
          land # also when an interrupt came before the work began
        end
      end

      private

      def board(key)
        yield(*@lock.synchronize { @flight ? [@flight, false] : [@flight = Flight.new(key), true] })
      end

      # Without a scheduler, a second fiber of the leader's thread would block that thread forever.
      def inside?
        flight = @lock.synchronize { current }
        return false unless flight

        flight.fiber.equal?(Fiber.current) || (INHERITED && Fiber[STORAGE].equal?(flight)) ||
          (flight.thread.equal?(Thread.current) && Fiber.current_scheduler.nil?)
      end

      # The flight in progress; after a fork the parent's does not count.
      def current
        @flight = nil unless @pid == Process.pid
        @pid = Process.pid
        @flight
      end

      def lead(flight, listener)
        outer = mark(flight)
        notify = lambda { |event|
          announce(flight, event)
          listener&.call(event)
        }
        flight.result = yield(notify, !listener.nil?)
      ensure
        mark(outer)
      end

      def mark(flight)
        return unless INHERITED

        Fiber[STORAGE].tap { Fiber[STORAGE] = flight }
      end

      def announce(flight, event)
        @lock.synchronize do
          flight.events << event
          @changed.broadcast
        end
      end

      def land
        @lock.synchronize do
          next unless @flight&.fiber.equal?(Fiber.current)

          @flight.end
          @flight = nil
          @changed.broadcast
        end
      end

      # @return [Object, nil] the flight's result, if it has the same key and finished
      def follow(flight, key, listener)
        joined = flight.key == key
        seen = 0
        loop do
          news, over = @lock.synchronize do
            @changed.wait(@lock) until flight.over? || (joined && listener && flight.events.size > seen)
            [flight.events.drop(seen), flight.over?]
          end
          news.each { |event| listener.call(event) } if joined && listener
          seen += news.size
          return (flight.result if joined) if over
        end
      end
    end
  end
end
