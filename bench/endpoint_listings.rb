# frozen_string_literal: true

require "zlib"
require_relative "../spec/support/compatible_listings"
require_relative "../spec/support/recorded_endpoints"
require_relative "documents"

module Bench
  # The lists of all endpoints of models.dev that speak OpenAI's format, and its document: the recorded ones where they
  # are, else made-up ones, as many.
  module EndpointListings
    COUNT = 114
    MODELS = 32 # of each made-up one

    module_function

    # @return [Hash{String => Array<String>}] ids of models, by the name of the endpoint
    def all
      return Array.new(COUNT) { |number| ["endpoint-#{number}", made_up(number)] }.to_h unless Payloads.there?

      recorded = RecordedEndpoints.new { |path| Payloads.payload(path) }
      recorded.names.to_h { |name| [name, recorded.ids(name)] }
    end

    # A server of them in this process, while the block runs.
    #
    # @yieldparam url [String] of all of them, before a slash and the name
    # @yieldparam names [Array<String>]
    def serve
      server = ReplayServer.start
      listings = CompatibleListings.new(0)
      all.each { |name, ids| server.on(name, listings.of(name, ids).first) }
      server.on("models_dev", ReplayServer::Answer.json(Zlib.gzip(Documents.answer("models_dev")),
        headers: {"content-encoding" => "gzip"}, etag: '"models_dev"'))
      yield server.url("").chomp("/"), all.keys
    ensure
      server&.stop
    end

    def made_up(number)
      Array.new(MODELS) { |model| "made-up-model-#{number}-#{model}" }
    end
    private_class_method :made_up
  end
end
