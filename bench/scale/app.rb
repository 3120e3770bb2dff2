# frozen_string_literal: true

require "bundler/setup"
require "active_record"
require "json"
require "logger"
require "ruby_llm_native"

# What the app under measurement has: two tables, the store, and the sources at the replay server. The first argument of
# each program is JSON with `database` and `urls`.
SETTINGS = JSON.parse(ARGV.fetch(0))

class LLMModel < ActiveRecord::Base
  self.table_name = "llm_models"
  acts_as_llm_model
end

class LLMRegistry < ActiveRecord::Base
  self.table_name = "llm_registries"
  acts_as_llm_registry
end

ActiveRecord::Base.establish_connection(SETTINGS.fetch("database"))
RubyLLM.configure do |config|
  config.catalog_store = RubyLLM::Native::Stores::ActiveRecord.new("LLMRegistry")
  config.logger = Logger.new($stderr, level: :fatal)
  config.refresh_timeout = SETTINGS.fetch("timeout", 60)
  config.registry_check_interval = SETTINGS.fetch("interval", 30)
  SETTINGS.fetch("urls").each do |source, url|
    next config.models_dev_url = "#{url}/api.json" if source == "models_dev"

    config.public_send(:"#{source}_api_base=", url)
    config.public_send(:"#{source}_api_key=", "no-real-key") unless source == "ollama"
  end
end

def clock
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

def seconds
  from = clock
  yield
  clock - from
end

# @return [Hash{String => Integer}] kilobytes of this process
def memory
  3.times { GC.start }
  File.read("/proc/self/smaps_rollup").scan(/^(Rss|Pss|Private_Dirty):\s+(\d+)/).to_h { |name, size| [name, size.to_i] }
end

# One line for whoever started this: short enough to be written at once, whatever others write meanwhile.
def report(**facts)
  $stdout.syswrite("#{JSON.generate(facts)}\n")
end
