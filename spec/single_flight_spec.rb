# frozen_string_literal: true

require "spec_helper"
require "timeout"

RSpec.describe RubyLLM::Native::SingleFlight do
  subject(:flight) { described_class.new }

  around { |example| Timeout.timeout(30, &example) }

  let(:begun) { Queue.new }
  let(:gate) { Queue.new }

  # A leader that tells one event, then waits for the gate.
  def leader(key = :plan, result: :led)
    Thread.new do
      Thread.current.report_on_exception = false
      flight.run(key) do |tell|
        tell.call(:event)
        begun << true
        gate.pop
        result
      end
    end.tap { begun.pop }
  end

  def asleep(thread)
    Thread.pass until thread.stop?
    thread
  end

  it "gives back what the work returns" do
    expect(flight.run(:plan) { 1 }).to eq(1)
  end

  it "lets an equal call have the leader's result" do
    first = leader
    second = asleep(Thread.new { flight.run(:plan) { raise "done twice" } })
    gate << true
    expect([first.value, second.value]).to eq(%i[led led])
  end

  it "tells a follower the events of the past too" do
    leader
    told = Queue.new
    second = Thread.new { flight.run(:plan, told.method(:<<)) { raise "done twice" } }
    expect(told.pop).to eq(:event)
    gate << true
    expect(second.value).to eq(:led)
  end

  it "lets other work wait its turn" do
    first = leader
    second = asleep(Thread.new { flight.run(:other) { :other } })
    expect(second).to be_alive
    gate << true
    expect([first.value, second.value]).to eq(%i[led other])
  end

  it "lets a follower take over when the leader is killed" do
    first = leader
    second = asleep(Thread.new { flight.run(:plan) { :taken_over } })
    first.kill
    expect(second.value).to eq(:taken_over)
  end

  it "lets a follower take over when the leader raises" do
    first = leader(result: nil)
    second = asleep(Thread.new { flight.run(:plan) { :taken_over } })
    first.raise(ArgumentError, "enough")
    expect(second.value).to eq(:taken_over)
    expect { first.value }.to raise_error(ArgumentError, "enough")
  end

  it "lets a follower leave by itself" do
    first = leader
    expect { Timeout.timeout(0.05) { flight.run(:plan) { :done_twice } } }.to raise_error(Timeout::Error)
    gate << true
    expect(first.value).to eq(:led)
  end

  it "raises when called from inside the work" do
    expect { flight.run(:plan) { flight.run(:plan) { 1 } } }.to raise_error(RubyLLM::Native::ReentrantRefresh)
  end

  it "raises when other work is asked for from inside a listener" do
    listener = ->(_) { flight.run(:other) { 1 } }
    expect { flight.run(:plan, listener) { |tell| tell.call(:event) } }
      .to raise_error(RubyLLM::Native::ReentrantRefresh)
  end

  it "raises when called from a fiber inside the work" do
    expect { flight.run(:plan) { Fiber.new { flight.run(:plan) { 1 } }.resume } }
      .to raise_error(RubyLLM::Native::ReentrantRefresh)
  end

  # Threads inherit a fiber's storage since Ruby 3.2; some gems define Fiber.[] before it, without that.
  it "raises when called from a thread that the work starts and waits for", if: RUBY_VERSION >= "3.2" do
    inner = proc {
      Thread.new {
        Thread.current.report_on_exception = false
        flight.run(:plan) { 1 }
      }.value
    }
    expect { flight.run(:plan, &inner) }.to raise_error(RubyLLM::Native::ReentrantRefresh)
  end

  it "is free again after any end" do
    expect { flight.run(:plan) { raise "broken" } }.to raise_error("broken")
    expect { flight.run(:plan) { flight.run(:plan) { 1 } } }.to raise_error(RubyLLM::Native::ReentrantRefresh)
    expect(flight.run(:plan) { :again }).to eq(:again)
  end

  it "is free in a fork, whatever the parent does", if: Process.respond_to?(:fork) do
    first = leader
    reader, writer = IO.pipe
    child = fork do
      writer.write(Timeout.timeout(20) { flight.run(:plan) { "child" } })
      writer.close
      exit!(0)
    end
    writer.close
    expect(reader.read).to eq("child")
    Process.wait(child)
    gate << true
    expect(first.value).to eq(:led)
  end
end
