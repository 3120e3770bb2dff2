# frozen_string_literal: true

require_relative "../endpoint_listings"
require_relative "../floor"

module Bench
  module Parts
    # What a refresh of very many endpoints costs.
    module Endpoints
      NAME = "endpoints"
      TITLE = "All endpoints of models.dev"
      TEXT = <<~TEXT
        Every provider of models.dev whose server speaks OpenAI's format, each a line of `config.endpoint`, and
        models.dev itself: one refresh in memory. Each lists the models that models.dev has of it, from one server on
        the loopback, which is another process. The floor is that of the section before, for these URLs. Unchanged: all
        answer 304. The time is mostly that of the server, which writes one answer after the other.
      TEXT
      MISSED = {
        "everything new, CPU" => <<~TEXT,
          Of it the core takes 38 %, for the facts of 8,900 rows and their merge, Ruby 17, for the options of all
          endpoints, libc 16, the kernel 13, yajl 8, zlib and libcurl 4 each. Next: SipHash, a fifth of the core.
        TEXT
        "all unchanged, CPU" => <<~TEXT
          Of it Ruby takes 38 %, the kernel 29, libc 14, libcurl 9, the core 6. Each endpoint has a connection of its
          own and 180 objects of Ruby, for what its options say. Next: keep what was made of options that are the same.
        TEXT
      }.freeze
      ROUNDS = 5
      REFRESHES = 3 # of each process

      module_function

      def measure
        EndpointListings.serve do |url, names|
          floor = Floor.new
          urls = ["#{url}/models_dev/api.json", *names.map { |name| "#{url}/#{name}/models" }]
          settings = {url: url, names: names, rounds: REFRESHES}
          runs = {
            "floor" => -> { {"CPU" => floor.cpu(REFRESHES, urls)} },
            "new" => -> { native(**settings, anew: true) },
            "unchanged" => -> { native(**settings) },
            "models.dev alone, new" => -> { native(**settings, names: [], anew: true) }
          }
          rounds = Array.new(ROUNDS) { runs.transform_values(&:call) }
          Results.gather(rounds).transform_values { |taken| Results.gather(taken) }
        end
      end

      def native(**settings)
        Contestant::NATIVE.run("every_endpoint", **settings)
      end

      def rows(figures)
        new, unchanged, alone = figures.values_at("new", "unchanged", "models.dev alone, new")
        floor = ["the floor", figures["floor"]["CPU"]]
        [
          Row.ratio("everything new, CPU", new["CPU"], floor, 2),
          Row.ratio("all unchanged, CPU", unchanged["CPU"], floor, 1),
          Row.ratio("everything new, time", new["time"], ["models.dev alone", alone["time"]])
        ]
      end

      def tables(figures)
        rows = figures.map do |name, taken|
          times = taken.values_at("CPU", "time").map { |seconds| seconds ? Units.time(seconds) : "" }
          counts = taken.values_at("objects", "endpoints", "listed").map { |count| count ? Units.number(count) : "" }
          [name, *times, *counts]
        end
        [[["", "CPU", "time", "objects", "endpoints", "models listed"], rows]]
      end
    end
  end
end
