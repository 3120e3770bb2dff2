# frozen_string_literal: true

# Counts how often a thread gives the interpreter's lock to another one that is busy. For each time it waits for the
# lock until that one's turn is over, some 100 ms.
#
# Since Ruby 3.2 every release counts. Before, a thread may be back before the busy one has woken up.
module Handovers
  # @return [Integer] the fewest of three times, because a thread that works for 100 ms has to let the other one run
  def handovers(before = -> {}, &work)
    numbers = Array.new(3) do
      before.call
      beside_busy(&work)
    end
    numbers.min
  end

  private

  # The busy thread takes note when it runs and the other one has gone on since it last did.
  def beside_busy(&work)
    steps = turns = 0
    running = true
    busy = Thread.new do
      seen = nil
      while running
        next if seen == steps

        turns += 1
        seen = steps
      end
    end
    Thread.pass while turns.zero?
    stepping = TracePoint.new(:call, :c_call, :c_return) { steps += 1 }
    before = turns
    stepping.enable(target_thread: Thread.current, &work)
    turns - before
  ensure
    running = false
    busy.join
  end
end
