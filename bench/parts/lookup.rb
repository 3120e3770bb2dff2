# frozen_string_literal: true

module Bench
  module Parts
    # What apps ask again and again.
    module Lookup
      NAME = "lookup"
      TITLE = "Lookups"
      TEXT = <<~TEXT
        The time of one call, the loop's own taken off, over ten names that apps use. ruby_llm 2 takes four times as
        long for a name that several providers have, so the choice of names decides: of these, six have several. Here
        the names make no difference, because answers are remembered. A miss includes its exception. The three filters
        are `chat_models.by_provider("openrouter").by_family("qwen").count`. ruby_llm has no `[]`, so its `find`
        stands beside it. A bill is of the tokens of one answer: input, output, and input from the cache.
      TEXT
      MISSED = {
        "`find(id)`" => <<~TEXT,
          Ruby's frame for optional and keyword arguments takes 42 ns, the check and the lookup in C 58, half of it to
          hash the name, the configuration and its version 20, `RubyLLM.models` 20. Next: a `find` in C for the call
          with one argument.
        TEXT
        "`find(id)` beside ruby_llm" => <<~TEXT,
          `RubyLLM.models` takes 100 ns, the arguments of `find` 45, the configuration and its aliases 50, ruby_llm's
          table of aliases 25, to look up the name in that table and among the answers 100, and to see what an alias
          stands for 75. Programs change all of this in place, so each call reads it anew. Next: nothing that would
          still see each change.
        TEXT
        "`[id]`" => <<~TEXT,
          As `find(id)`, without the optional argument, and compared with a method that does the same.
        TEXT
        "a miss" => <<~TEXT
          To raise and rescue an exception without a message takes 0.8 µs at this depth.
        TEXT
      }.freeze
      ROUNDS = 5

      module_function

      def measure
        names = {names: Documents.names, single: Documents.single_names}
        Parts.with_registry do |file, folder|
          Results.in_turns(Contestant::ALL, ROUNDS) do |contestant|
            contestant.run("lookup", file: file, folder: folder, **names)
          end
        end
      end

      def rows(figures)
        alone, beside, peer = figures.values_at(NATIVE, BESIDE, NEWEST)
        against = ->(what) { [NEWEST, peer.fetch(what)] }
        [
          Row.ratio("`find(id)`", alone["find"], against["find"], 1 / 3r),
          Row.ratio("`find(id)` beside ruby_llm", beside["find"], against["find"], 1 / 3r),
          Row.ratio("`find(id, provider:)`", alone["find with provider"], against["find with provider"], 1 / 5r),
          Row.ratio("`[id]`", alone["[]"], against["find"], 1 / 5r),
          Row.ratio("a miss", alone["a miss"], against["a miss"], 1 / 2r),
          Row.ratio("`chat_models.count`", alone["chat_models.count"], against["chat_models.count"], 1 / 300r),
          Row.ratio("`chat_models.map(&:id)`", alone["chat_models.map(&:id)"], against["chat_models.map(&:id)"],
            1 / 5r),
          Row.ratio("three filters, counted", alone["three filters"], against["three filters"], 1 / 20r),
          Row.ratio("a bill, `cost_for(tokens).total`", alone["a bill"], against["a bill"], 1)
        ]
      end

      def tables(figures)
        whats = figures.fetch(NATIVE).keys
        rows = whats.map { |what| [what, *figures.values.map { |taken| taken[what] ? Units.time(taken[what]) : "" }] }
        [[["", *figures.keys], rows]]
      end
    end
  end
end
