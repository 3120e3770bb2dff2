# frozen_string_literal: true

require "fileutils"
require "logger"
require "stringio"
require "tmpdir"
require_relative "program"

# Refreshes all sources, which a server on the loopback stands for.
module Refreshing
  # Goes to our server: ruby_llm has the addresses of its catalogues in its code.
  module Detour
    Connection = Struct.new(:connection) do
      def get(url, &block)
        path = url.include?("models.dev") ? "models_dev/api.json" : "published/models.json"
        connection.get("#{Program::SETTINGS.fetch(:url)}/#{path}", &block)
      end
    end

    def basic(...)
      Connection.new(super)
    end
  end

  module_function

  # @param stored [Boolean] whether the result is kept in a file; ruby_llm 2 cannot do without
  def prepare(stored:)
    Program.activate
    Program.load
    @folder = Dir.mktmpdir
    at_exit { FileUtils.rm_rf(@folder) }
    FileUtils.cp(Program::SETTINGS.fetch(:file), "#{@folder}/models.json")
    Program.configure("#{@folder}/models.json", stored ? "#{@folder}/stored" : false) do |config|
      config.logger = Logger.new(@log = StringIO.new, level: Logger::INFO)
      configure(config, *Program::SETTINGS.values_at(:url, :sources))
    end
    detour if Program::PEER
  end

  def configure(config, url, sources)
    config.models_dev_url = sources.include?("models_dev") ? "#{url}/models_dev/api.json" : nil if Program::NATIVE
    (sources - ["models_dev"]).each do |source|
      config.public_send(:"#{source}_api_base=", "#{url}/#{source}")
      config.public_send(:"#{source}_api_key=", "no-real-key")
    end
  end

  def refresh(&progress)
    return RubyLLM.models.refresh!(strict: true, &progress) if Program::NATIVE

    RubyLLM.models.public_send(RubyLLM.models.respond_to?(:refresh) ? :refresh : :refresh!)
    abort @log.string if @log.string.include?("WARN") # so it tells of a source that failed
  end

  # Go back to what the first process has, which nobody has stored anything for.
  def forget
    return unless Program::NATIVE

    FileUtils.rm_rf("#{@folder}/stored")
    RubyLLM.models.forget!.view
  end

  def detour
    connection = defined?(RubyLLM::Transport::Connection) ? RubyLLM::Transport::Connection : RubyLLM::Connection
    connection.singleton_class.prepend(Detour)
  end
  private_class_method :configure, :detour
end
