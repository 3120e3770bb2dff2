# frozen_string_literal: true

require "json"

module Endpoints
  # What a document of models.dev states about endpoints, beside what is known already.
  #
  # A document is third parties' text, and keys are sent to the URLs in it: a row is taken only when each part of it is
  # what it must be, and the report says why the others are not.
  class Update
    FOLDER = File.expand_path("../../lib/ruby_llm/native/known_endpoints", __dir__)
    GROUPS = File.expand_path("../../ext/ruby_llm_native/core/sources/models_dev.c", __dir__)

    # The document names the package of the AI SDK that speaks with an endpoint. Package => our API of the same paths.
    PACKAGES = JSON.parse(File.read("#{__dir__}/packages.json")).freeze

    KNOWN = RubyLLM::Native.const_get(:KnownEndpoints)
    SLUG = /\A[a-z0-9_]{1,64}\z/
    NAME = /\A[^[:cntrl:]|`<>\[\]\\]{1,80}\z/
    VARIABLE = /\A[A-Z0-9_]{1,80}\z/
    DATE = /\A\d{4}-\d\d-\d\d\z/
    NO_KEY = /_(ENDPOINT|HOST|URL)\z/ # replaces an address

    Refused = Class.new(StandardError)

    # @param document [Hash] models.dev's, parsed
    # @param date [String] its date
    # @param folder [String] of the two files
    def initialize(document, date, folder: FOLDER)
      raise ArgumentError, "DATE must be as 2026-07-02, got #{date}" unless date.match?(DATE)

      @path = File.join(folder, "generated.json")
      @before = File.exist?(@path) ? JSON.parse(File.read(@path)) : {}
      @by_hand = JSON.parse(File.read(File.join(folder, "by_hand.json")))
      @left_out = {}
      @rows = {"document" => date, **rows(document)}
      raise ArgumentError, "The document must have endpoints, and has none" if @rows["endpoints"].empty?
    end

    # @return [void]
    def write
      File.write(@path, text)
    end

    # @return [String] what the file is to have: one row a line
    def text
      parts = @rows.map do |name, value|
        next "  #{JSON.generate(name)}: #{JSON.generate(value)}" unless value.is_a?(Array)

        "  #{JSON.generate(name)}: [\n#{value.map { |row| "    #{JSON.generate(row)}" }.join(",\n")}\n  ]"
      end
      "{\n#{parts.join(",\n")}\n}\n"
    end

    # @return [Array<String>] what is new, what has changed, what is gone; what was left out and why; how many there are
    def report
      changes = %w[endpoints providers].flat_map { |part| compare(by_slug(@before[part]), by_slug(@rows[part])) }
      changes << "nothing has changed" if changes.empty?
      left_out = @left_out.sort.map { |group, reason| "left out #{group}: #{reason}" }
      [*changes, *left_out, "#{@rows["endpoints"].size} endpoints, #{@rows["providers"].size} providers"]
    end

    private

    def rows(document)
      taken = {}
      providers = Hash.new { |all, slug| all[slug] = {"slug" => slug, "models_dev" => [], "variables" => []} }
      document.sort.each do |group, facts|
        slug = slug_of(group)
        next provider(providers[slug], group, facts) if sources.include?(slug)

        row = endpoint(slug, facts) or next
        raise Refused, "#{slug} is also the slug of another group" if taken[slug]

        taken[slug] = row
      rescue Refused => error
        @left_out[group] = error.message
      end
      providers = providers.sort.map { |_, row| row.reject { |_, names| names.empty? } }
      {"endpoints" => taken.sort.map(&:last), "providers" => providers}
    end

    def slug_of(group)
      slug = groups[group] || KNOWN.normalise(group)
      slug.match?(SLUG) ? slug : raise(Refused, "a slug must have letters, digits and underscores")
    end

    # One that the gem asks by options of its own: only the names of its variables are new.
    def provider(row, group, facts)
      row["models_dev"] << group if KNOWN.normalise(group) != row["slug"]
      row["variables"] |= variables(facts)
    end

    def endpoint(slug, facts)
      name, package, url = facts.values_at("name", "npm", "api")
      kept = @by_hand["endpoints"].any? { |row| row["slug"] == slug }
      raise Refused, "is kept by hand, and the document has a base URL now" if kept && url
      return if kept
      raise Refused, "has no base URL" unless url

      api = PACKAGES[package] or raise Refused, "speaks the API of #{package}, which is not in packages.json"
      raise Refused, "a name must be plain text" unless name.to_s.match?(NAME)

      base_url = base_url(url, api)
      keys = variables(facts).grep_v(NO_KEY) - KNOWN::BaseURL.variables(base_url)
      raise Refused, "has no key" if keys.empty?

      {"slug" => slug, "name" => name, "api" => api, "base_url" => base_url, "keys" => keys}
    end

    # Without what the listing's path adds: some state the address of a call, or the version that our path begins with.
    def base_url(url, api)
      base = url.sub(%r{/(chat/completions)?/*\z}, "")
      path = RubyLLM::Native::SOURCES.find { |source| source[:slug] == api }[:listings].first[:path]
      base = base.delete_suffix("/v1") if path.start_with?("v1/")
      filled = base.sub(/\A\$\{\w+\}/, "https://variable").gsub(KNOWN::BaseURL::VARIABLE, "variable")
      return base if KNOWN::BaseURL.safe?(filled)

      raise Refused, "a base URL must begin with https://, or with http:// on this machine, got #{url.inspect}"
    end

    def variables(facts)
      names = Array(facts["env"])
      (names.all? { |name| name.to_s.match?(VARIABLE) }) ? names : raise(Refused, "a variable must have a plain name")
    end

    # models.dev's names of our providers, where they are others.
    def groups
      @groups ||= File.read(GROUPS, encoding: "UTF-8").scan(/\{"([\w-]+)", "(\w+)"\}/).to_h
    end

    def sources
      @sources ||= RubyLLM::Native::SOURCES.map { |source| source[:slug] }
    end

    def by_slug(rows)
      Array(rows).to_h { |row| [row["slug"], row] }
    end

    def compare(before, after)
      (before.keys | after.keys).sort.flat_map do |slug|
        was, is = before[slug], after[slug]
        next "+ #{is.values.join(" ")}" unless was
        next "- #{was.values.join(" ")}" unless is

        (was.keys | is.keys).reject { |key| was[key] == is[key] }.map do |key|
          "~ #{slug}: #{key} is #{is[key].inspect}, was #{was[key].inspect}"
        end
      end
    end
  end
end
