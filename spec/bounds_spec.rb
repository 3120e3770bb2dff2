# frozen_string_literal: true

require_relative "support/listings"

# Whatever one source answers, is told or costs: it can only fail itself, and the others are taken in.
RSpec.describe "a refresh beside a source that overdoes it" do
  include_context "with a server for all sources"
  include Listings

  let(:config) { Refreshing.configuration(server, only: %w[openai mistral deepseek xai anthropic]) }

  def expect_failed_alone(source, **facts)
    registry.refresh!

    expect(outcome(source)).to have_attributes(status: :failed, **facts)
    expect(registry.last_refresh.failures.map(&:source)).to eq([source])
    expect(listed(:openai).size).to eq(12)
  end

  describe "rows of one id" do
    # 600 rows that name 200 ids each: 120,000 of them, in 1.3 MB.
    def repeated(row)
      {data: Array.new(600) { |i| row.merge(aliases: Array.new(200) { |j| "other-#{i * 131 + j}" }) }}
    end

    it "are united, and name at most 1,024 other ids" do
      server.on("mistral", json(repeated(id: "twin-1")))
      server.on("xai", ->(request) { request.path.end_with?("/models") ? json(repeated(id: "twin-2")) : status(404) })
      took = seconds { registry.refresh! }

      expect(registry.last_refresh.failures).to be_empty
      expect([registry.find("twin-1").kin.size, registry.find("twin-2").kin.size]).to eq([1024, 1024])
      expect(took).to be < 5
    end
  end

  describe "an answer that is more work than bytes" do
    let(:empty_block) { "\0\0\0\xff\xff".b } # of deflate: five bytes that unpack to nothing
    let(:gzip_head) { "\x1f\x8b\x08\0\0\0\0\0\0\x03".b }

    # A body of any length, until the client has had enough.
    def endless(encoding, head, unit)
      ReplayServer::Answer.new do |line|
        line.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        line.write("Content-Encoding: #{encoding}\r\nConnection: close\r\n\r\n", head)
        line.write(unit) while line.pause(0)
      end
    end

    def packed(encoding, body)
      json(body, headers: {"content-encoding" => encoding})
    end

    before { config.refresh_timeout = 4 }

    it "fails when it is compressed more than once" do
      inner = gzip_head + empty_block * 2_000_000
      server.on("mistral", packed("gzip, gzip", Zlib.gzip(inner)))

      expect(seconds { expect_failed_alone(:mistral, error_status: :network, error: /compressed at most once/) })
        .to be < 2
    end

    it "fails when it is compressed by two headers" do
      server.on("deepseek", ReplayServer::Answer.new do |line|
        line.write(
          "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n",
          Zlib.gzip(Zlib.deflate("{}"))
        )
      end)

      expect_failed_alone(:deepseek, error_status: :network, error: /compressed at most once/)
    end

    it "fails when it is compressed three times" do # newer versions of libcurl refuse five by themselves
      server.on("xai", packed((["gzip"] * 3).join(","), "{}"))

      expect_failed_alone(:xai, error_status: :network, error: /compressed at most once/)
    end

    it "fails at 32 MB received when they unpack to nothing" do
      server.on("mistral", endless("gzip", gzip_head, empty_block * 200_000))

      took = seconds do
        expect_failed_alone(:mistral, error_status: :too_large, error: "the answer is larger than 33554432 bytes")
      end
      expect(took).to be < 5
    end
  end

  describe "JSON that is more work than bytes" do
    before { config.refresh_timeout = 4 }

    it "is read in linear time when one text comes byte by byte" do
      text = "t" * 300_000
      server.on("mistral", ReplayServer::Answer.new do |line|
        line.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        body = %({"data":[{"id":"m","note":"#{text}"}]})
        line.write(body.each_char.map { |byte| "1\r\n#{byte}\r\n" }.join, "0\r\n\r\n")
      end)
      registry.refresh!

      expect(outcome(:mistral)).to have_attributes(status: :refreshed, rows: 1)
      expect(registry.find("m").metadata).to eq({mistral: {note: text}})
    end

    it "fails its source when one row holds more values than any has" do
      server.on("deepseek", json({data: [{id: "m", many: (1..10_000).to_a}]}))

      expect_failed_alone(
        :deepseek, error_status: :too_large,
        error: /\Aone row, or the envelope around the rows, holds more than 10000 values/
      )
    end

    it "costs a row alone when its id holds half a surrogate pair before an escaped backslash" do
      server.on("xai", lambda do |request|
        next status(404) unless request.path.end_with?("/xai/models")

        json('{"data":[{"id":"a"},{"id":"b\ud83d\\\\uWXYZ"},{"id":"c"}]}')
      end)
      registry.refresh!

      expect(outcome(:xai)).to have_attributes(status: :refreshed, rejected: 1)
      expect(listed(:xai)).to eq(%w[a c])
    end
  end

  describe "more than is kept of one source" do
    # Each row at 3 MB: what it says is nobody's but metadata.
    it "fails its source, in less memory than an answer may have" do
      row = Array.new(3) { |i| %("note_#{i}":"#{"n" * 1_000_000}") }.join(",")
      server.on("mistral", json(%({"data":[#{Array.new(7) { |i| %({"id":"m-#{i}",#{row}}) }.join(",")}]})))

      expect_failed_alone(
        :mistral, error_status: :too_large, error: /\Aits models take more than 16 MB of memory, at byte 1\d{7}\z/
      )
    end

    it "fails its source when its models name too many other ids" do
      rows = Array.new(700) { |i| {id: "m-#{i}", aliases: Array.new(900) { |j| (i * 900 + j).to_s(36) }} }
      server.on("mistral", json({data: rows}))

      expect_failed_alone(:mistral, error_status: :too_large, error: /\Aits models name more than 52\d{4} other ids/)
    end

    it "drops what a page that broke off had kept, however often it is asked again" do
      config.refresh_retries = 3
      note = "n" * 900_000
      whole = JSON.generate({data: Array.new(13) { |i| {id: "m-#{i}", note: note} }})
      server.on("deepseek", [cut(whole, at: 0.98), cut(whole, at: 0.97), cut(whole, at: 0.96), json(whole)])
      registry.refresh!

      expect(outcome(:deepseek)).to have_attributes(status: :refreshed, attempts: 4, rows: 13)
    end
  end

  describe "rows of one id that state much" do
    let(:config) do
      Refreshing.configuration(server, only: %w[openai], deepgram_api_key: "key-of-deepgram-1b5e55ed0ddba11",
        deepgram_api_base: server.url("deepgram"))
    end

    it "are united in the time it takes to sort them" do
      rows = Array.new(120) do |i|
        row = {name: "voice", canonical_name: "voice", languages: ["l#{i}"], same: true, other: i}
        row.merge((0...200).to_h { |j| [:"k#{i * 200 + j}", 1] })
      end
      server.on("deepgram", json({stt: rows}))
      took = seconds { registry.refresh! }

      metadata = registry.find("voice").metadata[:deepgram]
      expect(metadata.size).to eq(24_002) # its own members, `same` and the languages; `other` is contradicted
      expect(metadata).to include(same: true, k0: 1, k23999: 1, languages: Array.new(120) { |i| "l#{i}" }.sort)
      expect(took).to be < 5
    end
  end

  describe "pages without an end" do
    def page(id, after)
      json({data: [{id: id, type: "model"}], has_more: true, last_id: after})
    end

    it "end when one names a page that was read" do
      server.on("anthropic", ->(request) { (request.query["after_id"] == "a") ? page("m-2", "b") : page("m-1", "a") })

      expect_failed_alone(
        :anthropic, error_status: :too_many_pages, attempts: 3,
        error: "pagination loop: page 3 names a page that was already read"
      )
    end

    it "end when they go round in a larger circle" do
      server.on(
        "anthropic", ->(request) { page("m", "cursor-#{(request.query["after_id"].to_s[/\d+/].to_i + 1) % 7}") }
      )

      expect_failed_alone(:anthropic, error_status: :too_many_pages, attempts: 8)
    end

    it "end after 200 when each is new" do
      count = 0
      server.on("anthropic", ->(_request) { page("m-#{count += 1}", "cursor-#{count}") })

      expect_failed_alone(:anthropic, error_status: :too_many_pages, attempts: 200, error: "more than 200 pages")
    end
  end

  describe "models that a source does not list any more" do
    def answer(name, count)
      server.on("deepseek", json({data: Array.new(count) { |i| {id: "#{name}-#{i}"} }}))
      registry.refresh!
    end

    def unlisted
      registry.by_provider(:deepseek).unlisted.map { |model| model.id[/\w+/] }.tally
    end

    it "are forgotten, the first to go first, when they are too many" do
      answer("one", 700)
      answer("two", 700)
      expect([outcome(:deepseek).forgotten, unlisted]).to eq([0, {"one" => 700}])
      sleep(1.05) # when they went is known to the second
      answer("three", 5)

      expect(outcome(:deepseek)).to have_attributes(
        status: :refreshed, removed: 700, forgotten: 400, note: "400 long-gone models forgotten"
      )
      expect(unlisted).to eq("one" => 300, "two" => 700)
    end
  end

  describe "a setting that C cannot take" do
    it "fails its source when it holds a NUL byte" do
      config.deepseek_api_key = "key\0of-nobody"

      expect_failed_alone(
        :deepseek, error_status: :bad_setting, error: "deepseek_api_key must not contain a NUL byte: remove it"
      )
    end

    it "fails its source when the base URL holds one" do
      config.mistral_api_base = "#{server.url("mistral")}\0"

      expect_failed_alone(
        :mistral, error_status: :bad_setting, error: "the base URL must not contain a NUL byte: remove it"
      )
    end

    it "fails its source when it is in an encoding with NUL bytes" do
      config.xai_api_key = "key-of-nobody".encode("UTF-16LE")

      expect_failed_alone(:xai, error_status: :bad_setting, error: "xai_api_key must not contain a NUL byte: remove it")
    end

    it "fails its source when it is longer than any key is" do
      config.deepseek_api_key = "k" * 70_000

      expect_failed_alone(:deepseek, error_status: :bad_setting, error: "a setting of DeepSeek is too long")
    end
  end
end
