# frozen_string_literal: true

module Bench
  module Parts
    # How long a refresh takes, beside busy threads and by how long the sources take.
    module Waiting
      NAME = "waiting"
      TITLE = "A refresh, in waiting time"
      TEXT = <<~TEXT
        Nine sources on the loopback. First each answers after 300 ms, beside Ruby threads that never wait: a refresh
        without a block, in memory or with the stored file, or with a block. Then no thread is beside it, and all
        sources answer after the same while. Last, 120 endpoints of one model each are asked at once, each for the first
        time, below the registry.
      TEXT
      ROUNDS = 3
      BUSY = [0, 1, 4, 8].freeze
      MISSED = {}.freeze
      DELAY = 0.3
      DELAYS = [0.05, 0.1, 0.2, 0.3, 0.5].freeze
      ENDPOINTS = 120
      KINDS = {"in memory" => {}, "with the file" => {stored: true}, "with a block" => {heard: true}}.freeze
      LATENCY = [Contestant::NATIVE, *Contestant::RUBY_LLM].freeze

      module_function

      def measure
        Parts.with_registry do |file, _folder|
          {"busy" => busy(file), "latency" => latency(file), "endpoints" => endpoints}
        end
      end

      def busy(file)
        Server.open(delay: DELAY) do |server|
          settings = {url: server.url, file: file, sources: Documents::SOURCES}
          rounds = Array.new(ROUNDS) do
            KINDS.to_h do |kind, options|
              [kind, BUSY.to_h do |busy|
                [busy.to_s, Contestant::NATIVE.run("busy", **settings, **options, busy: busy)]
              end]
            end
          end
          Results.gather(rounds).transform_values do |kinds|
            Results.gather(kinds).transform_values { |taken| Results.gather(taken) }
          end
        end
      end

      def latency(file)
        taken = DELAYS.to_h do |delay|
          Server.open(delay: delay) do |server|
            settings = {url: server.url, file: file, sources: Documents::SOURCES}
            [delay.to_s, Results.in_turns(LATENCY, ROUNDS) { |peer| {"time" => peer.run("latency", **settings)} }]
          end
        end
        LATENCY.to_h { |peer| [peer.name, taken.transform_values { |times| times.dig(peer.name, "time") }] }
      end

      def endpoints
        Server.open_endpoints(delay: DELAY) do |server|
          Results.gather(Array.new(ROUNDS) do
            Contestant::NATIVE.run("endpoints", url: server.url, count: ENDPOINTS)
          end)
        end
      end

      def rows(figures)
        memory, file = figures["busy"].values_at("in memory", "with the file")
        beside = [1, 4, 8].flat_map do |busy|
          [[memory, 0.12, "in memory"], [file, 0.24, "with the file"]].map do |times, each, kind|
            Row.limit("beside #{busy} busy, #{kind}", times[busy.to_s]["time"], DELAY * 1.25 + each * busy)
          end
        end
        [
          Row.ratio("nine sources of 300 ms, without busy threads", figures["latency"][NATIVE]["0.3"],
            [NEWEST, figures["latency"][NEWEST]["0.3"]]),
          Row.limit("the same in memory", memory["0"]["time"], DELAY * 1.25),
          *beside,
          Row.limit("#{ENDPOINTS} endpoints of 300 ms each", figures["endpoints"]["time"], DELAY * 1.25),
          Row.limit("another thread's speed meanwhile", memory["1"]["share"], 0.97, :share, least: true)
        ]
      end

      def tables(figures)
        busy = figures["busy"].map { |kind, times| [kind, *times.values.map { |taken| Units.time(taken["time"]) }] }
        latency = figures["latency"].map { |name, times| [name, *times.values.map { |time| Units.time(time) }] }
        [
          [["busy threads", *BUSY.map(&:to_s)], busy],
          [["answers after", *DELAYS.map { |delay| Units.time(delay) }], latency]
        ]
      end
    end
  end
end
