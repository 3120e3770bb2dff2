# frozen_string_literal: true

require_relative "parts"

module Bench
  # docs/performance.md and the README's figures, from bench/results/.
  module Page
    PATH = "docs/performance.md"
    README = /(<!-- performance -->\n).*?(\n<!-- end -->)/m

    # What the README quotes: its words for a row of a part.
    QUOTED = {
      "a refresh of nine sources, each after 300 ms" => ["waiting", "nine sources of 300 ms, without busy threads"],
      "CPU time of a refresh, everything new" => ["refresh", "everything new, stored"],
      "`find(id)`" => ["lookup", "`find(id)`"], "`chat_models.count`" => ["lookup", "`chat_models.count`"],
      "opening the registry in a new process" => ["start", "open"],
      "saving 2,000 models in PostgreSQL, nothing changed" => ["save", "PostgreSQL, nothing changed"]
    }.freeze

    # The plots, by the part that they belong to.
    PLOTS = {
      "lookup" => {"lookup" => "One lookup"}, "waiting" => {"refresh" => "A refresh by the sources' latency"},
      "growth" => {"growth" => "Opening by the number of models", "sources" => "A refresh by the number of sources"}
    }.freeze

    module_function

    # @return [String]
    def text
      [head, *measured.map { |part| section(part) }].join("\n")
    end

    # @param text [String] of the README
    # @return [String] the same with the figures as they are now
    def fill(text)
      text.sub(README) { "#{$1}#{quoted}#{$2}" }
    end

    # @return [Hash{String => Hash}] the medians of each part
    def figures
      measured.to_h { |part| [part::NAME, Results.medians(results(part).fetch("figures"))] }
    end

    def measured
      Parts.all.select { |part| results(part) }
    end

    def results(part)
      Results.read(part::NAME)
    end

    def rows(part)
      part.rows(figures.fetch(part::NAME))
    end

    def head
      goals = measured.flat_map { |part| rows(part) }.select(&:goal?)
      <<~TEXT
        # Performance

        Made by `rake bench:page` from the figures in `bench/results/`. `rake bench` measures all of them in about ten
        minutes, `rake bench:lookup` and its siblings one section each; both need Ruby 3.2, PostgreSQL and a C compiler.
        `bin/matrix bench` does all of it in a Debian trixie of its own.

        #{conditions}

        What is compared was measured in one run, in turns, each time in a new process. Figures are medians. A ratio
        is the figure here divided by the one that it is compared with, so smaller is better, except for a speed.
        #{goals.count(&:met?)} of #{goals.size} goals are met. A row that misses its goal stays.
      TEXT
    end

    def conditions
      kept = measured.map { |part| results(part).fetch("conditions") }
      rows = kept.flat_map(&:keys).uniq.map { |name| [name, kept.map { |each| each[name] }.uniq.join("; ")] }
      table(["measured", "on"], rows)
    end

    def section(part)
      figures = self.figures.fetch(part::NAME)
      [
        "## #{part::TITLE}\n", part::TEXT, table(Row::HEAD, rows(part).map(&:cells)), "", *reasons(part),
        "All figures:\n",
        *part.tables(figures).map { |head, rows| "#{table(head, rows)}\n" },
        *PLOTS.fetch(part::NAME, {}).map { |name, title| "![#{title}](performance/#{name}.svg)\n" }
      ].join("\n")
    end

    # Where the time of a row goes that misses its goal, and what to try next.
    def reasons(part)
      missed = rows(part).select { |row| row.goal? && !row.met? }.map(&:what)
      reasons = part::MISSED.slice(*missed).map { |what, text| "**#{what}**:\n#{text}" }
      reasons.empty? ? [] : ["Where the time of rows goes that miss their goals, and what to try next:\n", *reasons]
    end

    def quoted
      rows = QUOTED.map do |words, (name, what)|
        [words, *rows(Parts.named(name)).find { |row| row.what == what }.quoted]
      end
      "#{table(["", "here", Parts::NEWEST, "times as fast"], rows)}\n\n" \
        "![A refresh by the sources' latency](docs/performance/refresh.svg)"
    end

    def table(head, rows)
      [head, ["---"] * head.size, *rows].map { |cells| "| #{cells.join(" | ")} |" }.join("\n")
    end
  end
end

if $PROGRAM_NAME == __FILE__
  require_relative "plots"
  Bench::Plots.write(Bench::Page.figures)
  File.write(Bench::Page::PATH, Bench::Page.text)
  File.write("README.md", Bench::Page.fill(File.read("README.md", encoding: "UTF-8")))
end
