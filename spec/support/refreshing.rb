# frozen_string_literal: true

require "socket"
require "timeout"
require_relative "replay_server"

# What the specs of a refresh begin with: a server that stands for all sources, a configuration that points to it, a
# registry of its own.
#
# Nothing is tried again unless the example says so, so that a failure costs no waiting.
module Refreshing
  # Keys that could be real: those of one source are told apart from those of another.
  KEYS = %w[openai anthropic gemini mistral deepseek openrouter xai]
    .to_h { |source| [source, "key-of-#{source}-1b5e55ed0ddba11"] }.freeze

  class << self
    # @param only [Array<String>] the sources that are configured
    # @return [RubyLLM::Native::Configuration]
    def configuration(server, only: ReplayServer::PATHS.keys, **options)
      RubyLLM::Native::Configuration.new.tap do |config|
        config.refresh_retries = 0
        config.models_dev_url = only.include?("models_dev") ? "#{server.url("models_dev")}/api.json" : nil
        only.each { |source| point(config, source, server.url(source)) unless source == "models_dev" }
        options.each { |name, value| config.public_send(:"#{name}=", value) }
      end
    end

    private

    def point(config, source, url)
      config.public_send(:"#{source}_api_base=", url)
      config.public_send(:"#{source}_api_key=", KEYS[source]) if KEYS.key?(source)
    end
  end

  # @return [RubyLLM::Native::Registry] with the models of that configuration's sources to come
  def registry_for(config)
    RubyLLM::Native::Registry.new { config }
  end

  # What the last refresh of the registry did with that source.
  def outcome(source)
    registry.last_refresh[source]
  end

  def ids(source)
    registry.by_provider(source).map(&:id)
  end

  def listed(source)
    registry.by_provider(source).listed.map(&:id)
  end

  def seconds
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  end

  # Wait for what another thread or process is about to do.
  def eventually(within: 10)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + within
    until (result = yield)
      raise "waited #{within} s in vain" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      sleep 0.005
    end
    result
  end

  # A port on which nobody listens.
  def closed_port
    TCPServer.open("127.0.0.1", 0) { |server| server.addr[1] }
  end
end

RSpec.shared_context "with a server for all sources" do
  include Refreshing
  include ReplayServer::Answers

  let!(:server) { ReplayServer.start.tap(&:serve_fixtures) }
  let(:config) { Refreshing.configuration(server) }
  let(:registry) { registry_for(config) }

  # A call that waits for ever must be seen waiting.
  around { |example| Timeout.timeout(60) { example.run } }
  after { server.stop }
end
