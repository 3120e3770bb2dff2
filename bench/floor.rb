# frozen_string_literal: true

require "open3"
require_relative "contestant"
require_relative "results"
require_relative "server"

module Bench
  # bench/floor.c, compiled.
  class Floor
    PROGRAM = File.join(Contestant::FOLDER, "floor")

    def initialize
      FileUtils.mkdir_p(File.dirname(PROGRAM))
      flags = `pkg-config --cflags --libs libcurl yajl`.split
      command = [ENV.fetch("CC", "cc"), "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-O2", "-o", PROGRAM]
      system(*command, "#{__dir__}/floor.c", *flags) or abort "bench/floor.c cannot be compiled"
    end

    # @return [Float] seconds of CPU to read what is at these URLs, the median of so many rounds
    def cpu(rounds, urls)
      out, error, status = Open3.capture3(PROGRAM, rounds.to_s, *urls)
      abort error unless status.success?
      Results.median(out.split.map(&:to_f))
    end

    # @param settings [Hash] of bench/programs/refresh.rb
    # @return [Array<String>] what one refresh of ours asks
    def urls(settings)
      server = ReplayServer.start
      Server.fill(server)
      Contestant::NATIVE.run("refresh", **settings, url: server.url("").chomp("/"), rounds: 0)
      settings.fetch(:sources).flat_map do |source|
        server.requests(source).map do |request|
          query = URI.encode_www_form(request.query)
          "#{settings.fetch(:url)}#{request.path}#{"?#{query}" unless query.empty?}"
        end
      end
    ensure
      server&.stop
    end
  end
end
