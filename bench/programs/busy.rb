# frozen_string_literal: true

# Seconds that a refresh takes beside Ruby threads that never wait, and how fast these are meanwhile.

require_relative "refreshing"

# Ruby threads that do nothing but count, while the block runs. They begin and end together, since beside the others
# each would have to wait for its turn.
class Counters
  def initialize(number)
    @counts = Array.new(number, 0)
  end

  def run
    @running = true
    gate = Thread::Queue.new
    threads = Array.new(@counts.size) { |index| Thread.new { gate.pop || count(index) } }
    gate.close
    yield
  ensure
    @running = false
    threads.each(&:join)
  end

  # @return [Float] how far all of them count in a second, while the block runs
  def speed
    from = @counts.sum
    seconds = Program.seconds { yield }
    (@counts.sum - from) / seconds
  end

  private

  def count(index)
    @counts[index] += 1 while @running
  end
end

busy, stored, heard = Program::SETTINGS.values_at(:busy, :stored, :heard)
Refreshing.prepare(stored: stored)
Refreshing.refresh
Refreshing.forget
refresh = heard ? -> { Refreshing.refresh { |progress| progress } } : -> { Refreshing.refresh }
counters = Counters.new(busy)
idle = speed = time = nil
counters.run do
  idle = counters.speed { sleep(0.3) }
  speed = counters.speed { time = Program.seconds(&refresh) }
end
Program.tell({"time" => time, "share" => (speed / idle if busy.positive?)}.compact)
