# frozen_string_literal: true

# One process with many contexts: what each costs when it is made, when it looks a model up, and when it has refreshed
# with a key of its own. Reports lines of JSON.

require_relative "app"

CONTEXTS, REFRESHES = SETTINGS.values_at("contexts", "refreshes")

# Time and memory of a step, for each context.
def step(name, contexts)
  before = memory
  took = seconds { contexts.each_with_index { |context, number| yield context, number } }
  grown = memory["Rss"] - before["Rss"]
  report(step: name, contexts: contexts.size, seconds: took / contexts.size, kilobytes: grown.fdiv(contexts.size))
end

RubyLLM.models.refresh!
report(step: "the process itself", contexts: 1, seconds: 0, kilobytes: 0)
made = Array.new(CONTEXTS)
step("made", made) do |_, number|
  made[number] = RubyLLM.context { |config| config.openai_api_key = "key-#{number}" }
end
step("find", made) { |context| context.models.find("model-1") }
step("refresh of all sources", made.first(REFRESHES)) { |context| context.models.refresh! }
step("refresh of one provider", made.last(REFRESHES)) { |context| context.models.refresh!(only: :openai) }
