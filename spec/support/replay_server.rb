# frozen_string_literal: true

require "json"
require "puma"
require "puma/server"
require "stringio"
require "uri"
require_relative "replay_server/answers"

# Every source's model list, served over real HTTP on the loopback, good answers and bad ones alike.
#
# Read {Answers} for what can be answered, then {#on}. Each source has its own path prefix, so one server stands for
# all of them.
#
# @example
#   server = ReplayServer.start
#   server.serve_fixtures
#   server.on("openai", ReplayServer::Answer.status(503, retry_after: 1))
#   server.url("openai")                  # => "http://127.0.0.1:41234/openai"
#   server.requests("openai").first.path  # => "/openai/models"
#   server.stop
class ReplayServer
  # Where each source keeps its list, below its prefix.
  PATHS = {
    "openai" => "/models", "anthropic" => "/v1/models",
    "gemini" => "/models", "mistral" => "/models", "deepseek" => "/models",
    "openrouter" => "/models", "xai" => "/models", "ollama" => "/models", "models_dev" => "/api.json"
  }.freeze

  MODELS_DEV_ETAG = 'W/"5d1c0ffee0ddba11ca11ab1e0b5e55ed"'

  # One request as it came: `path` with the source's prefix, `query` and `headers` as Hashes (header names in lower
  # case), `at` in seconds of the monotonic clock.
  Request = Struct.new(:method, :path, :query, :headers, :at, keyword_init: true)

  # A connection taken over from Puma. Every wait on it also ends when the server stops: no thread outlives its server.
  class Line
    def initialize(socket, stopped)
      @socket = socket
      @stopped = stopped
    end

    def write(*parts)
      parts.each { |part| @socket.write(part) }
    end

    def wait_for_client(seconds)
      IO.select([@socket.to_io, @stopped], nil, nil, seconds)
    end

    # @return [Boolean] false when the server was stopped meanwhile
    def pause(seconds)
      IO.select([@stopped], nil, nil, seconds).nil?
    end
  end

  # @param tls [Hash, nil] `cert:` and `key:`, paths of PEM files, to speak https
  # @return [ReplayServer] already listening, on a free port of 127.0.0.1
  def self.start(tls: nil)
    new(tls)
  end

  def initialize(tls)
    @lock = Mutex.new
    reset
    @stopped, @stop = IO.pipe # `@stopped` becomes readable, for all who wait, when `@stop` is closed
    @scheme = tls ? "https" : "http"
    @puma = puma
    tls ? @puma.add_ssl_listener("127.0.0.1", 0, tls_context(tls)) : @puma.add_tcp_listener("127.0.0.1", 0)
    @port = @puma.connected_ports.first
    @thread = @puma.run
  end

  # @return [String] the base URL of a source, to be set as its `<source>_api_base`
  def url(source)
    "#{@scheme}://127.0.0.1:#{@port}/#{source}"
  end

  # Say what the requests of a source get from now on.
  #
  # @param answer [Answer, Array<Answer>, #call] one for all; one a request, the last one repeated; or asked with each
  #   {Request}
  def on(source, answer)
    @lock.synchronize { @answers[source.to_s] = answer.is_a?(Array) ? one_a_request(answer) : answer }
  end

  # Let every source answer its good fixtures, in pages where it has pages, and only at the path where its list is.
  def serve_fixtures
    PATHS.each_key do |source|
      serve(source) { Answer.json(Answer.fixture("#{source}/good"), gzip: true) } unless paged?(source)
    end
    serve("models_dev") { Answer.json(Answer.fixture("models_dev/good"), etag: MODELS_DEV_ETAG, gzip: true) }
    serve_pages("anthropic", asked_by: "after_id", named_by: "last_id")
    serve_pages("gemini", asked_by: "pageToken", named_by: "nextPageToken")
  end

  # @return [Array<Request>] what the source was asked, in order of arrival
  def requests(source)
    @lock.synchronize { @requests[source.to_s].dup }
  end

  # Forget answers and requests.
  def reset
    @lock.synchronize do
      @answers = {}
      @requests = Hash.new { |all, source| all[source] = [] }
    end
  end

  # Close the port and end every thread, stalled ones included. May be called twice.
  def stop
    return if @stop.closed?

    @stop.close
    @puma.stop(true)
    @stopped.close
  end

  private

  # Without the helper threads whose end Puma does not wait for. Puma sets RACK_ENV when nobody has; a test server
  # must not choose the environment of what it tests.
  def puma
    environment = ENV.fetch("RACK_ENV", nil)
    options = {min_threads: 0, max_threads: 64, auto_trim_time: false, reaping_time: false}
    options[:log_writer] = Puma::LogWriter.new(StringIO.new, StringIO.new)
    Puma::Server.new(method(:call), nil, options)
  ensure
    ENV["RACK_ENV"] = environment
  end

  def call(env)
    answer, request = take(env)
    return [500, {}, []] unless answer.delay.zero? || Line.new(nil, @stopped).pause(answer.delay)
    return answer.to_rack(request) unless answer.wire

    write_by_hand(env["rack.hijack"].call, answer)
    [-1, {}, []] # Puma ignores it: the connection is no longer Puma's
  end

  def take(env)
    headers = env.select { |key, _| key.start_with?("HTTP_") }
      .transform_keys { |key| key.delete_prefix("HTTP_").downcase.tr("_", "-") }
    request = Request.new(method: env["REQUEST_METHOD"], path: env["PATH_INFO"], headers: headers,
      query: URI.decode_www_form(env["QUERY_STRING"].to_s).to_h,
      at: Process.clock_gettime(Process::CLOCK_MONOTONIC)).freeze
    source = request.path.split("/")[1]
    answer = @lock.synchronize do
      @requests[source] << request
      @answers.fetch(source) { Answer.status(404, body: {error: "nothing is served at #{request.path}"}) }
    end
    # Outside the lock: a callable may look at the requests, or wait for another one.
    [answer.respond_to?(:call) ? answer.call(request) : answer, request]
  end

  def one_a_request(answers)
    left = answers.dup
    ->(_request) { @lock.synchronize { (left.size > 1) ? left.shift : left.first } }
  end

  def write_by_hand(socket, answer)
    answer.wire.call(Line.new(socket, @stopped))
  rescue IOError, SystemCallError
    # The client left first: that is what faults are for.
  ensure
    socket.close
  end

  def serve(source)
    at = "/#{source}#{PATHS.fetch(source)}"
    on(source, lambda do |request|
      next yield(request) if request.path == at

      Answer.status(404, body: {error: "the list is at #{at}, not at #{request.path}"})
    end)
  end

  def paged?(source)
    File.exist?(File.join(FIXTURES, source, "page_1.json"))
  end

  # Two pages: the first names the second by `named_by`, the client asks for it by `asked_by`.
  def serve_pages(source, asked_by:, named_by:)
    first, second = %w[page_1 page_2].map { |page| Answer.fixture("#{source}/#{page}") }
    pages = {nil => first, JSON.parse(first).fetch(named_by) => second}.transform_values do |page|
      Answer.json(page, gzip: true)
    end
    serve(source) do |request|
      pages.fetch(request.query[asked_by]) { Answer.status(400, body: {error: "no such page"}) }
    end
  end

  def tls_context(tls)
    context = Puma::MiniSSL::Context.new
    context.cert = tls.fetch(:cert)
    context.key = tls.fetch(:key)
    context.verify_mode = Puma::MiniSSL::VERIFY_NONE
    context
  end
end
