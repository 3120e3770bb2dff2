# frozen_string_literal: true

require_relative "compatible_listings"
require_relative "recorded_endpoints"

# All endpoints of {RecordedEndpoints}, each below a path of its own on one server, beside models.dev; a registry that
# asks them, each by a line of configuration; and what its models must say then.
#
# @example
#   every = EveryEndpoint.new(recorded, 0)
#   every.registry.refresh!
#   every.models.size  # => 3638
#   every.stop
class EveryEndpoint
  NOTHING = [nil, "", [], {}].freeze

  attr_reader :server, :registry

  # @param seed [Integer] of {CompatibleListings}
  # @param options [Hash{String => Hash}] more options of some endpoints, by name
  def initialize(recorded, seed, options = {})
    @recorded = recorded
    @listings = CompatibleListings.new(seed)
    @server = ReplayServer.start
    @stated = {}
    @registry = RubyLLM::Native::Registry.new { @config }
    @config = RubyLLM::Native::Configuration.new
    @config.refresh_retries = 0
    document
    recorded.names.each do |name|
      serve(name, recorded.ids(name))
      @config.endpoint name, api_key: key(name), base_url: server.url(name), **options.fetch(name, {})
    end
  end

  # @return [String] the endpoint's, like no other's
  def key(name)
    "key-of-#{name}-1b5e55ed0ddba11"
  end

  # Let an endpoint list these models from now on.
  def serve(name, ids)
    answer, facts = @listings.of(name, ids)
    server.on(name, answer)
    facts.each { |id, stated| @stated[[@recorded.slug(name), id]] = stated }
  end

  # @return [Hash{Array<String> => RubyLLM::Native::Model}] those that are listed, by provider and id
  def models
    registry.listed.to_h { |model| [[model.provider, model.id], model] }
  end

  # The listing speaks before the document.
  #
  # @return [Hash{Array<String> => Hash}] by provider and id
  def facts
    @recorded.facts.to_h do |key, documented|
      stated = @stated.fetch(key)
      metadata = {key.first.to_sym => stated[:metadata], :models_dev => documented[:metadata]}
      [key, {**documented, **stated, metadata: telling(metadata)}]
    end
  end

  # @return [Array<RubyLLM::Native::Outcome>] of those that the last refresh has asked
  def outcomes
    registry.last_refresh.select(&:asked?)
  end

  def stop
    server.stop
  end

  private

  def document
    text = @recorded.body("models_dev")
    server.on("models_dev", ReplayServer::Answer.json(text, gzip: true, etag: '"1"'))
    @config.models_dev_url = "#{server.url("models_dev")}/api.json"
  end

  # Without the members that say nothing. Elements of lists keep their places.
  def telling(value)
    case value
    when Hash then value.transform_values { |each| telling(each) }.reject { |_, each| NOTHING.include?(each) }
    when Array then value.map { |each| telling(each) }
    else value
    end
  end
end
