# frozen_string_literal: true

# What the sources state of the prices of some models, side by side, and whose of them a registry uses.
class PriceComparison
  # The variable of each document, its sheet, and the head of its column; in the order in which they are believed.
  DOCUMENTS = {
    "OPENROUTER" => %w[openrouter OpenRouter], "MODELS_DEV" => %w[models_dev models.dev],
    "PRICE_FILE" => %w[price_file price\ file], "GENAI_PRICES" => %w[genai_prices genai-prices],
    "LITELLM" => %w[litellm_prices LiteLLM]
  }.freeze
  METERS = %i[input output cache_read].freeze

  # @param names [Array<String>] of models, as provider/id
  # @param documents [Hash{String => String}] the text of each document, by its variable
  # @param at [Time] when the prices are to hold
  def initialize(names, documents, at: Time.now)
    @names = names
    @at = at
    @native = RubyLLM::Native
    @read = DOCUMENTS.slice(*documents.keys).to_h { |variable, (name, _)| [name, sheet(name, documents[variable])] }
    @alone = @read.transform_values { |sheet| catalog([sheet]) }
    @merged = catalog(@read.values)
  end

  # @return [String] a table in Markdown: US dollars per million tokens of input, output and input from the cache
  def to_s
    heads = ["model", *@read.keys.map { |name| label(name) }, "used"]
    [heads, heads.map { "---" }, *@names.map { |name| row(name) }].map { |cells| "| #{cells.join(" | ")} |" }.join("\n")
  end

  # @return [Hash{String => Integer}] how many models each source prices, and in how many of them it states something
  #   else than what is used
  def summary
    @read.keys.to_h do |name|
      stated = @names.select { |model| amounts(@alone[name][model]) }
      [label(name), [stated.size, stated.count { |model| differs?(model, name) }]]
    end
  end

  private

  def sheet(name, text)
    reader = (name == "price_file") ? :read_price_file : :read_sheet
    @native.public_send(reader, name, text, @at.to_i).first
  end

  # A registry file of the names makes the models, since price lists make none.
  def catalog(sheets)
    rows = @names.map { |name| name.split("/", 2) }.map { |provider, id| {provider: provider, id: id} }
    @names_sheet ||= @native.read_sheet("file", JSON.generate(rows), @at.to_i).first
    view = @native::View.new(@native::Catalog.merge([@names_sheet, *sheets]))
    @names.to_h { |name| [name, view[name.split("/", 2).last, provider: name.split("/", 2).first]] }
  end

  def row(model)
    ["`#{model}`", *@read.keys.map { |name| cell(model, name) }, used(@merged[model])]
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
    amounts(@alone[name][model]).compact.any? { |meter, amount| amount != amounts(@merged[model])[meter] }
  end

  # @return [Hash{Symbol => BigDecimal, nil}, nil] nil where the source states none of them
  def amounts(model)
    found = METERS.to_h { |meter| [meter, model&.price(meter, at: @at, exact: true)] }
    found if found.values.any?
  end

  # Whose prices they are, which others have some, and what a later source adds.
  def used(model)
    return "–" unless model&.priced?

    origin = model.origin(:pricing)
    return "an equivalent id" if origin == :alias

    added = model.prices.reject { |price| price.origin == origin }.group_by(&:origin).map do |other, prices|
      "#{prices.flat_map { |price| conditions(price) }.uniq.join(", ")} of #{label(other.name)}"
    end
    [label(origin.name), *added].join("; ")
  end

  def conditions(price)
    [
      (price.tier.name unless price.tier == :standard), ("1h" if price.meter == :cache_write_1h),
      ("long" if price.threshold), ("dated" if price.from || price.until), ("hours" if price.hours),
      ("region" if price.region), (price.meter.name if price.conditions.empty? && price.meter != :cache_write_1h)
    ].compact
  end

  def label(name)
    DOCUMENTS.each_value { |sheet, head| return head if sheet == name }
    name
  end
end

namespace :prices do
  # Each document is a file. MODELS is a file with a model a line, or provider/id,provider/id,…; AT is a time.
  #
  #   rake prices:compare MODELS=openai/gpt-4.1 MODELS_DEV=api.json GENAI_PRICES=data.json
  desc "Compare what documents state of MODELS (MODELS_DEV, PRICE_FILE, GENAI_PRICES, LITELLM, OPENROUTER: files)"
  task compare: "docs:library" do
    require "time"

    models = ENV["MODELS"] or abort("MODELS must be provider/id,… or a file with one a line, got nothing")
    models = File.file?(models) ? File.readlines(models, chomp: true) : models.split(",")
    documents = ENV.slice(*PriceComparison::DOCUMENTS.keys).transform_values { |path| File.binread(path) }
    abort("Give a document: #{PriceComparison::DOCUMENTS.keys.join(", ")}") if documents.empty?

    at = ENV["AT"] ? Time.parse("#{ENV["AT"]} UTC") : Time.now
    comparison = PriceComparison.new(models.map(&:strip).reject(&:empty?), documents, at: at)
    puts comparison, ""
    comparison.summary.each { |source, (stated, other)| puts "#{source}: #{stated} priced, #{other} not as used" }
  end
end
