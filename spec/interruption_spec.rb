# frozen_string_literal: true

require "timeout"
require_relative "support/program"
require_relative "support/refreshing"

# A refresh stops when its thread is told to, at once and without a trace; and only then.
RSpec.describe "a refresh that is interrupted" do
  include_context "with a server for all sources"

  def asked
    eventually { server.requests("openai").any? }
  end

  def run(text)
    @program = Program.new(server.url("openai"), text)
  end

  after { @program&.stop }

  describe "by its own process" do
    before do
      registry.refresh!(only: :anthropic)
      server.on("openai", stall)
    end

    let(:thread) { Thread.new { registry.refresh!(only: :openai) }.tap { |thread| thread.report_on_exception = false } }

    it "ends with its thread when that is killed" do
      thread
      asked

      expect(seconds { thread.kill.join }).to be < 10
    end

    it "ends when a timeout is over, and the timeout is what is raised" do
      took = seconds do
        expect { Timeout.timeout(0.2) { registry.refresh!(only: :openai) } }.to raise_error(Timeout::Error)
      end

      expect(took).to be < 10
    end

    it "ends with whatever another thread raises in it" do
      thread
      asked
      thread.raise(IOError, "stop that")

      expect(seconds { expect { thread.join }.to raise_error(IOError, "stop that") }).to be < 10
    end

    it "changes nothing: not the models, not the report" do
      before = [registry.view, registry.last_refresh]
      thread
      asked
      thread.kill.join

      expect([registry.view, registry.last_refresh]).to match([be(before[0]), be(before[1])])
    end

    it "leaves the registry usable" do
      thread
      asked
      thread.kill.join
      server.on("openai", json(fixture("openai/good")))
      registry.refresh!(only: :openai)

      expect(listed(:openai).size).to eq(12)
      expect(listed(:anthropic).size).to eq(6)
    end

    it "closes its connection: the server sees its client leave" do
      left = Thread::Queue.new
      server.on("openai", ReplayServer::Answer.new { |line| left << line.wait_for_client(10) })
      thread
      asked
      thread.kill.join

      expect(Timeout.timeout(5) { left.pop }).not_to be_nil
    end

    it "is not interrupted by the end of other threads or a collection of garbage" do
      server.on("openai", json(fixture("openai/good"), delay: 0.3))
      thread
      asked
      5.times { Thread.new { sleep }.kill.join }
      GC.start
      GC.compact if GC.respond_to?(:compact)

      expect(thread.value.listed.size).to eq(12 + 6)
    end
  end

  describe "from outside" do
    it "ends with Interrupt when another process sends SIGINT" do
      server.on("openai", stall)
      program = run(<<~'RUBY')
        begin
          registry.refresh!
        rescue Interrupt
          puts "interrupted, #{registry.size} models, #{registry.last_refresh.to_a.size} outcomes"
        end
      RUBY
      asked
      took = seconds do
        Process.kill(:INT, program.pid)
        expect(program.result).to eq("interrupted, 0 models, 0 outcomes\n")
      end

      expect(took).to be < 10
    end

    it "ends with the program when another process sends SIGTERM" do
      server.on("openai", stall)
      program = run("at_exit { puts 'gone' }\nregistry.refresh!")
      asked
      took = seconds do
        Process.kill(:TERM, program.pid)
        expect(program.result).to include("gone")
      end

      expect(took).to be < 10
    end

    it "goes on when a signal's handler returns" do
      server.on("openai", json(fixture("openai/good"), delay: 0.6))
      program = run(<<~'RUBY')
        handled = 0
        trap(:USR1) { handled += 1 }
        puts "ready"
        registry.refresh!
        puts "#{handled} handled, #{registry.last_refresh[:openai].status}, #{registry.size} models"
      RUBY
      asked
      3.times do
        Process.kill(:USR1, program.pid)
        sleep 0.1
      end

      expect(program.result).to eq("ready\n3 handled, refreshed, 12 models\n")
      expect(server.requests("openai").size).to eq(1)
    end
  end

  describe "again and again" do
    it "leaves no file open and no thread behind after fifty kills" do
      server.on("openai", stall)
      program = run(<<~RUBY)
        killed = lambda do
          thread = Thread.new { registry.refresh! }
          sleep 0.01 until thread.status == "sleep" || thread.status == false
          sleep 0.02
          thread.kill.join
        end
        count = -> { [Dir.children("/proc/self/fd").size, Dir.children("/proc/self/task").size, Thread.list.size] }
        3.times { killed.call }
        GC.start
        before = count.call
        50.times { killed.call }
        GC.start
        deadline = clock.call + 5 # the system's own threads may take a moment to end
        sleep 0.05 until count.call == before || clock.call > deadline
        puts [before, count.call].inspect
      RUBY
      before, after = JSON.parse(program.result)

      expect(after).to eq(before)
      expect(server.requests("openai").size).to be > 40
    end

    it "leaves no file open after fifty timeouts in the middle of an answer" do
      server.on("openai", stall(fixture("openai/good"), after_bytes: 500))
      program = run(<<~RUBY)
        require "timeout"
        timed_out = lambda do
          Timeout.timeout(0.05) { registry.refresh! }
        rescue Timeout::Error
          nil
        end
        count = -> { [Dir.children("/proc/self/fd").size, Thread.list.size] }
        3.times { timed_out.call }
        before = count.call
        50.times { timed_out.call }
        puts [before, count.call].inspect
      RUBY
      before, after = JSON.parse(program.result)

      expect(after.zip(before)).to all(satisfy("no more than before") { |now, earlier| now <= earlier })
    end
  end

  describe "or rather is not" do
    it "lets other threads run while it waits" do
      server.on("openai", json(fixture("openai/good"), delay: 1))
      ticks = 0
      ticking = Thread.new do
        loop do
          sleep 0.01
          ticks += 1
        end
      end
      registry.refresh!(only: :openai)
      ticking.kill.join

      expect(ticks).to be > 30
    end
  end
end
