# frozen_string_literal: true

# What spec/gem_spec.rb does with the installed gem, in a process and a folder that know of nothing else. Prints what
# came of it as JSON.

require "json"
require "ruby_llm_native"

RubyLLM.configure do |config|
  config.openai_api_key = "no-real-key"
  config.openai_api_base = ARGV.fetch(0)
  config.models_dev_url = nil
end
RubyLLM.models.refresh!

outcome = RubyLLM.models.last_refresh[:openai]
puts JSON.generate(
  status: outcome.status, count: outcome.count, model: RubyLLM.models.find("gpt-4.1").id,
  loaded_from_elsewhere: $LOADED_FEATURES.grep(/ruby_llm/).reject { |path| path.start_with?(File.join(Gem.dir, "")) }
)
