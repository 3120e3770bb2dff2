# frozen_string_literal: true

# One large registry: refreshed and saved by one process (`tasks` of the settings: write), used by another (read).
# Reports lines of JSON.

require_relative "app"

def timed(name)
  before = memory["Rss"]
  took = seconds { yield }
  report(step: name, seconds: took, kilobytes: memory["Rss"] - before)
end

if SETTINGS.fetch("task") == "write"
  timed("refresh, and store in the row") { RubyLLM.models.refresh! }
  timed("first save to the table") { LLMModel.save_models(RubyLLM.models) }
  timed("save with nothing changed") { LLMModel.save_models(RubyLLM.models) }
  report(rows: LLMModel.count, catalog: RubyLLM.models.catalog.bytesize / 1e6,
    sheets: LLMRegistry.pick(Arel.sql("length(sheets)")) / 1e6)
else
  LLMRegistry.connection.select_value("SELECT 1")
  timed("open from the row") { RubyLLM.models.view }
  names = Array.new(1000) { |each| "model-#{each * 197 % SETTINGS.fetch("models")}" }
  timed("1,000 finds, each of another model") { names.each { |name| RubyLLM.models.find(name) } }
  timed("1,000 finds, again") { names.each { |name| RubyLLM.models.find(name) } }
end
