# frozen_string_literal: true

module Bench
  module Parts
    # What it takes to keep the models in a table.
    module Save
      NAME = "save"
      TITLE = "Saves into a table"
      TEXT = <<~TEXT
        2,000 models, `save_models` here, `save_to_database` in ruby_llm. Connecting and reading the registry file are
        not counted. Each save is the first thing that a new process does, as after a deploy, except in the rows that
        say "again": there the process has saved before and has then read a registry file anew, as a worker that syncs
        each hour. Of those, this gem's figures are medians of nine in each process. `pluck` reads the id and the
        fingerprint of each row, in a process of the same state: the first query of a process also pays for the classes
        of Active Record that it loads.
      TEXT
      first = <<~TEXT
        PostgreSQL itself takes half of it for the INSERTs, the indexes included. To quote the values takes a fifth,
        reading back what the database stored a seventh, garbage collection a twentieth; on SQLite these are two fifths,
        a third and a twelfth. Next: quote those facts in C that no database needs to escape.
      TEXT
      cold = <<~TEXT
        The first query of a process loads classes of Active Record: `pluck` alone takes more than a hundredth of what
        ruby_llm takes, and a save little more. A process that has saved before does not pay for that: see "again".
      TEXT
      again = <<~TEXT
        To read the rows takes 2 ms on SQLite and 3 on PostgreSQL, to compare them 0.5. Rows that changed take three
        statements of 0.7 to 1 ms: one that locks them, an UPDATE, and one that reads them back. Next: an UPDATE that
        returns what is stored, where no trigger can change it later.
      TEXT
      ROUNDS = 5
      MODELS = 2000
      CHANGED = 5
      DATABASES = %w[PostgreSQL SQLite].freeze
      LATER = ["nothing changed", "five changed"].freeze
      MISSED = DATABASES.flat_map { |name|
        [["#{name}, first", first]] +
          LATER.flat_map { |what| [["#{name}, #{what}", cold], ["#{name}, again, #{what}", again]] }
      }.to_h.freeze
      CONTESTANTS = [Contestant::NATIVE, Contestant::NEWEST].freeze
      TIMES = {Contestant::NATIVE => 9, Contestant::NEWEST => 1}.freeze # in one process; the other takes a second each

      module_function

      def measure
        require_relative "../../spec/support/databases"
        Dir.mktmpdir do |folder|
          before, after = %w[before after].map { |name| "#{folder}/#{name}.json" }
          Documents.write_registry(before, MODELS)
          Documents.write_registry(after, MODELS, change: CHANGED)
          databases = Databases.all.select { |database| DATABASES.include?(database.name) }
          databases.to_h do |database|
            abort "#{database.name} needs #{database.missing.join(", ")}" if database.missing.any?
            [database.name, on(database, before, after)]
          end
        end
      end

      def on(database, before, after)
        Results.in_turns(CONTESTANTS, ROUNDS) do |contestant|
          save = ->(file, **how) { contestant.run("save", database: database.settings, file: file, **how) }
          again = ->(file, earlier, **how) { save[file, earlier: earlier, times: TIMES.fetch(contestant), **how] }
          times = {
            "first" => save[before, first: true], "nothing changed" => save[before], "five changed" => save[after],
            "again, nothing changed" => again[after, after], "again, five changed" => again[after, before]
          }
          if contestant == Contestant::NATIVE
            times.update("pluck" => save[after, pluck: true],
              "again, pluck" => again[after, after, pluck: true])
          end
          times.transform_values do |taken|
            abort "#{contestant.name} has saved #{taken["rows"]} rows" unless taken["rows"] == MODELS
            taken["time"]
          end
        end
      end

      def rows(figures)
        figures.flat_map do |database, taken|
          here, peer = taken.values_at(NATIVE, NEWEST)
          row = ->(what, name, there, most) { Row.ratio("#{database}, #{what}", here[what], [name, there], most) }
          later = ["", "again, "].flat_map do |state|
            unchanged = "#{state}nothing changed"
            pluck = ["one `pluck`", here["#{state}pluck"]]
            [
              row[unchanged, NEWEST, peer[unchanged], 1 / 100r], row[unchanged, *pluck, 2],
              row["#{state}five changed", *pluck, 3]
            ]
          end
          [row["first", NEWEST, peer["first"], 1 / 10r], *later]
        end
      end

      def tables(figures)
        rows = figures.flat_map do |database, taken|
          taken.fetch(NATIVE).keys.map do |what|
            ["#{database}, #{what}", *taken.values.map { |times| times[what] ? Units.time(times[what]) : "" }]
          end
        end
        [[["", *CONTESTANTS.map(&:name)], rows]]
      end
    end
  end
end
