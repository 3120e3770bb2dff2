# frozen_string_literal: true

require "bigdecimal"
require "bigdecimal/util"
require "json"
require "time"

# A document of genai-prices, read a second time in plain Ruby, by the rules that its makers' library follows. Nothing
# here knows the code under test.
#
# @example
#   recorded = RecordedGenaiPrices.new(File.read(path))
#   row = recorded.row("openai", "gpt-4o-2024-11-20")
#   recorded.amount(row, "input_mtok", tokens: 0, at: Time.utc(2026, 8, 21))  # => 0.25e1
class RecordedGenaiPrices
  # Where a price is stated neither for a count nor for those it is a part of, there is none.
  PART_OF = {
    "cache_read_mtok" => "input_mtok", "cache_write_mtok" => "input_mtok", "cache_write_1h_mtok" => "cache_write_mtok",
    "input_audio_mtok" => "input_mtok", "input_image_mtok" => "input_mtok", "input_video_mtok" => "input_mtok",
    "cache_audio_read_mtok" => "cache_read_mtok", "cache_image_read_mtok" => "cache_read_mtok",
    "output_audio_mtok" => "output_mtok", "output_image_mtok" => "output_mtok", "output_video_mtok" => "output_mtok",
    "output_reasoning_mtok" => "output_mtok", "output_citation_mtok" => "output_mtok"
  }.freeze
  KEYS = ["input_mtok", "output_mtok", *PART_OF.keys, "web_searches_kcount", "requests_kcount"].freeze

  # @return [Array<Hash>]
  attr_reader :providers

  def initialize(text)
    @providers = JSON.parse(text, decimal_class: BigDecimal)
    @by_id = @providers.to_h { |provider| [provider["id"], provider] }
  end

  # @return [Hash, nil] the row that speaks of that id: the provider's first one that matches, else the first one of
  #   those that it falls back to, which fall back to nobody
  def row(provider, id)
    own = @by_id.fetch(provider)
    sellers = [own, *own["fallback_model_providers"]&.filter_map { |name| @by_id[name] }]
    sellers.lazy.flat_map { |seller| seller["models"] }.find { |model| matches?(model["match"], id.downcase) }
  end

  # @return [Boolean]
  def matches?(tree, id)
    kind, value = tree.first
    case kind
    when "or" then value.any? { |each| matches?(each, id) }
    when "and" then value.all? { |each| matches?(each, id) }
    when "equals" then id == value.downcase
    when "starts_with" then id.start_with?(value.downcase)
    when "ends_with" then id.end_with?(value.downcase)
    when "contains" then id.include?(value.downcase)
    when "regex" then id.match?(Regexp.new(value))
    else raise "how is #{kind} read?"
    end
  end

  # @return [Array<String>] texts of a match, as ids: those that are whole ids, and others that it may match
  def texts(tree)
    kind, value = tree.first
    return value.flat_map { |each| texts(each) } if value.is_a?(Array)
    return [value] unless kind == "regex"

    [value.delete("^$\\").gsub(/d(\{(\d)\})?/) { "1" * ($2 || 1).to_i }]
  end

  # @return [BigDecimal, nil] US dollars for a million tokens, or for one of anything else
  def amount(row, key, tokens:, at:)
    set = set_at(row["prices"], at)
    key = PART_OF[key] while key && set[key].nil?
    value = key && set.fetch(key)
    return value && per_unit(key, value) unless value.is_a?(Hash)

    step = value["tiers"].select { |tier| tokens > tier["start"] }.max_by { |tier| tier["start"] }
    per_unit(key, step ? step["price"] : value["base"])
  end

  # @return [Array<Time>] times on both sides of each change
  def times(row)
    return [Time.utc(2026, 8, 21, 12)] unless row["prices"].is_a?(Array)

    row["prices"].flat_map { |each| each["constraint"].to_h.map { |name, value| change(name, value) } }
      .flat_map { |time| [time - 1, time, time + 1] }
  end

  # @return [Array<Integer>] numbers of tokens on both sides of each step
  def lengths(row)
    sets = row["prices"].is_a?(Array) ? row["prices"].map { |each| each["prices"] } : [row["prices"]]
    starts = sets.flat_map(&:values).grep(Hash).flat_map { |value| value["tiers"].map { |tier| tier["start"] } }
    [0, *starts.uniq.flat_map { |start| [start, start + 1] }]
  end

  private

  def set_at(prices, time)
    return prices unless prices.is_a?(Array)

    (prices.reverse.find { |each| holds?(each["constraint"], time) } || prices.first).fetch("prices")
  end

  def holds?(constraint, time)
    stated = constraint.to_h
    return false if stated["start_date"] && time < Time.parse("#{stated["start_date"]} 00:00:00 UTC")
    return true unless stated["start_time"]

    first, last = stated.values_at("start_time", "end_time").map { |text| seconds(change("start_time", text)) }
    now = seconds(time)
    (first <= last) ? now.between?(first, last - 1) : now >= first || now < last
  end

  def seconds(time) = time.hour * 3600 + time.min * 60 + time.sec

  def change(name, value)
    text = (name == "start_date") ? "#{value} 00:00:00 UTC" : "2026-08-21 #{value}"
    Time.parse(text).utc
  end

  def per_unit(key, value)
    key.end_with?("_kcount") ? value.to_d / 1000 : value.to_d
  end
end
