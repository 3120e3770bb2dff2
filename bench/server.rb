# frozen_string_literal: true

require "zlib"
require_relative "documents"

module Bench
  # Answers for all sources over HTTP on the loopback, in a process of its own. It ends when it is told to, and also
  # when this process is gone.
  class Server
    PATHS = {**ReplayServer::PATHS, "published" => "/models.json"}.freeze

    # @param delay [Float] seconds before each answer
    # @param etag [Boolean] whether the answers have ETags, so that all later ones are 304
    def self.open(delay: 0.0, etag: false)
      server = new(delay, etag)
      yield server
    ensure
      server&.stop
    end

    # @param server [ReplayServer]
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

    def initialize(delay, etag)
      alive, @alive = IO.pipe
      told, tell = IO.pipe
      @pid = fork { serve(tell, alive, delay: delay, etag: etag) }
      [alive, tell].each(&:close)
      @url = told.gets&.chomp or abort "The server did not start"
    end

    def stop
      @alive.close
      Process.wait(@pid)
    end

    private

    def serve(tell, alive, **options)
      @alive.close
      server = ReplayServer.start
      self.class.fill(server, **options)
      tell.puts(server.url("").chomp("/"))
      tell.close
      alive.read
      server.stop
    ensure
      exit!(0)
    end
  end
end
