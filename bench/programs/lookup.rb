# frozen_string_literal: true

# Seconds a call of what apps ask a registry that is loaded. What the loop itself takes is subtracted.

require_relative "program"

Program.activate
Program.load
file, folder, names, single = Program::SETTINGS.values_at(:file, :folder, :names, :single)
Program.configure(file, folder)

one, several = names.partition { |name, _provider| single.include?(name) }
names, one, several = [names, one, several].map { |some| some.cycle.first(500).freeze }
counts = {input: 1_200, output: 300, cache_read: 50}
tokens =
  if Program::PEER&.start_with?("2.")
    RubyLLM::Tokens.new(**counts)
  else
    Struct.new(*counts.keys, :cache_write, :thinking, keyword_init: true).new(**counts)
  end
bills = !Program::PEER&.start_with?("1.") || RubyLLM::Model::Info.method_defined?(:cost_for)
priced = bills ? names.map { |name, _provider| RubyLLM.models.find(name) } : []
priced = priced.select { |model| model.cost_for(tokens).total }.cycle.first(100).freeze
missing = Array.new(10) { |number| "no-such-model-#{number}" }.cycle.first(100).freeze

# What is measured, and how often one run of it calls. Runs are short, so that few are interrupted.
runs = {
  "find" => [500, -> { names.each { |name, _provider| RubyLLM.models.find(name) } }],
  "find, names of one provider" => [500, -> { one.each { |name, _provider| RubyLLM.models.find(name) } }],
  "find, names of several" => [500, -> { several.each { |name, _provider| RubyLLM.models.find(name) } }],
  "find with provider" => [500, -> { names.each { |name, provider| RubyLLM.models.find(name, provider: provider) } }],
  "[]" => [500, -> { names.each { |name, _provider| RubyLLM.models[name] } }],
  "a miss" => [100, lambda {
    missing.each do |name|
      RubyLLM.models.find(name)
    rescue RubyLLM::ModelNotFoundError
      nil
    end
  }],
  "chat_models.count" => [20, -> { 20.times { RubyLLM.models.chat_models.count } }],
  "chat_models.map(&:id)" => [5, -> { 5.times { RubyLLM.models.chat_models.map(&:id) } }],
  "three filters" => [20, lambda {
    20.times { RubyLLM.models.chat_models.by_provider("openrouter").by_family("qwen").count }
  }],
  "a bill" => [100, -> { priced.each { |model| model.cost_for(tokens).total } }]
}
if Program::PEER&.start_with?("1.") # there the provider is no keyword
  runs["find with provider"] = [500, -> { names.each { |name, provider| RubyLLM.models.find(name, provider) } }]
end
runs.delete("find, names of several") if several.empty?
runs.delete("a bill") unless bills
runs.delete("[]") unless RubyLLM.models.respond_to?(:[])
idle = {
  500 => -> { names.each { |name, _provider| name } }, 100 => -> { missing.each { |name| name } },
  20 => -> { 20.times { nil } }, 5 => -> { 5.times { nil } }
}

def middle(run)
  run.call
  times = []
  started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  while times.size < 9 || (times.size < 200 && Process.clock_gettime(Process::CLOCK_MONOTONIC) - started < 0.15)
    times << Program.seconds(&run)
  end
  Program.median(times)
end

idle.transform_values! { |run| middle(run) }
Program.collect
Program.tell(runs.transform_values { |calls, run| (middle(run) - idle.fetch(calls)) / calls })
