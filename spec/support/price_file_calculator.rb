# frozen_string_literal: true

require "bigdecimal"
require "date"
require "json"

# Reckons in fractions what a usage costs, from the keys of a price file alone.
class PriceFileCalculator
  # What a bill counts: how the file calls it, how many of it a price is for, and how many are drawn at most.
  COUNTED = {
    input: ["input", 10**6, 900_000], output: ["output", 10**6, 90_000],
    cache_read: ["cache_read_input", 10**6, 300_000], cache_write: ["cache_write_input", 10**6, 99_999],
    cache_write_1h: ["cache_write_extended_input", 10**6, 99_999],
    cache_write_extended: ["cache_write_extended_input", 10**6, 99_999],
    audio_input: ["audio_input", 10**6, 9_999], audio_output: ["audio_output", 10**6, 9_999],
    audio_cache_read: ["audio_cache_read_input", 10**6, 999], image_input: ["image_input", 10**6, 9_999],
    image_output: ["image_output", 10**6, 9_999], image_cache_read: ["image_cache_read_input", 10**6, 999],
    video_input: ["video_input", 10**6, 9_999], video_output: ["video_output", 10**6, 9_999],
    transcription: ["transcription_minute", 60, 600], character: ["text_to_speech_character", 10**6, 5_000],
    page: ["ocr_page", 1000, 40], search_unit: ["rerank_search_unit", 1000, 40],
    grounding: ["grounding_request", 1000, 5], maps_grounding: ["maps_grounding_request", 1000, 5],
    cache_storage: ["cache_storage_token_hour", 10**6, 50_000]
  }.freeze
  CHARGES = {
    web_search: ["web_search_request", 1000, 4], file_search: ["file_search_call", 1000, 4],
    code_execution: ["code_execution_hour", 3600, 900]
  }.freeze
  GOES_IN = %i[
    input cache_read cache_write cache_write_1h cache_write_extended audio_input audio_cache_read image_input
    image_cache_read video_input
  ].freeze
  # A price of text is also that of pictures and sounds without one of their own.
  STANDS_FOR = {
    audio_input: :input, image_input: :input, video_input: :input, audio_cache_read: :cache_read,
    image_cache_read: :cache_read
  }.freeze
  PREFIX = /\A(above_context|off_peak|data_residency|batch|flex|priority|fast|ultrafast|on_demand)_/

  # What one key says: of what, how often it is a condition, and from which day on.
  Entry = Struct.new(:word, :tier, :bound, :long, :off_peak, :day, :amount)

  # What is drawn: of which model, under which conditions, how many of what.
  Draw = Struct.new(:name, :tier, :bound, :at, :usage) do
    def tokens = usage.slice(*GOES_IN).values.sum
  end

  def initialize(text)
    @document = JSON.parse(text, decimal_class: BigDecimal)
    @entries = models.transform_values do |row|
      row.reject { |key, _| key.start_with?("_") }.map { |key, amount| entry(key, amount) }
    end
  end

  def models = @document["models"]

  # @return [Draw]
  def draw(random)
    name = models.keys.sample(random: random)
    known = @entries[name]
    one = known.sample(random: random)
    meters = known.map(&:word).uniq.flat_map { |word| meters_of(name, word) }
    meters << :image_input if random.rand(8).zero?
    meters << CHARGES.keys.sample(random: random) if random.rand(5).zero?
    usage = meters.uniq.sample(1 + random.rand(4), random: random)
      .to_h { |meter| [meter, 1 + random.rand(COUNTED.merge(CHARGES)[meter].last)] }
    Draw.new(name, one.tier, one.bound, Time.utc(2026, 9, 1) + random.rand(200 * 86_400), usage)
  end

  # @return [Rational, nil] nil where something that is counted has no price
  def total(draw)
    amounts = draw.usage.map { |meter, count| amount(draw, meter, count) }
    amounts.sum if amounts.all?
  end

  private

  def entry(key, amount)
    rest, day = key.match(/\A(.*?)(?:_from_(.*))?\z/).captures
    found = Entry.new(nil, nil, false, false, false, day && Date.iso8601(day), amount)
    while (prefix = rest[PREFIX, 1])
      case prefix
      when "above_context" then found.long = true
      when "off_peak" then found.off_peak = true
      when "data_residency" then found.bound = true
      else found.tier = prefix
      end
      rest = rest.delete_prefix("#{prefix}_")
    end
    found.word = rest
    found
  end

  # Anthropic's longer time in the cache is an hour.
  def meters_of(name, word)
    other = name.start_with?("anthropic/") ? :cache_write_extended : :cache_write_1h
    COUNTED.filter_map { |meter, row| meter if row.first == word && meter != other }
  end

  def amount(draw, meter, count)
    return charge(draw, meter, count) if CHARGES.key?(meter)

    word, per, = COUNTED[meter]
    stated = price(draw, word)
    stated ||= price(draw, COUNTED[STANDS_FOR[meter]].first) if STANDS_FOR.key?(meter)
    count = [count, models[draw.name]["_minimum_billed_seconds"] || 0].max if meter == :transcription
    stated && (BigDecimal(stated.to_s).to_r * count / per)
  end

  def charge(draw, meter, count)
    word, per, = CHARGES[meter]
    stated = @document["service_charges"].dig(draw.name[%r{\A[^/]+}], word)
    BigDecimal(stated.to_s).to_r * count / per if stated && draw.tier.nil? && !draw.bound
  end

  # The one that holds for long requests, then in these hours, then from the latest day on.
  def price(draw, word)
    holding = @entries[draw.name].select do |entry|
      entry.word == word && entry.tier == draw.tier && entry.bound == draw.bound && holds?(entry, draw)
    end
    holding.max_by { |entry| [entry.long ? 1 : 0, entry.off_peak ? 1 : 0, entry.day&.jd || 0] }&.amount
  end

  def holds?(entry, draw)
    row = models[draw.name]
    return false if entry.long && draw.tokens <= row["_context_price_threshold_tokens"]
    return false if entry.off_peak && !off_peak?(row, draw.at)

    entry.day.nil? || draw.at >= Time.utc(entry.day.year, entry.day.month, entry.day.day)
  end

  def minutes(time)
    hour, minute = time.split(":").map(&:to_i)
    (hour * 60) + minute
  end

  def off_peak?(row, at)
    now = (at.hour * 60) + at.min
    row["_off_peak_windows"].any? do |window|
      window["weekdays"].include?(at.to_date.cwday) && window["hours_utc"].any? do |hours|
        from, till = hours.split("-").map { |time| minutes(time) }
        now >= from && now < till
      end
    end
  end
end
