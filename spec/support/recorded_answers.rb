# frozen_string_literal: true

require_relative "recorded"
require_relative "refreshing"

# A registry of what the main providers and models.dev really answered one day, over HTTP.
RSpec.shared_context "with the recorded answers" do
  include ReplayServer::Answers

  before(:context) do
    next unless Payloads.there?

    @recorded = Recorded.new { |path| Payloads.payload(path) }
    server = ReplayServer.start
    sources = [*Recorded::PROVIDERS, "models_dev"]
    sources.each { |source| server.on(source, ReplayServer::Answer.json(@recorded.body(source), gzip: true)) }
    server.on("gemini", lambda do |request|
      ReplayServer::Answer.json(request.query.key?("pageToken") ? "{}" : @recorded.body("gemini"))
    end)
    server.on("openrouter", lambda do |request|
      # The list that was recorded, and no other.
      next ReplayServer::Answer.status(404) unless request.path == "/openrouter/models" && request.query.empty?

      ReplayServer::Answer.json(@recorded.body("openrouter"), gzip: true)
    end)
    @registry = RubyLLM::Native::Registry.new { Refreshing.configuration(server, only: sources) }
    @registry.refresh!(strict: true)
    @models = @registry.to_h { |model| [[model.provider, model.id], model] }
  ensure
    server&.stop
  end

  attr_reader :recorded, :registry, :models
end
