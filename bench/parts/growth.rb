# frozen_string_literal: true

require_relative "../made_up_models"

module Bench
  module Parts
    # Whether a hundred times as many models cost a hundred times as much, and how a refresh grows with its sources.
    module Growth
      NAME = "growth"
      TITLE = "Growth"
      TEXT = <<~TEXT
        Made-up models, so that no two share their texts. What opening and memory cost a model at 200,000 models is
        compared with what they cost at 2,000. `find` is asked for a thousand ids, each for the second time. A refresh
        of 60 sources asks one provider 60 times, below the registry.
      TEXT
      MISSED = {}.freeze
      ROUNDS = Hash.new(5).merge(200_000 => 3).freeze
      SIZES = [2000, 20_000, 200_000].freeze
      SOURCES = [1, 2, 5, 10, 20, 40, 60].freeze
      CONTESTANTS = [Contestant::NATIVE, Contestant::NEWEST].freeze
      LINEAR = 1.25 # times as much for each: below it, it counts as linear

      module_function

      def measure
        {"models" => SIZES.to_h { |size| [size.to_s, models(size)] }, "sources" => sources}
      end

      def models(size)
        Parts.with_registry(->(path) { write(path, size) }) do |file, folder|
          Results.in_turns(CONTESTANTS, ROUNDS[size]) do |contestant|
            contestant.run("growth", file: file, folder: folder, count: size)
          end
        end
      end

      # A model a line, so that no size is ever in memory whole.
      def write(path, size)
        File.open(path, "w") do |file|
          MadeUpModels.new(size).each_with_index do |model, number|
            file.write(number.zero? ? "[\n" : ",\n", JSON.generate(model))
          end
          file.write("\n]\n")
        end
      end

      def sources
        Server.open do |server|
          taken = Contestant::NATIVE.run("sources", url: server.url, counts: SOURCES, rounds: 9)
          Results.gather(taken).transform_values { |times| Results.gather(times) }
        end
      end

      def rows(figures)
        least, most = figures["models"].values_at("2000", "200000").map { |taken| taken.fetch(NATIVE) }
        one, sixty = figures["sources"].values_at("1", "60")
        each = ->(what, number, taken) { taken[what].fdiv(number) }
        [
          Row.ratio("open, for each of 200,000 models", each["open", 200_000, most],
            ["of 2,000", each["open", 2000, least]], LINEAR),
          Row.ratio("memory, for each of 200,000 models", each["memory", 200_000, most],
            ["of 2,000", each["memory", 2000, least]], LINEAR, :memory),
          Row.ratio("`find` among 200,000", most["find"], ["among 2,000", least["find"]], LINEAR),
          Row.ratio("CPU of a refresh, for each of 60 sources", each["CPU", 60, sixty], ["of 1", one["CPU"]], LINEAR)
        ]
      end

      def tables(figures)
        units = {"memory" => :memory}
        rows = figures["models"].flat_map do |size, taken|
          ["open", "find, asked the first time", "find", "memory"].map do |what|
            ["#{Units.number(size.to_i)} models, #{what}",
              *taken.values.map { |each| Units.public_send(units.fetch(what, :time), each[what]) }]
          end
        end
        sources = figures["sources"].map do |count, taken|
          [count, Units.time(taken["CPU"]), Units.time(taken["time"])]
        end
        [[["", *CONTESTANTS.map(&:name)], rows], [["sources", "CPU", "time"], sources]]
      end
    end
  end
end
