# frozen_string_literal: true

# What the sources state of the prices of some models, side by side, and whose of them a registry uses.
class PriceComparison
  # The variable of each document that describes many providers' models, its sheet, and the head of its column; in the
  # order in which they are believed. A provider's own listing comes first: its variable is its slug in capitals.
  DOCUMENTS = {
    "MODELS_DEV" => ["models_dev", "models.dev"], "PRICE_FILE" => ["price_file", "price file"],
    "GENAI_PRICES" => ["genai_prices", "genai-prices"], "LITELLM" => ["litellm_prices", "LiteLLM"]
  }.freeze
  METERS = %i[input output cache_read].freeze

  # @return [Hash{String => Array(String, String)}] {DOCUMENTS} behind those of providers
  def self.documents
    providers = RubyLLM::Native::SOURCES.reject { |source| source[:catalogue] }
    providers.to_h { |source| [source[:slug].upcase, source.values_at(:slug, :name)] }
      .except(*DOCUMENTS.keys).merge(DOCUMENTS)
  end

  # @param names [Array<String>] of models, as provider/id
  # @param documents [Hash{String => String}] the text of each document, by its variable
  # @param at [Time] when the prices are to hold
  def initialize(names, documents, at: Time.now)
    @names = names
    @at = at
    @native = RubyLLM::Native
    known = PriceComparison.documents.slice(*documents.keys)
    @heads = known.values.to_h
    sheets = known.to_h { |variable, (name, _)| [name, sheet(name, documents[variable])] }
    @alone = sheets.transform_values { |sheet| models([sheet]) }
    @merged = models(sheets.values)
  end

  # @return [String] a table in Markdown: US dollars per million tokens of input, output and input from the cache
  def to_s
    heads = ["model", *@heads.values, "used"]
    [heads, heads.map { "---" }, *@names.map { |name| row(name) }].map { |cells| "| #{cells.join(" | ")} |" }.join("\n")
  end

  # @return [Hash{String => Array(Integer, Integer)}] how many models each source prices, and in how many of them it
  #   states something else than what is used
  def summary
    @alone.to_h do |name, models|
      stated = @names.select { |model| amounts(models[model]) }
      [@heads[name], [stated.size, stated.count { |model| differs?(model, name) }]]
    end
  end

  private

  def sheet(name, text)
    reader = (name == "price_file") ? :read_price_file : :read_sheet
    @native.public_send(reader, name, text, @at.to_i).first
  end

  # Endpoints that list the models and state nothing else of them, since price lists make none. Any API will do.
  def listings
    @listings ||= begin
      ids = @names.uniq.map { |name| name.split("/", 2) }.sort.group_by(&:first)
      sheets = ids.to_h do |provider, pairs|
        stamp = {api: @native::SOURCES.first[:slug], provider: provider, fetched_at: @at.to_i}
        models = pairs.map { |_, id| {provider: provider, id: id, standing: "listed"} }
        ["#{provider}_listed", {stamp: stamp, models: models}]
      end
      format = {name: "ruby_llm_native", version: 3}
      @native::Export.load(JSON.generate({format: format, catalog: {models: []}, **sheets})).last.values
    end
  end

  # @return [Hash{String => Model, nil}] by name
  def models(sheets)
    view = @native::View.new(@native::Catalog.merge([*listings, *sheets]))
    @names.to_h do |name|
      provider, id = name.split("/", 2)
      [name, view[id, provider: provider]]
    end
  end

  def row(model)
    ["`#{model}`", *@alone.keys.map { |name| cell(model, name) }, used(@merged[model])]
  end

  # What is not used stands in bold.
  def cell(model, name)
    found = amounts(@alone[name][model]) or return "–"
    own = amounts(@merged[model])
    words = METERS.map do |meter|
      amount = found[meter] ? found[meter].to_s("F").delete_suffix(".0") : "?"
      (found[meter] && found[meter] != own[meter]) ? "**#{amount}**" : amount
    end
    "#{words.join(" / ")}#{" (alias)" if @alone[name][model].origin(:pricing) == :alias}"
  end

  def differs?(model, name)
    own = amounts(@merged[model])
    amounts(@alone[name][model]).compact.any? { |meter, amount| amount != own[meter] }
  end

  # @return [Hash{Symbol => BigDecimal, nil}, nil] nil where the source states none of them
  def amounts(model)
    found = METERS.to_h { |meter| [meter, model&.price(meter, at: @at, exact: true)] }
    found if found.values.any?
  end

  # Whose list it is, and under which conditions others complete it.
  def used(model)
    return "–" unless model&.priced?

    origin = model.origin(:pricing)
    return "an equivalent id" if origin == :alias

    added = model.prices.reject { |price| price.origin == origin }.group_by(&:origin).map do |other, prices|
      "#{prices.flat_map { |price| conditions(price) }.uniq.join(", ")} of #{@heads[other.name]}"
    end
    [@heads[origin.name] || origin, *added].join("; ")
  end

  def conditions(price)
    [
      (price.tier.name unless price.tier == :standard), ("1h" if price.meter == :cache_write_1h),
      ("long" if price.threshold), ("dated" if price.from || price.until), ("hours" if price.hours),
      ("region" if price.region), ("size" if price.size || price.quality)
    ].compact
  end
end

namespace :prices do
  # Each document is a file. MODELS is a file with a model a line, or provider/id,provider/id,…; AT is a time, in UTC.
  #
  #   rake prices:compare MODELS=openai/gpt-4.1 MODELS_DEV=api.json GENAI_PRICES=data.json
  desc "Compare what documents state of MODELS (#{PriceComparison::DOCUMENTS.keys.join(", ")}, providers: files)"
  task compare: "docs:library" do
    require "time"

    models = ENV["MODELS"] or abort("MODELS must be provider/id,… or a file with one a line, got nothing")
    models = File.file?(models) ? File.readlines(models, chomp: true) : models.split(",")
    documents = ENV.slice(*PriceComparison.documents.keys).transform_values { |path| File.binread(path) }
    abort("Give a document: #{PriceComparison.documents.keys.join(", ")}") if documents.empty?

    at = ENV["AT"] ? Time.parse("#{ENV["AT"]} UTC") : Time.now
    comparison = PriceComparison.new(models.map(&:strip).reject(&:empty?), documents, at: at)
    puts comparison, ""
    comparison.summary.each { |source, (stated, other)| puts "#{source}: #{stated} priced, #{other} not as used" }
  end
end
