# frozen_string_literal: true

require "async"
require_relative "support/refreshing"

# Many callers, one refresh: threads, fibers and forks.
RSpec.describe "a refresh that is asked for from many sides" do
  include_context "with a server for all sources"

  def in_thread(&block)
    Thread.new(&block).tap { |thread| thread.report_on_exception = false }
  end

  # Wait until that thread waits for something.
  def asleep(thread)
    eventually { thread.status == "sleep" }
    thread
  end

  # Answers as the fixtures do, but each source only when the gate opens.
  def gate(*sources)
    gate = Thread::Queue.new
    sources.each do |source|
      server.on(source, lambda do |_request|
        gate.pop
        json(fixture("#{source}/good"))
      end)
    end
    gate
  end

  describe "by threads" do
    it "makes one request a source for two callers with the same plan" do
      gate = gate("openai", "mistral")
      callers = Array.new(2) { in_thread { registry.refresh!(only: %i[openai mistral]) } }
      eventually { server.requests("openai").any? && server.requests("mistral").any? }
      callers.each { |thread| asleep(thread) }
      gate.close

      expect(callers.map(&:value)).to eq([registry, registry])
      expect([server.requests("openai").size, server.requests("mistral").size]).to eq([1, 1])
    end

    it "tells every caller's block of every source" do
      gate = gate("openai", "mistral")
      heard = Array.new(3) { [] }
      leader = in_thread do
        registry.refresh!(only: %i[openai mistral]) { |event| heard[0] << [event.source, Thread.current] }
      end
      eventually { server.requests("openai").any? }
      followers = [1, 2].map do |number|
        in_thread do
          registry.refresh!(only: %i[openai mistral]) { |event| heard[number] << [event.source, Thread.current] }
        end
      end
      followers.each { |thread| asleep(thread) }
      gate.close
      threads = [leader, *followers].each(&:value)

      heard.zip(threads) { |events, thread| expect(events).to contain_exactly([:openai, thread], [:mistral, thread]) }
      expect(server.requests("openai").size).to eq(1)
    end

    it "tells the block of a caller that joined one without a block" do
      gate = gate("openai")
      first = in_thread { registry.refresh!(only: %i[openai xai]) }
      eventually { server.requests("openai").any? }
      told = []
      second = asleep(in_thread { registry.refresh!(only: %i[openai xai]) { |event| told << event.source } })
      gate.close
      [first, second].each(&:value)

      expect(told).to match_array(%i[openai xai])
      expect(server.requests("openai").size).to eq(1)
    end

    it "raises the same error to all who joined" do
      gate = Thread::Queue.new
      server.on("openai", lambda do |_request|
        gate.pop
        status(401)
      end)
      callers = Array.new(2) do
        in_thread do
          registry.refresh!(only: :openai)
        rescue RubyLLM::Native::RefreshError => error
          error.report
        end
      end
      eventually { server.requests("openai").any? }
      callers.each { |thread| asleep(thread) }
      gate.close

      expect(callers.map(&:value)).to eq([registry.last_refresh, registry.last_refresh])
      expect(server.requests("openai").size).to eq(1)
    end

    it "lets one with another plan wait for its turn" do
      gate = gate("openai")
      first = in_thread { registry.refresh!(only: :openai) }
      eventually { server.requests("openai").any? }
      second = asleep(in_thread { registry.refresh!(only: :mistral) })

      expect(server.requests("mistral")).to be_empty
      gate.close
      [first, second].each(&:value)
      expect(server.requests("mistral").size).to eq(1)
      expect(registry.listed.map(&:provider).uniq).to contain_exactly("openai", "mistral")
    end

    it "asks again with another key instead of joining a call with the old one" do
      gate = gate("openai")
      first = in_thread { registry.refresh!(only: :openai) }
      eventually { server.requests("openai").any? }
      config.openai_api_key = "another-key"
      second = asleep(in_thread { registry.refresh!(only: :openai) })
      gate.close
      [first, second].each(&:value)

      expect(server.requests("openai").map { |request| request.headers["authorization"] }).to eq(
        ["Bearer key-of-openai-1b5e55ed0ddba11", "Bearer another-key"]
      )
    end

    it "goes on with another caller when the first is killed" do
      server.on("openai", [stall, json(fixture("openai/good"))])
      leader = in_thread { registry.refresh!(only: :openai) }
      eventually { server.requests("openai").any? }
      joiner = asleep(in_thread { registry.refresh!(only: :openai) })
      leader.kill.join

      expect(joiner.value.size).to eq(12)
      expect(server.requests("openai").size).to eq(2)
    end

    it "goes on with another caller when the first one's block raises" do
      server.on("openai", [json(fixture("openai/good"), delay: 0.2), json(fixture("openai/good"))])
      leader = in_thread { registry.refresh!(only: :openai) { raise "enough" } }
      eventually { server.requests("openai").any? }
      joiner = in_thread { registry.refresh!(only: :openai) }

      expect { leader.join }.to raise_error("enough")
      expect(joiner.value.size).to eq(12)
    end

    it "goes on when a caller that joined is killed" do
      gate = gate("openai")
      leader = in_thread { registry.refresh!(only: :openai) }
      eventually { server.requests("openai").any? }
      asleep(in_thread { registry.refresh!(only: :openai) }).kill.join
      gate.close

      expect(leader.value.size).to eq(12)
    end

    it "makes a request for each of two callers who come one after the other" do
      2.times { registry.refresh!(only: :openai) }

      expect(server.requests("openai").size).to eq(2)
    end

    it "shows readers either the old models or the new ones, never some of each" do
      registry.refresh!(only: :openai)
      server.on("openai", ->(_request) { json(fixture((rand < 0.5) ? "openai/good" : "openai/good_dropped")) })
      sizes = []
      over = false
      reader = Thread.new { sizes << [registry.size, registry.view.to_a.size].uniq until over || Thread.pass }
      10.times { registry.refresh!(only: :openai) }
      over = true
      reader.join

      expect(sizes.flatten.uniq - [11, 12]).to be_empty
    end
  end

  describe "by a fork" do
    # What the child says, as JSON; it ends without the parent's at_exit blocks.
    def in_child
      reader, writer = IO.pipe
      pid = fork do
        reader.close
        result = begin
          yield
        rescue Exception => error
          "#{error.class}: #{error.message}"
        end
        writer.write(JSON.generate(result))
        writer.close
        exit!(0)
      end
      writer.close
      JSON.parse(Timeout.timeout(20) { reader.read }, max_nesting: false)
    ensure
      reader&.close
      if pid
        Process.kill(:KILL, pid)
        Process.wait(pid)
      end
    end

    it "works in a child of a process that has refreshed" do
      registry.refresh!

      expect(in_child { [registry.size, registry.refresh!(only: :openai).size, registry.last_refresh[:openai].status] })
        .to eq([registry.size, registry.size, "refreshed"])
    end

    it "works in a child of a process that is just refreshing, and neither harms the other" do
      gate = gate("openai")
      thread = in_thread { registry.refresh!(only: :openai) }
      eventually { server.requests("openai").any? }

      expect(in_child { registry.refresh!(only: :xai).map(&:provider).uniq }).to eq(["xai"])
      gate.close
      expect(thread.value.map(&:provider).uniq).to eq(["openai"])
    end
  end

  describe "under a fiber scheduler" do
    it "lets other fibers run while it waits" do
      server.on("openai", json(fixture("openai/good"), delay: 0.6))
      ticks = 0
      Sync do |task|
        ticking = task.async do
          loop do
            sleep 0.01
            ticks += 1
          end
        end
        registry.refresh!(only: :openai)
        ticking.stop
      end

      expect(listed(:openai).size).to eq(12)
      expect(ticks).to be > 15
    end

    it "calls its block in the fiber that called" do
      fibers = []
      calling = nil
      Sync do
        calling = Fiber.current
        registry.refresh! { fibers << Fiber.current }
      end

      expect(fibers.uniq).to eq([calling])
      expect(fibers.size).to eq(9)
    end

    it "joins two fibers with the same plan" do
      server.on("openai", json(fixture("openai/good"), delay: 0.2))
      sizes = Sync do |task|
        Array.new(2) { task.async { registry.refresh!(only: :openai).size } }.map(&:wait)
      end

      expect(sizes).to eq([12, 12])
      expect(server.requests("openai").size).to eq(1)
    end

    it "ends at once when its task is stopped, and changes nothing" do
      server.on("openai", stall)
      took = seconds do
        Sync do |task|
          refreshing = task.async { registry.refresh!(only: :openai) }
          sleep 0.01 until server.requests("openai").any?
          refreshing.stop
          refreshing.wait
        end
      end

      expect(took).to be < 10
      expect(registry).to be_empty
      expect(Thread.list.count { |thread| thread.backtrace.to_a.join.include?("refresher.rb") }).to eq(0)
    end

    it "raises in the fiber what its block raises" do
      expect { Sync { registry.refresh!(only: :openai) { raise "enough" } } }.to raise_error("enough")
      expect(registry).to be_empty
    end
  end
end
