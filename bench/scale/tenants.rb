# frozen_string_literal: true

# One process with many contexts: what each costs when it is made, when it looks a model up, and when it has refreshed
# with a key of its own. Then as many contexts as refresh, of two endpoints each. Reports lines of JSON.

require "objspace"
require_relative "app"

CONTEXTS, REFRESHES, SECOND = SETTINGS.values_at("contexts", "refreshes", "second")

# Time and memory of a step, for each context: what the process has from the system, and what of it is in use.
def step(name, contexts)
  before = [memory["Rss"], ObjectSpace.memsize_of_all]
  took = seconds { contexts.each_with_index { |context, number| yield context, number } }
  resident, held = [memory["Rss"], ObjectSpace.memsize_of_all].zip(before).map { |now, then_| now - then_ }
  report(step: name, contexts: contexts.size, seconds: took / contexts.size,
    kilobytes: resident.fdiv(contexts.size), held: held.fdiv(1000 * contexts.size))
end

RubyLLM.models.refresh!
report(step: "the process itself", contexts: 1, seconds: 0, kilobytes: 0, held: 0)
made = Array.new(CONTEXTS)
step("made", made) do |_, number|
  made[number] = RubyLLM.context { |config| config.openai_api_key = "key-#{number}" }
end
step("find", made) { |context| context.models.find("model-1") }
step("refresh of all sources", made.first(REFRESHES)) { |context| context.models.refresh! }
step("refresh of one provider", made.last(REFRESHES)) { |context| context.models.refresh!(only: :openai) }
step("find, merged again", made.last(REFRESHES)) { |context| context.models.find("model-1") }
two = Array.new(REFRESHES) do |number|
  RubyLLM.context do |config|
    config.openai_api_key = config.mistral_api_key = "key-#{number}"
    config.mistral_api_base = SECOND
  end
end
step("refresh of two endpoints", two) { |context| context.models.refresh!(only: %i[openai mistral]) }
