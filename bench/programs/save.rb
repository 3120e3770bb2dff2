# frozen_string_literal: true

# Saves the models of a registry file into a table, and tells the seconds: of the save alone, not of connecting and of
# reading the file. With `earlier` the process saves the models of that file before, each of so many `times`, and tells
# the median. Each library has its documented table with all columns and indexes.

require "active_record"
require_relative "program"

Program.activate
Program.load
settings, file, first, pluck, earlier, times =
  Program::SETTINGS.values_at(:database, :file, :first, :pluck, :earlier, :times)
ActiveRecord::Base.establish_connection(settings)
ActiveRecord::Base.connection.execute("SELECT 1")

if Program::PEER
  %w[record payload_helpers model].each { |name| require "ruby_llm/active_record/#{name}" } # as its Railtie does
  require_relative "ruby_llm_table"
  RubyLLMTable.create(ActiveRecord::Base.connection) if first
  table = RubyLLM::ActiveRecord::Model
  save = -> { table.save_to_database }
else
  require_relative "../../spec/support/llm_tables"
  LLMTables.create(ActiveRecord::Base.connection) if first
  RubyLLM.config.registry_path = false
  table = LLMModel = Class.new(ActiveRecord::Base) { self.table_name = "llm_models" }
  LLMModel.acts_as_llm_model
  save = -> { LLMModel.save_models(RubyLLM.models) }
end

taken = Array.new(times || 1) do
  if earlier
    RubyLLM.models.load_from_json(earlier)
    save.call
    table.pluck(:id, :fingerprint) if pluck
  end
  RubyLLM.models.load_from_json(file)
  Program.collect
  Program.seconds { pluck ? table.pluck(:id, :fingerprint) : save.call }
end
Program.tell("time" => Program.median(taken), "rows" => table.count)
