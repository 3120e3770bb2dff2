# frozen_string_literal: true

# Saves the models of a registry file into a table, once, and tells the seconds: of the save alone, not of connecting
# and of reading the file. Each library has its documented table with all columns and indexes.

require "active_record"
require_relative "program"

Program.activate
Program.load
settings, file, first, pluck = Program::SETTINGS.values_at(:database, :file, :first, :pluck)
ActiveRecord::Base.establish_connection(settings)
ActiveRecord::Base.connection.execute("SELECT 1")

if Program::PEER
  %w[record payload_helpers model].each { |name| require "ruby_llm/active_record/#{name}" } # as its Railtie does
  require_relative "ruby_llm_table"
  RubyLLMTable.create(ActiveRecord::Base.connection) if first
  RubyLLM.models.load_from_json(file)
  table = RubyLLM::ActiveRecord::Model
  save = -> { table.save_to_database }
else
  require_relative "../../spec/support/llm_tables"
  LLMTables.create(ActiveRecord::Base.connection) if first
  RubyLLM.config.registry_path = false
  RubyLLM.models.load_from_json(file)
  table = LLMModel = Class.new(ActiveRecord::Base) { self.table_name = "llm_models" }
  LLMModel.acts_as_llm_model
  save = -> { LLMModel.save_models(RubyLLM.models) }
end

Program.collect
seconds = Program.seconds { pluck ? table.pluck(:id, :fingerprint) : save.call }
Program.tell("time" => seconds, "rows" => table.count)
