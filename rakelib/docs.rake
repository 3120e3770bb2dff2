# frozen_string_literal: true

# The parts of docs/ and sig/ that are made from tables in the code. A page keeps its own text; what stands between
# `<!-- name -->` and `<!-- end -->` is written here. `rake docs` writes all of them, and spec/docs_spec.rb compares.
module Docs
  PROVIDERS = "docs/reference/providers.md" # made whole

  # The other pages, and which method makes each of their blocks.
  PAGES = {
    "docs/explanation/merge.md" => %i[precedence],
    "docs/reference/configuration.md" => %i[options kept],
    "docs/reference/errors.md" => %i[statuses],
    "docs/reference/known-endpoints.md" => %i[dated known named variables short],
    "docs/reference/model.md" => %i[words],
    "docs/reference/prices.md" => %i[meters tiers],
    "sig/ruby_llm/native/configuration.rbs" => %i[accessors]
  }.freeze

  SPEAKERS = ["the provider", "models.dev", "the price lists", "the published catalogue"].freeze
  LENT = {
    context_window: "equivalent ids", max_input_tokens: "equivalent ids", max_output_tokens: "equivalent ids",
    pricing: "equivalent ids; always as a whole set"
  }.freeze

  # What each option does that is not a provider's, in the order of the page.
  OPTIONS = {
    refresh_timeout: "seconds for a whole refresh; a source that is not done by then has failed",
    refresh_request_timeout: "seconds for one request, from its start to its last byte",
    refresh_connect_timeout: "seconds to connect, name lookup and TLS included; at most 1 for local http sources",
    refresh_retries: "how often a request is repeated; local sources are never asked twice",
    refresh_connections: "connections that are open at once in a refresh",
    documented_providers: "whose models are known although no endpoint lists them, beside the configured providers: " \
      "an Array, or `:all`; nil: those that have options of their own or that ruby_llm can call",
    price_files: "price files of llm_cost_tracker's format: paths, and `:llm_cost_tracker` for that gem's own",
    models_dev_url: "address of models.dev's data; nil: it is not asked",
    http_proxy: "proxy for all without their own; nil: the proxy variables of the environment, and `no_proxy`",
    ca_file: "file of certificate authorities; nil: `SSL_CERT_FILE`, else libcurl's own",
    ca_path: "folder of certificate authorities; nil: `SSL_CERT_DIR`, else libcurl's own",
    registry_path: "folder of the stored registry; nil: chosen for the program; false: memory only",
    catalog_store: "a store of your own in place of the file",
    registry_check_interval: "seconds between looks for what other processes stored; nil: never",
    offline: "true: `refresh!` raises; `offline!` sets it",
    refresh_on_miss: "true: `find` refreshes once before it raises",
    refresh_on_miss_interval: "seconds that pass at least between two such refreshes",
    model_aliases: "your own names for models; `model_alias` adds one",
    model_registry_file: "where `save_to_json` and `load_from_json` look without a path",
    allow_real_requests: "true: ask real sources although WebMock, VCR or the test helpers are loaded",
    logger: "any Logger; in Rails `Rails.logger` unless you set one",
    bedrock_credential_provider: "answers `credentials` with `access_key_id`, `secret_access_key`, `session_token`",
    vertexai_service_account_key: "JSON of a service account, exchanged for a token by the googleauth gem"
  }.freeze

  # The lists of words in core/model/words.h, and what the page calls them.
  WORDS = {
    TYPES: "`type`", STANDINGS: "`standing`", MODEL_STATUSES: "`status`", CAPABILITIES: "`capabilities`",
    MODALITIES: "modalities", PARAMETERS: "`parameters`", EFFORTS: "`efforts` of `reasoning`",
    FIELDS: "facts with an `origin`"
  }.freeze

  # What each meter counts.
  METERS = {
    input: "tokens of text that go in", output: "tokens of text that come out",
    cache_read: "tokens of input that are read from the provider's cache",
    cache_write: "tokens of input that are written to it, for the usual few minutes",
    cache_write_1h: "tokens that are written to it for an hour",
    cache_write_extended: "tokens that are written to it for longer than usual",
    reasoning: "tokens of output that the model thinks; without a price of their own they are output",
    citation: "tokens of output that cite", audio_input: "tokens of audio that go in",
    audio_output: "tokens of audio that come out", audio_cache_read: "tokens of audio from the cache",
    audio_cache_write: "tokens of audio to the cache", image_input: "tokens of images that go in",
    image_output: "tokens of images that come out", image_cache_read: "tokens of images from the cache",
    video_input: "tokens of video that go in", video_output: "tokens of video that come out",
    video_cache_read: "tokens of video from the cache",
    embedding: "tokens that are embedded, where a list has them apart; elsewhere they are input",
    request: "requests", web_search: "searches of the web", image: "images that are made",
    image_read: "images that are looked at", transcription: "seconds of audio that are heard",
    speech: "seconds of audio that are made", video: "seconds of video that are made",
    video_read: "seconds of video that are watched", character: "characters that are spoken",
    page: "pages that are read", search_unit: "units of a reranked search", session: "sessions",
    tool_call: "calls of the provider's tools", file_search: "searches in files",
    maps_grounding: "requests that ask a map", grounding: "requests that ask the web",
    code_execution: "seconds in which code runs", cache_storage: "tokens in the cache, times hours",
    storage: "gigabytes that are kept, times days"
  }.freeze

  STATUS = /\bX\(\s*[A-Z_]+,\s*(\w+),\s*(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/

  module_function

  # @return [String] the text of a page of {PAGES} with its blocks replaced
  # @raise [KeyError] when the page has lost one of them
  def fill(page, text)
    PAGES.fetch(page).reduce(text) do |filled, name|
      block = /(<!-- #{name} -->\n).*?(^ *(?:# )?<!-- end -->)/m
      raise KeyError, "#{page} has no block #{name}" unless filled.match?(block)

      filled.sub(block) { "#{$1}#{public_send(name)}\n#{$2}" }
    end
  end

  def table(*head, rows)
    [line(head), "|#{"---|" * head.size}", *rows.map { |cells| line(cells) }].join("\n")
  end

  def line(cells)
    "| #{cells.join(" | ")} |"
  end

  # The table of precedence, one row for fields that are treated alike.
  def precedence
    rows = RubyLLM::Native::PRECEDENCE.group_by { |row| [row[:metadata_first], row[:united], LENT[row[:field]]] }
    rows = rows.map do |(metadata_first, united, lent), fields|
      order = metadata_first ? SPEAKERS.values_at(1, 0, 2, 3) : SPEAKERS
      rest = [*order.drop(1), *lent].join(", then ")
      rest += "; each about what is left unsaid" if united
      [fields.map { |row| "`#{row[:field]}`" }.join(", "), order.first, rest]
    end
    table("fact", "first", "then", rows)
  end

  # Our own options with their defaults.
  def options
    defaults = RubyLLM::Native::Configuration.new
    table("option", "default", "what it does", OPTIONS.map { |name, what|
      ["`#{name}`", "`#{defaults.public_send(name).inspect}`", what]
    })
  end

  # The signatures of the sources' settings.
  def accessors
    settings = RubyLLM::Native::SOURCES.flat_map { |source| source[:settings] }
    settings.map { |setting| "      attr_accessor #{setting[:name]}: String?" }.join("\n")
  end

  # Options that are accepted because an existing configure block of the ruby_llm gem has them.
  def kept
    names = RubyLLM::Native::Configuration.options - RubyLLM::Native::Configuration.own_options.keys
    names.map { |name| "`#{name}`" }.each_slice(4).map { |some| some.join(", ") }.join(",\n") << "."
  end

  # The kinds of failure, from the list in C.
  def statuses
    rows = list("base/status.h", "RLM_STATUSES").scan(STATUS).drop(1)
    rows = rows.map { |word, raised, sentence| ["`:#{word}`", sentence.scan(/"(.*?)"/).join, "`#{raised}`"] }
    table("`error_status`", "what happened", "raised as", rows)
  end

  def dated
    "Base URLs are as models.dev stated them on #{endpoints.date}, or as the page says that the last column links to."
  end

  # The endpoints that need only a name and a key.
  def known
    rows = endpoints.endpoints.reject(&:built_in?).map do |endpoint|
      ["#{endpoint.name} (`#{endpoint.slug}`)", endpoint.api, "`#{endpoint.base_url}`", code(endpoint.key_variables),
        endpoint.source ? "[page](#{endpoint.source})" : ""]
    end
    table("endpoint", "API", "base URL", "key", "stated by", rows)
  end

  def short
    table("name", "is", endpoints.aliases.sort.map { |names| names.map { |name| "`#{name}`" } })
  end

  # What the environment configures only for those who name it.
  def named
    rows = endpoints.ambiguous.sort.map do |variable|
      [code([variable]), code(endpoints.endpoints.select { |one| one.key_variables.include?(variable) }.map(&:slug))]
    end
    rows << ["the key of a server of this machine", code(endpoints.endpoints.select(&:local?).map(&:slug))]
    table("variable", "endpoints", rows)
  end

  # What the environment sets of the gem's own options.
  def variables
    rows = endpoints.endpoints.select { |endpoint| endpoint.built_in? && endpoint.settings.any? }.map do |endpoint|
      values = endpoint.settings.map do |option, texts|
        "`#{option}`: #{texts.map { |text| code([text[/\A\$\{(\w+)\}\z/, 1] || text]) }.join(", else ")}"
      end
      ["#{endpoint.name} (`#{endpoint.slug}`)", values.join("; ")]
    end
    table("provider", "options and the variables that set them", rows)
  end

  def endpoints
    RubyLLM::Native.const_get(:KnownEndpoints)::Index.shipped
  end

  def code(texts)
    texts.map { |text| "`#{text}`" }.join(", ")
  end

  # Every word that a model's facts can have.
  def words
    rows = WORDS.map do |name, what|
      stated = list("model/words.h", "RLM_#{name}").scan(/"([^"]*)"/).flatten.reject(&:empty?)
      [what, stated.map { |word| "`#{word}`" }.join(", ")]
    end
    table("of", "words", rows)
  end

  # What is counted, in which unit, and where ruby_llm has it.
  def meters
    rows = list("model/price.h", "RLM_METERS").scan(/X\(\w+, "(\w+)", (\w+), "(\w*)", "(\w*)"\)/)
    table("meter", "what is counted", "usual unit", "in ruby_llm", rows.map { |meter, unit, category, attribute|
      ["`:#{meter}`", METERS.fetch(meter.to_sym), "`:#{unit.downcase}`",
        category.empty? ? "" : "`#{category}`, `#{attribute}_per_million`"]
    })
  end

  def tiers
    RubyLLM::Native::PRICE_TIERS.map { |tier| "`:#{tier}`" }.join(", ")
  end

  # The macro of that name in a header of the core, on one line.
  def list(header, name)
    text = File.read(File.expand_path("../ext/ruby_llm_native/core/#{header}", __dir__), encoding: "UTF-8")
    text[/#define #{name}\(X\).*?\n\n/m].gsub(/\s*\\\n\s*/, " ")
  end

  def providers
    <<~TEXT
      # Providers and metadata sources

      Made by `rake docs:providers` from the list in `ext/ruby_llm_native/core/sources/source.h`. The oddities of a
      source are described at the head of its file in that folder.

      A source is asked when all settings without a mark are set. Of settings marked * one is enough; those in brackets
      are optional. A listing marked ° may fail without failing the source; → marks listings with pages.

      | source | base URL | listings | authorization | settings | states |
      |---|---|---|---|---|---|
      #{RubyLLM::Native::SOURCES.select { |source| source[:askable] }.map { |source| row(source) }.join("\n")}
    TEXT
  end

  def row(source)
    marks = [("local" if source[:local]), ("metadata source" if source[:catalogue])].compact
    name = ["#{source[:name]} (`#{source[:slug]}`)", *marks].join(", ")
    line([name, source[:base_url] ? "`#{source[:base_url]}`" : "", listings(source), source[:auth], settings(source),
      source[:states]])
  end

  def listings(source)
    source[:listings].map { |listing|
      "`#{listing[:path]}`#{"→" if listing[:paged]}#{"°" if listing[:optional]}" if listing[:path]
    }.compact.uniq.join(", ")
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

  desc "Write #{Docs::PROVIDERS} from the table of sources"
  task(providers: :library) { File.write(Docs::PROVIDERS, Docs.providers) }

  Docs::PAGES.each do |page, blocks|
    desc "Write into #{page}: #{blocks.join(", ")}"
    task(File.basename(page, ".*") => :library) do
      File.write(page, Docs.fill(page, File.read(page, encoding: "UTF-8")))
    end
  end
end

desc "Write what tables in the code say into docs/ and sig/"
task docs: ["docs:providers", *Docs::PAGES.keys.map { |page| "docs:#{File.basename(page, ".*")}" }]

namespace :docs do
  desc "Count in docs/reference/beside-ruby_llm.md how entries differ from those of the ruby_llm gem in the bundle"
  task beside: :library do
    require_relative "../spec/support/bundle_comparison"
    path = "docs/reference/beside-ruby_llm.md"
    plain = BundleComparison.entries("ruby_llm")
    differences = BundleComparison.differences(plain)
    strange = differences.select { |difference| difference.reason.nil? }
    abort "No reason is known for:\n#{strange.first(20).join("\n")}" if strange.any?

    text = File.read(path, encoding: "UTF-8")
    version = Gem.loaded_specs.fetch("ruby_llm").version.to_s
    counts = BundleComparison::Table.count(plain, differences)
    File.write(path, BundleComparison::Table.write(text, version, counts))
  end
end
