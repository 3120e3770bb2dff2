# frozen_string_literal: true

# The parts of docs/ that are made from the tables in C, so that they cannot say anything else.

module Docs
  FACTS = "docs/facts.md"
  PROVIDERS = "docs/providers.md"
  SPEAKERS = ["the provider", "models.dev", "the published catalogue"].freeze
  LENT = {context_window: "kin", max_input_tokens: "kin", max_output_tokens: "kin", pricing: "kin; always as a whole set"}.freeze

  module_function

  # The table of precedence, one row for fields that are treated alike.
  def precedence
    rows = RubyLLM::Native::PRECEDENCE.group_by { |row| [row[:metadata_first], row[:united], LENT[row[:field]]] }
    lines = rows.map do |(metadata_first, united, lent), fields|
      order = metadata_first ? SPEAKERS.values_at(1, 0, 2) : SPEAKERS
      rest = [*order.drop(1), *lent].join(", then ")
      rest += "; each about what is left unsaid" if united
      "| #{fields.map { |row| "`#{row[:field]}`" }.join(", ")} | #{order.first} | #{rest} |"
    end
    ["| field | first | then |", "|---|---|---|", *lines].join("\n")
  end

  def facts(text)
    text.sub(/(<!-- precedence -->\n).*(\n<!-- end -->)/m) { "#{$1}#{precedence}#{$2}" }
  end

  def providers
    <<~TEXT
      # Sources

      Made by `rake docs:providers` from the table in `ext/ruby_llm_native/core/sources/source.c`; what is odd about a source stands at the head of its
      file in `core/sources/`. A source is asked when all settings without a mark are set; of those marked with * one is enough, those in
      brackets are optional. Listings marked with ° may be missing or fail without failing the source; → marks those with pages.

      | source | base URL | listings | who asks | settings | states |
      |---|---|---|---|---|---|
      #{RubyLLM::Native::SOURCES.select { |source| source[:askable] }.map { |source| row(source) }.join("\n")}
    TEXT
  end

  def row(source)
    name = "#{source[:name]} (`#{source[:slug]}`)#{", local" if source[:local]}#{", catalogue" if source[:catalogue]}"
    "| #{[name, source[:base_url] ? "`#{source[:base_url]}`" : "", listings(source), source[:auth], settings(source), source[:states]].join(" | ")} |"
  end

  def listings(source)
    source[:listings].map { |listing| "`#{listing[:path]}`#{"→" if listing[:paged]}#{"°" if listing[:optional]}" if listing[:path] }
      .compact.uniq.join(", ")
  end

  def settings(source)
    source[:settings].map do |setting|
      next "`#{setting[:name]}`" if setting[:required]

      setting[:either] ? "`#{setting[:name]}`*" : "[`#{setting[:name]}`]"
    end.join(" ")
  end
end

namespace :docs do
  task library: :compile do
    $LOAD_PATH.unshift(File.expand_path("lib"))
    require "ruby_llm_native"
  end

  desc "Write docs/providers.md from the table of sources"
  task(providers: :library) { File.write(Docs::PROVIDERS, Docs.providers) }

  desc "Write the table of docs/facts.md from the table of precedence"
  task(facts: :library) { File.write(Docs::FACTS, Docs.facts(File.read(Docs::FACTS, encoding: "UTF-8"))) }
end

desc "Write what the tables in C say into docs/"
task docs: %w[docs:providers docs:facts]

namespace :docs do
  desc "Count in docs/beside-ruby_llm.md how entries differ from those of the ruby_llm gem in the bundle"
  task beside: :library do
    require_relative "../spec/support/bundle_comparison"
    path = "docs/beside-ruby_llm.md"
    plain = BundleComparison.entries("ruby_llm")
    differences = BundleComparison.differences(plain)
    strange = differences.select { |difference| difference.reason.nil? }
    abort "No reason is known for:\n#{strange.first(20).join("\n")}" if strange.any?

    text = File.read(path, encoding: "UTF-8")
    version = Gem.loaded_specs.fetch("ruby_llm").version.to_s
    File.write(path, BundleComparison::Table.write(text, version, BundleComparison::Table.count(plain, differences)))
  end
end
