# frozen_string_literal: true

require "fileutils"
require "logger"
require "stringio"
require "tmpdir"
require_relative "../support/refreshing"

# What the specs of this folder begin with, in each of their flavours: this gem alone, or beside the ruby_llm gem that
# the Gemfile names. `rake beside` runs them all.
module Beside
  VERSION = Gem.loaded_specs["ruby_llm"]&.version

  module_function

  def alone? = VERSION.nil?
  def one? = !alone? && Gem::Version.new("2.a") > VERSION
  def v2? = !alone? && !one?

  # Since 2.1 a deployment of Azure's stands for a model.
  def deployments? = v2? && RubyLLM::Provider.respond_to?(:deployed_model_id)

  # @return [String] for the names of examples
  def flavour
    alone? ? "alone" : "beside ruby_llm #{VERSION}"
  end

  # What a type is in this flavour.
  def type(name)
    one? ? name.to_s : name.to_sym
  end

  def entry_class
    return RubyLLM::Native::Model if alone?

    one? ? RubyLLM::Model::Info : RubyLLM::Model
  end

  # As ruby_llm makes one.
  def entry(**facts)
    entry_class.new({name: "Mine", provider: "ollama", **facts})
  end

  # As in a new process.
  def begin_anew(folder)
    return if alone?

    RubyLLM.instance_variable_set(:@config, nil)
    RubyLLM.instance_variable_set(:@logger, nil)
    RubyLLM::Models.instance_variable_set(:@instance, nil)
    RubyLLM.config.logger = Logger.new(StringIO.new)
    RubyLLM.config.registry_path = false # in memory: no example finds what another has stored
    RubyLLM.config.model_registry_file = File.join(folder, "models.json") if v2?
    RubyLLM::Native.registry.forget!
  end

  # Point the process's configuration at a server that stands for all sources.
  def configure(server, only: ReplayServer::PATHS.keys)
    config = RubyLLM.config
    config.refresh_retries = 0
    config.models_dev_url = only.include?("models_dev") ? "#{server.url("models_dev")}/api.json" : nil
    config.published_models_url = only.include?("published") ? "#{server.url("published")}/models.json" : nil
    (only - %w[models_dev published]).each do |source|
      config.public_send(:"#{source}_api_base=", server.url(source))
      config.public_send(:"#{source}_api_key=", Refreshing::KEYS[source]) if Refreshing::KEYS.key?(source)
    end
  end
end

RSpec.configure do |config|
  config.around(:each, :beside) do |example|
    Dir.mktmpdir do |folder|
      @folder = folder
      Beside.begin_anew(folder)
      example.run
    end
  end
  config.define_derived_metadata(file_path: %r{/spec/beside/}) { |metadata| metadata[:beside] = true }
end

# A server with good answers of OpenAI, Ollama, models.dev and the published catalogue, and a configuration that
# points to it.
RSpec.shared_context "with providers" do
  include Refreshing
  include ReplayServer::Answers

  let!(:server) do
    ReplayServer.start.tap do |server|
      server.serve_fixtures
      server.on("published", ReplayServer::Answer.json(fixture("published/good"), etag: '"published"'))
    end
  end
  let(:sources) { %w[openai ollama models_dev] + (Beside.v2? ? %w[published] : []) }

  before { Beside.configure(server, only: sources) }
  after { server.stop }
end
