# frozen_string_literal: true

module RubyLLM
  module Native
    module Testing
      # Stubs and models belong to the process, so tests in parallel threads take turns.
      #
      # A turn belongs to a thread, and may be taken again within itself. When its thread dies, the turn is over.
      #
      # @example
      #   turns.take
      #   run_the_test
      #   turns.give_back
      #
      # @api private
      class Turns
        # Seconds between checks whether the thread whose turn it is has died.
        LOOK = 0.5
        private_constant :LOOK

        def initialize
          @lock = Mutex.new
          @free = ConditionVariable.new
          @owner = nil
          @depth = 0
        end

        # @return [void]
        def take
          @lock.synchronize do
            @free.wait(@lock, LOOK) until mine? || free?
            @depth = 0 unless mine?
            @owner = Thread.current
            @depth += 1
          end
        end

        # @return [void]
        def give_back
          @lock.synchronize do
            next unless mine? && (@depth -= 1).zero?

            @owner = nil
            @free.signal
          end
        end

        private

        def mine?
          @owner.equal?(Thread.current)
        end

        def free?
          @owner.nil? || !@owner.alive?
        end
      end
    end
  end
end
