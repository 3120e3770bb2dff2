# frozen_string_literal: true

require_relative "../floor"

module Bench
  module Parts
    # What a refresh of nine sources costs in CPU, against the least that it can.
    module Refresh
      NAME = "refresh"
      TITLE = "A refresh, in CPU time"
      TEXT = <<~TEXT
        Nine sources on the loopback, in this process alone: the server is another one. The floor is a C program that
        asks the same URLs by libcurl, decompresses the answers and throws every JSON event away (`bench/floor.c`).
        Everything new: the registry was emptied before. Equal: all sources answer again what they had answered, with
        200. Unchanged: all answer 304; without OpenRouter and xAI, whose several lists have no ETag in common.
        ruby_llm reads its published catalogue in place of models.dev's, and keeps the result in a file; so does this
        gem where it is compared with it.
      TEXT
      MISSED = {
        "everything new" => <<~TEXT,
          models.dev's sheet holds the models of all providers, of which this registry shows a sixth, so that an
          endpoint that is added later, or a tenant's, gets its facts at once (decision 8). Reading all of them takes
          17 ms more than reading that sixth, which was 1.81 floors. Next: keep the text of the others as it came, and
          read it when somebody asks for their provider.
        TEXT
        "everything new, stored" => <<~TEXT
          A tenth of what ruby_llm takes is about one and a half floors. Of 337 million instructions in the core for
          five of these answers, yajl takes 86, as in the floor, making values of what it reads 60, writing metadata 46,
          SipHash of fingerprints and blocks 43, sorting 22, tables of texts 14, looking for credentials 11. Next: as
          above, then the fingerprint of a record that the merge takes whole.
        TEXT
      }.freeze
      ROUNDS = 5
      REFRESHES = 3 # of each process
      WITH_ETAG = Documents::SOURCES - %w[openrouter xai]

      module_function

      def measure
        Parts.with_registry do |file, _folder|
          Server.open do |plain|
            Server.open(etag: true) { |tagged| measure_with(plain, tagged, file) }
          end
        end
      end

      def measure_with(plain, tagged, file)
        all = {url: plain.url, file: file, sources: Documents::SOURCES, rounds: REFRESHES}
        some = {**all, url: tagged.url, sources: WITH_ETAG}
        floor = Floor.new
        urls = [all, some].map { |settings| floor.urls(settings) }
        runs = {
          "floor" => -> { {"CPU" => floor.cpu(REFRESHES, urls.first)} },
          "floor of those with ETags" => -> { {"CPU" => floor.cpu(REFRESHES, urls.last)} },
          "new" => -> { native(**all, anew: true) },
          "new, stored" => -> { native(**all, anew: true, stored: true) },
          "equal" => -> { native(**all) },
          "equal, stored" => -> { native(**all, stored: true) },
          "unchanged" => -> { native(**some) },
          **Contestant::RUBY_LLM.to_h { |peer| [peer.name, -> { peer.run("refresh", **all, stored: true) }] }
        }
        rounds = Array.new(ROUNDS) { runs.transform_values(&:call) }
        Results.gather(rounds).transform_values { |taken| Results.gather(taken) }
      end

      def native(**settings)
        Contestant::NATIVE.run("refresh", **settings)
      end

      def rows(figures)
        cpu = figures.transform_values { |taken| taken["CPU"] }
        floor = ["the floor", cpu["floor"]]
        [
          Row.ratio("everything new", cpu["new"], floor, 2),
          Row.ratio("everything new, stored", cpu["new, stored"], [NEWEST, cpu[NEWEST]], 1 / 10r),
          Row.limit("objects made by it", figures["new"]["objects"], 1500, :number),
          Row.ratio("equal answers", cpu["equal"], floor, 1),
          Row.ratio("all unchanged", cpu["unchanged"], ["the floor of those", cpu["floor of those with ETags"]], 1 / 4r)
        ]
      end

      def tables(figures)
        rows = figures.map do |name, taken|
          [name, Units.time(taken["CPU"]), taken["objects"] ? Units.number(taken["objects"]) : ""]
        end
        [[["", "CPU", "objects"], rows]]
      end
    end
  end
end
