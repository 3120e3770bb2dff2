# frozen_string_literal: true

require_relative "../../spec/support/replay_server"

# Nine sources on the loopback: eight providers with the fixtures of the specs, and models.dev with made-up models, as
# many as are asked for.
class Providers
  NAMES = %w[openai anthropic google mistral deepseek openrouter xai cohere].freeze

  def initialize
    @server = ReplayServer.start
    @server.serve_fixtures
  end

  # @return [Hash{String => String}]
  def urls
    ReplayServer::PATHS.keys.to_h { |source| [source, @server.url(source)] }
  end

  # Let models.dev document models from now on.
  #
  # @param extra [Array<String>] ids of more models
  # @param delay [Numeric] seconds before it answers
  def document(count, extra: [], delay: 0.3)
    ids = Array.new(count) { |number| "model-#{number}" } + extra
    document = ids.group_by.with_index { |_, position| NAMES[position % NAMES.size] }.to_h do |provider, own|
      [provider, {id: provider, name: provider, models: own.to_h { |id| [id, model(id)] }}]
    end
    text = JSON.generate(document)
    @server.on("models_dev", ReplayServer::Answer.json(text, etag: "\"#{text.hash}\"", gzip: true, delay: delay))
  end

  def reset
    @counted = counts
  end

  # @return [Hash{String => Integer}] requests of each source that got any since {#reset}
  def requests
    counts.to_h { |source, count| [source, count - @counted.fetch(source)] }.reject { |_, count| count.zero? }
  end

  def stop
    @server.stop
  end

  private

  def counts
    ReplayServer::PATHS.keys.to_h { |source| [source, @server.requests(source).size] }
  end

  def model(id)
    {id: id, limit: {context: 131_072, output: 8192}, cost: {input: 1.25, output: 5}}
  end
end
