# frozen_string_literal: true

require "digest"
require "json"
require_relative "replay_server"

# Lists of models in OpenAI's format, the same for the same seed, in all the shapes in which servers of that format
# give it. Seed 0 is OpenAI's own shape, with dates from every other server.
#
# @example
#   answer, facts = CompatibleListings.new(0).of("groq", ["llama-3.3-70b-versatile"])
#   server.on("groq", answer)
#   facts["llama-3.3-70b-versatile"]  # => {created_at: [2024-12-06 …, :second], metadata: {owned_by: "groq"}}
class CompatibleListings
  SHAPES = %i[list data bare models pages].freeze
  CREATED = (Time.utc(2022).to_i..Time.utc(2026).to_i)
  CONTEXTS = (1..2_000_000)

  # What no reader knows, under names that no reader knows.
  WORDS = ["", "plain", "a \"quoted\" one", "line\nbreak\u0001", "\u2028 \u{1f600} é", "</a>", "1e5", "null"].freeze
  OTHERS = [0, -1, 1.5, 0.1, 1e-7, 123_456_789_012_345_678_901, true, false, nil, [], {}].freeze

  # DeepSeek's owner is always the same, and not kept.
  SILENT = {"deepseek" => ["owned_by"]}.freeze

  def initialize(seed)
    @plain = seed.zero?
    @random = Random.new(seed)
  end

  # @param name [String] of the endpoint
  # @param ids [Array<String>]
  # @return [Array(Object, Hash{String => Hash})] what a {ReplayServer} is to answer, and what the rows state, by id
  def of(name, ids)
    says = {dates: sometimes, contexts: sometimes && !@plain, more: sometimes && !@plain}
    rows = ids.map { |id| row(id, name, **says) }
    facts = rows.to_h { |row| [row["id"], stated(row, name)] }
    rows = [*rows, pick(rows), {"id" => "#{name}/*", "object" => "model"}].shuffle(random: @random) unless @plain
    [answer(rows), facts]
  end

  private

  def sometimes
    @random.rand(2).zero?
  end

  def pick(list)
    list[@random.rand(list.size)]
  end

  def row(id, owner, dates:, contexts:, more:)
    row = {"id" => id, "object" => "model", "owned_by" => owner}
    row["created"] = @random.rand(CREATED) if dates
    row["context_length"] = @random.rand(CONTEXTS) if contexts
    @random.rand(1..4).times { |number| row["extra_#{number}_#{@random.rand(1000)}"] = value(3) } if more
    row
  end

  def value(depth)
    case @random.rand(depth.zero? ? 2 : 4)
    when 0 then pick(WORDS)
    when 1 then pick(OTHERS)
    when 2 then Array.new(@random.rand(4)) { value(depth - 1) }
    else Array.new(@random.rand(4)) { |number| ["#{pick(WORDS)} #{number}", value(depth - 1)] }.to_h
    end
  end

  def stated(row, name)
    own = row.except("id", "object", "created", "context_length", *SILENT[name])
    {
      created_at: row["created"] && [Time.at(row["created"]).utc, :second], context_window: row["context_length"],
      metadata: JSON.parse(JSON.generate(own), symbolize_names: true)
    }.compact
  end

  def answer(rows)
    gzip = sometimes
    shape = @plain ? :list : pick(SHAPES)
    return pages(rows.uniq, gzip: gzip) if shape == :pages

    text = JSON.generate(body(shape, rows))
    etag = "\"#{Digest::MD5.hexdigest(text)}\"" if @plain || sometimes
    ReplayServer::Answer.json(text, gzip: gzip, etag: etag)
  end

  def body(shape, rows)
    case shape
    when :list then {object: "list", data: rows}
    when :data then {success: true, data: rows, errors: []}
    when :bare then rows
    when :models then {models: rows}
    end
  end

  # Each page says that there is another, some also after which id.
  def pages(rows, **options)
    named = sometimes
    pages = rows.each_slice((rows.size / 3.0).ceil).to_a
    after = [nil, *pages.map { |page| page.last["id"] }]
    answers = pages.each_with_index.to_h do |page, number|
      more = {has_more: page != pages.last, last_id: (after[number + 1] if named)}.compact
      [after[number], ReplayServer::Answer.json({object: "list", data: page, **more}, **options)]
    end
    unknown = ReplayServer::Answer.status(400, body: {error: "no such page"})
    ->(request) { answers.fetch(request.query["after"], unknown) }
  end
end
