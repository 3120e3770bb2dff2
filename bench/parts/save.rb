# frozen_string_literal: true

module Bench
  module Parts
    # What it takes to keep the models in a table.
    module Save
      NAME = "save"
      TITLE = "Saves into a table"
      TEXT = <<~TEXT
        2,000 models, `save_models` here, `save_to_database` in ruby_llm. Each save is the first thing that a new
        process does, after it has connected and read the registry file; neither is counted. `pluck` reads the id and
        the fingerprint of each row, also as the first thing.
      TEXT
      first = <<~TEXT
        Garbage collection takes a sixth, reading back what the database stored a quarter; PostgreSQL itself takes two
        fifths for the INSERTs, the indexes included. Next: let C write the prices of a row, too.
      TEXT
      again = <<~TEXT
        To load Active Record's classes takes 7 ms here as for `pluck`. To read the rows takes 3 ms, to compare them 5;
        on PostgreSQL two queries about the table's indexes take 2.6. Next: compare in one call of C, and keep what is
        known of the indexes.
      TEXT
      ROUNDS = 3
      MODELS = 2000
      CHANGED = 5
      DATABASES = %w[PostgreSQL SQLite].freeze
      MISSED = DATABASES.flat_map { |name|
        [["#{name}, first", first], ["#{name}, nothing changed", again], ["#{name}, five changed", again]]
      }.to_h.freeze
      CONTESTANTS = [Contestant::NATIVE, Contestant::NEWEST].freeze

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
          times = {"first" => save[before, first: true], "nothing changed" => save[before],
                   "five changed" => save[after]}
          times["pluck"] = save[after, pluck: true] if contestant == Contestant::NATIVE
          times.transform_values do |taken|
            abort "#{contestant.name} has saved #{taken["rows"]} rows" unless taken["rows"] == MODELS
            taken["time"]
          end
        end
      end

      def rows(figures)
        figures.flat_map do |database, taken|
          here, peer = taken.values_at(NATIVE, NEWEST)
          pluck = ["one `pluck`", here["pluck"]]
          against = ->(what, other, most) { Row.ratio("#{database}, #{what}", here[what], other, most) }
          [
            against.call("first", [NEWEST, peer["first"]], 1 / 10r),
            against.call("nothing changed", [NEWEST, peer["nothing changed"]], 1 / 100r),
            against.call("nothing changed", pluck, 2), against.call("five changed", pluck, 3)
          ]
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
