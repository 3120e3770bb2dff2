# frozen_string_literal: true

require "active_record"
require "json"
require "ruby_llm"
require "ruby_llm_native" if ENV["CONTENDER"] == "beside"
require "ruby_llm/active_record/model" # as its Railtie does
require_relative "ruby_llm_table"

# One side of bench/beside.rb, in a process of its own: saves the models of a registry file into ruby_llm's table.
# From "empty" three times; from "saved" once, into the table that another process has left. The times do not hold
# what a program does before it saves: connecting, reading the registry file and the columns. Its result is a line of
# JSON: `{models:, first:, again:, more:}`, in seconds.

settings, file, from = JSON.parse(ARGV.fetch(0), symbolize_names: true).values_at(:settings, :file, :from)
ActiveRecord::Base.establish_connection(settings)
RubyLLMTable.create(ActiveRecord::Base.connection) if from == "empty"
RubyLLM.models.load_from_json(file)
table = RubyLLM::ActiveRecord::Model
table.first

times = Array.new((from == "empty") ? 3 : 1) do
  GC.start
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  table.save_to_database
  Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
end
puts JSON.generate(models: table.count, first: times[0], again: times[1], more: times[2])
