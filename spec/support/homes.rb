# frozen_string_literal: true

require "logger"
require "stringio"
require "tmpdir"
require_relative "refreshing"

# Registries that are kept: a folder of their own, and one process after the other played by one registry after the
# other.
RSpec.shared_context "with a kept registry" do
  include_context "with a server for all sources"

  let(:folder) { Dir.mktmpdir }
  let(:file) { File.join(folder, RubyLLM::Native::Location::FILE_NAME) }
  let(:log) { StringIO.new }
  let(:config) { Refreshing.configuration(server, registry_path: folder, logger: Logger.new(log)) }
  let(:registry) { kept_registry }

  after { FileUtils.rm_rf(folder) }

  # As a process that starts now has it.
  def kept_registry(settings = config)
    storage = RubyLLM::Native.const_get(:Storage).new { settings }
    RubyLLM::Native::Registry.new(storage: storage) { settings }
  end

  def warnings
    log.string.lines.grep(/WARN/)
  end

  def facts(registry)
    registry.map { |model| [model.provider, model.id, model.fingerprint] }
  end
end
