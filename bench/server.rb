# frozen_string_literal: true

require "zlib"
require_relative "../spec/support/endpoint_server"
require_relative "documents"

module Bench
  # Answers for all sources over HTTP on the loopback, in a process of its own. It ends when it is told to, and also
  # when this process is gone.
  class Server
    PATHS = {**ReplayServer::PATHS, "published" => "/models.json"}.freeze

    # @param options [Hash] see {.fill}
    def self.open(**options, &block)
      use(new(-> { ReplayServer.start.tap { |server| fill(server, **options) } }), &block)
    end

    # The same for any number of endpoints, each at a path of its own, with one model.
    #
    # @param delay [Float] seconds before each answer
    def self.open_endpoints(delay:, &block)
      answer = ->(path) { [200, JSON.generate(data: [{id: "model-of#{path.tr("/", "-")}"}])] }
      use(new(-> { EndpointServer.open(delay: delay, &answer) }), &block)
    end

    def self.use(server)
      yield server
    ensure
      server&.stop
    end
    private_class_method :new, :use

    # @param server [ReplayServer]
    # @param delay [Float] seconds before each answer
    # @param etag [Boolean] whether the answers have ETags, so that all later ones are 304
    def self.fill(server, delay: 0.0, etag: false)
      PATHS.each_key do |source|
        body = Zlib.gzip(Documents.answer(source))
        answer = ReplayServer::Answer.json(body, headers: {"content-encoding" => "gzip"}, delay: delay,
          etag: etag ? "\"#{source}\"" : nil)
        other = ReplayServer::Answer.json('{"data": []}', delay: delay)
        server.on(source, ->(request) { main_list?(source, request) ? answer : other })
      end
    end

    # The others, of sources that have several, are empty.
    def self.main_list?(source, request)
      request.path == "/#{source}#{PATHS.fetch(source)}" && (source != "openrouter" || request.query.empty?)
    end

    # @return [String] each source's base URL, after a slash and its name
    attr_reader :url

    # @param start [#call] called in the other process; returns a server with `url` and `stop`
    def initialize(start)
      alive, @alive = IO.pipe
      told, tell = IO.pipe
      @pid = fork { serve(tell, alive, start) }
      [alive, tell].each(&:close)
      @url = told.gets&.chomp or abort "The server did not start"
    end

    def stop
      @alive.close
      Process.wait(@pid)
    end

    private

    def serve(tell, alive, start)
      @alive.close
      server = start.call
      tell.puts(server.url("").chomp("/"))
      tell.close
      alive.read
      server.stop
    ensure
      exit!(0)
    end
  end
end
