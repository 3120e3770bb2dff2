# frozen_string_literal: true

module Bench
  module Parts
    # What forked workers do not share with their parent.
    module Workers
      NAME = "workers"
      TITLE = "200 forked workers"
      TEXT = <<~TEXT
        Each worker looks up 100 names in the registry that its parent had opened. Ruby's own is what a worker of a
        parent without models has private when it goes through these names and looks up none. The catalog's is what the
        other models add: the difference to workers whose registry has no models but those looked up. Both numbers of
        that difference vary by some 20 kB from run to run.
      TEXT
      MISSED = {
        "private of the catalog" => <<~TEXT,
          The table of the models' objects: each of its pages becomes private when a model in it is looked up first.
        TEXT
        "private beyond Ruby's own" => <<~TEXT
          Pages of Ruby's heap, which take the six objects of each name that is looked up for the first time.
        TEXT
      }.freeze
      WORKERS = 200
      CONTESTANTS = [Contestant::NATIVE, Contestant::NEWEST].freeze
      ROUNDS = 3
      PAGE = 4096 # the least that can become private

      module_function

      def measure
        few = ->(path) { Documents.write_named(path) }
        Parts.with_registry do |*all|
          Parts.with_registry(few) do |*small|
            Results.in_turns(CONTESTANTS, ROUNDS) { |contestant| private_of(contestant, all, small) }
          end
        end
      end

      def private_of(contestant, all, small)
        workers = lambda do |(file, folder), open|
          contestant.run("workers", file: file, folder: folder, names: Documents.names, workers: WORKERS, open: open)
        end
        {"all" => workers[all, true], "few" => workers[small, true], "own" => workers[all, false]}
      end

      def rows(figures)
        here = figures.fetch(NATIVE)
        [
          Row.limit("private of the catalog", here["all"] - here["few"], PAGE, :memory),
          Row.limit("private beyond Ruby's own", here["all"] - here["own"], 100_000, :memory)
        ]
      end

      def tables(figures)
        names = {"all" => "private of a worker", "few" => "the same, few models", "own" => "Ruby's own"}
        rows = names.map { |what, title| [title, *figures.values.map { |taken| Units.memory(taken[what]) }] }
        [[["", *figures.keys], rows]]
      end
    end
  end
end
