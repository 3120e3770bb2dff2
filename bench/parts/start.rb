# frozen_string_literal: true

module Bench
  module Parts
    # What a new process pays.
    module Start
      NAME = "start"
      TITLE = "A new process"
      TEXT = <<~TEXT
        `require`, with all gems in the load path; `RubyLLM.configure`, which here loads what a refresh needs; opening
        the stored registry (ruby_llm: its registry file), after a garbage collection; resident memory after ten lookups
        and `chat_models.map(&:id)`.
      TEXT
      reading = <<~TEXT
        To read the file of 1.1 MB alone takes a program in C 0.85 ms, nearly all of it page faults; memory that is
        populated at once saves a tenth of that. To check the catalog, and all that is Ruby, takes 0.25. Next: leave the
        metadata of the models in the file until they are asked for.
      TEXT
      MISSED = {
        "open" => reading, "open, in itself" => reading,
        "`require` alone" => <<~TEXT,
          Of some 41 ms activating Active Support takes 7, loading the extension and libcurl 9, json 4.
        TEXT
        "memory beside ruby_llm" => <<~TEXT
          ruby_llm without models takes 41 MB. Its own models add 12; ours, with its entries made from them, 11, of
          which 7.5 were needed to read the registry file and are free, but kept by malloc. So the difference is what
          `require` takes: libcurl and its libraries 5 MB, most of them shared with other processes, this gem's code 3.
          Next: give the 7.5 MB back. `malloc_trim` does, in 0.3 ms, but it walks the whole heap of the app.
        TEXT
      }.freeze
      ROUNDS = 7

      module_function

      def measure
        Parts.with_registry do |file, folder|
          Results.in_turns(Contestant::ALL, ROUNDS) do |contestant|
            contestant.run("start", file: file, folder: folder, names: Documents.names)
          end
        end
      end

      def rows(figures)
        alone, beside, peer = figures.values_at(NATIVE, BESIDE, NEWEST)
        [
          Row.ratio("open", alone["open"], [NEWEST, peer["open"]], 1 / 150r),
          Row.limit("open, in itself", alone["open"], 0.001),
          Row.limit("objects made by it", alone["objects"], 250, :number),
          Row.ratio("`require` alone", alone["require"], [NEWEST, peer["require"]], 1 / 6r),
          Row.ratio("memory beside ruby_llm", beside["resident"], ["#{NEWEST} alone", peer["resident"]], 1, :memory)
        ]
      end

      def tables(figures)
        units = {"objects" => :number, "resident" => :memory}
        rows = figures.fetch(NATIVE).keys.map do |what|
          [what, *figures.values.map { |taken| Units.public_send(units.fetch(what, :time), taken[what]) }]
        end
        [[["", *figures.keys], rows]]
      end
    end
  end
end
