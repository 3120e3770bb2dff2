# frozen_string_literal: true

require_relative "recorded"

# The providers of models.dev's document whose servers speak OpenAI's format, and all that it states of their models,
# read a second time: see {Recorded}, whose rules hold here, too.
#
# @example
#   recorded = RecordedEndpoints.new { |path| File.read(path) }
#   recorded.names.first(2)                            # => ["302ai", "abacus"]
#   recorded.facts[["nearai", "gpt-5"]][:created_at]   # => [2025-08-07 00:00:00 UTC, :day]
class RecordedEndpoints < Recorded
  PACKAGE = "@ai-sdk/openai-compatible"

  # What of a row are facts of ours. The rest is metadata.
  READ = %i[
    id name family release_date knowledge limit modalities tool_call structured_output reasoning status cost
  ].freeze
  DATES = %i[release_date knowledge].freeze

  # "deprecated" means that a provider no longer serves the model; one that it lists, it serves.
  STATUSES = {"alpha" => :alpha, "beta" => :beta, "deprecated" => :deprecated}.freeze

  FLAGS = {
    "tool_call" => "function_calling", "structured_output" => "structured_output", "reasoning" => "reasoning"
  }.freeze

  # The types of models that give no text, by what they give, and what a type says that a model can.
  BY_OUTPUT = {"embeddings" => :embedding, "image" => :image, "video" => :video, "audio" => :audio}.freeze
  IMPLIED = {
    image: "image_generation", audio: "speech_generation", transcription: "transcription", realtime: "realtime"
  }.freeze

  # @return [Array<String>] as models.dev spells them
  def names
    @names ||= document.select { |_, provider| provider["npm"] == PACKAGE }.keys
  end

  # @return [String] as this gem spells a provider's name
  def slug(name)
    name.tr("-.", "_")
  end

  # @return [Array<String>] of the provider's models
  def ids(name)
    document.fetch(name)["models"].keys
  end

  # @return [Hash{Array<String> => Hash}] by provider and id
  def facts
    @facts ||= names.flat_map { |name|
      document.fetch(name)["models"].map { |id, row| [[slug(name), id], read(name, id, row)] }
    }.to_h
  end

  private

  def document
    @document ||= parse("models_dev")
  end

  # A second time, for metadata: without BigDecimals.
  def plain
    @plain ||= JSON.parse(body("models_dev"), symbolize_names: true)
  end

  def read(name, id, row)
    facts = models_dev(id, row).merge(
      name: row["name"], family: row["family"], created_at: known(moment(row["release_date"])),
      status: STATUSES[row["status"]],
      metadata: rest(plain[name.to_sym][:models][id.to_sym])
    )
    facts[:type] = type(id, *facts.values_at(:input, :output))
    {**facts, **capabilities(row, *facts.values_at(:type, :input))}.compact
  end

  # A date that is none remains what it is, a text. Of a mode the prices are ours.
  def rest(row)
    left = row.reject { |key, value| READ.include?(key) && (!DATES.include?(key) || moment(value)) }
    modes = left.dig(:experimental, :modes) or return left
    left.merge(experimental: {modes: modes.transform_values { |mode| mode.except(:cost) }})
  end

  # The first day of 1970 stands for one that nobody knows.
  def known(moment)
    moment unless moment&.first == Time.at(0)
  end

  # Modalities cannot tell that a model talks in real time.
  def type(id, input, output)
    return BY_OUTPUT.find { |word, _| output.include?(word) }.last unless output.include?("text")
    return :realtime if id.match?(/\brealtime\b/)

    (input == ["audio"] && output == ["text"]) ? :transcription : :chat
  end

  # Both sides: what it can, and what it is said not to.
  def capabilities(row, type, input)
    said = FLAGS.filter_map { |key, word| [word, row[key]] if row.key?(key) }.to_h
    said["vision"] = (input & %w[image video]).any?
    said["video"] = input.include?("video")
    said[IMPLIED[type]] = true if IMPLIED.key?(type)
    can, cannot = said.partition(&:last)
    {capabilities: can.map(&:first).sort, denied_capabilities: cannot.map(&:first).sort}
  end
end
