# frozen_string_literal: true

# Prints what RubyLLM.models says before anybody was asked, as JSON: an Array of entries. Run with and without this
# gem; the first argument is the gem to require. With this gem each entry also says where its facts come from.

require "json"
require "logger"
require ARGV.fetch(0)

ORIGINS = %i[name context_window max_output_tokens pricing capabilities].freeze

RubyLLM.configure do |config|
  config.registry_path = false if config.respond_to?(:registry_path)
  config.model_registry_file = File.join(Dir.pwd, "none.json") if RubyLLM::VERSION >= "2"
  config.logger = Logger.new(nil)
end

beside = defined?(RubyLLM::Native) && RubyLLM::Native.respond_to?(:registry) # Bundler alone defines the module
known = beside ? RubyLLM::Native.registry.to_h { |model| [[model.provider, model.id], model] } : {}
origins = lambda do |entry|
  model = known[[entry.provider, entry.id]]
  model ? ORIGINS.to_h { |field| [field, model.origin(field)] } : {}
end

entries = RubyLLM.models.all.map do |entry|
  entry.to_h.merge(type: entry.type.to_s, reasoning_options: entry.reasoning_options, origins: origins.call(entry),
    created_at: entry.created_at&.utc&.to_i, knowledge_cutoff: entry.knowledge_cutoff&.iso8601)
end
puts JSON.generate(entries)
