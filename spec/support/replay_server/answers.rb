# frozen_string_literal: true

require "json"
require "stringio"
require "zlib"

# What {ReplayServer} can answer: an {ReplayServer::Answer}, and in {ReplayServer::Answers} one helper for each kind
# of it.
class ReplayServer
  FIXTURES = File.expand_path("../../fixtures", __dir__)

  # What one request gets. Immutable, so that one answer may serve many requests at once. Made by the helpers in
  # {Answers}.
  class Answer
    attr_reader :delay, :wire

    # @param delay [Numeric] seconds before the first byte
    # @param etag [String, nil] answer 304 to a request that has it already
    # @param gzip [Boolean] compress for a client that accepts it
    # @yieldparam line [Line] given a block, the answer is written by hand: the block gets the bare connection
    def initialize(status: 200, headers: {}, body: "", delay: 0, etag: nil, gzip: false, &wire)
      @status = status
      @headers = (etag ? headers.merge("etag" => etag) : headers).freeze
      @body = body.dup.freeze
      @delay = delay
      @etag = etag
      @gzip = gzip
      @wire = wire
      freeze
    end

    # @return [Array] Rack's triple
    def to_rack(request)
      return [304, {"etag" => @etag}, []] if known_to?(request)
      return [@status, @headers, [@body]] unless @gzip && request.headers["accept-encoding"].to_s.include?("gzip")

      [@status, @headers.merge("content-encoding" => "gzip", "vary" => "Accept-Encoding"), [Zlib.gzip(@body)]]
    end

    private

    def known_to?(request)
      known = request.headers["if-none-match"]
      @etag && known && known.split(/\s*,\s*/).map { |tag| tag.delete_prefix("W/") }.include?(@etag.delete_prefix("W/"))
    end
  end

  # The ways to answer. Call them on {Answer}, or include this module. `body` is JSON text, or an object to write as
  # JSON.
  module Answers
    # @return [String] a fixture's text; "openai/good" is spec/fixtures/openai/good.json
    def fixture(name)
      File.read(File.join(FIXTURES, "#{name}.json"), encoding: Encoding::UTF_8)
    end

    # @param options [Hash] `delay:`, `etag:` and `gzip:` as in {Answer#initialize}
    def json(body, status: 200, headers: {}, **options)
      Answer.new(
        status: status, headers: {"content-type" => "application/json"}.merge(headers), body: text(body), **options
      )
    end

    def html(status: 200)
      Answer.new(
        status: status, headers: {"content-type" => "text/html"}, body: "<!doctype html><title>Sign in</title>"
      )
    end

    def redirect(to:)
      Answer.new(status: 302, headers: {"location" => to})
    end

    # @param retry_after [Integer, String, nil] seconds, or a date as HTTP writes it
    def status(code, retry_after: nil, body: "", headers: {})
      json(body, status: code, headers: retry_after ? headers.merge("retry-after" => retry_after.to_s) : headers)
    end

    # A part of the body, then silence until the client leaves, the server stops or 30 s are over.
    def stall(body = fixture("openai/good"), after_bytes: 0)
      by_hand(body) do |line, whole|
        line.write(head("Content-Length: #{whole.bytesize}"), whole.byteslice(0, after_bytes))
        line.wait_for_client(30)
      end
    end

    # Promises the whole by Content-Length and closes after a fraction of it.
    def cut(body, at: 0.5)
      by_hand(body) { |line, whole| line.write(head("Content-Length: #{whole.bytesize}"), fraction(whole, at)) }
    end

    # Closes after a fraction of the body, without the chunk of length zero that would end it.
    def cut_chunked(body, at: 0.5)
      by_hand(body) { |line, whole| line.write(head("Transfer-Encoding: chunked"), chunk(fraction(whole, at))) }
    end

    # Closes without a byte.
    def drop
      by_hand("") { nil }
    end

    # The whole body in many small chunks, `pause` seconds between them.
    def trickle(body, bytes_per_chunk: 1, pause: 0)
      by_hand(body) do |line, whole|
        line.write(head("Transfer-Encoding: chunked"))
        (0...whole.bytesize).step(bytes_per_chunk) do |start|
          line.write(chunk(whole.byteslice(start, bytes_per_chunk)))
          break unless line.pause(pause)
        end
        line.write(chunk(""))
      end
    end

    # A small answer that inflates to `size` bytes of legal JSON, most of them blanks. Compressed whether or not the
    # client accepts it.
    def gzip_bomb(size:)
      start, finish = '{"data":[', "]}"
      packed = StringIO.new("".b)
      gzip = Zlib::GzipWriter.new(packed, Zlib::BEST_COMPRESSION)
      gzip.write(start)
      left = size - start.bytesize - finish.bytesize
      left -= gzip.write(" " * [left, 1 << 20].min) while left.positive?
      gzip.write(finish)
      gzip.close
      json(packed.string, headers: {"content-encoding" => "gzip"})
    end

    private

    def text(body)
      body.is_a?(String) ? body : JSON.generate(body)
    end

    def by_hand(body)
      whole = text(body).b.freeze
      Answer.new { |line| yield line, whole }
    end

    def head(framing)
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n#{framing}\r\n\r\n"
    end

    def chunk(bytes)
      "#{bytes.bytesize.to_s(16)}\r\n".b << bytes << "\r\n"
    end

    def fraction(whole, part)
      whole.byteslice(0, (whole.bytesize * part).floor)
    end
  end

  Answer.extend(Answers)
end
