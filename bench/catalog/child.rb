# frozen_string_literal: true

# One library in a process of its own, measured from inside. Writes JSON.
#
#   child.rb LIBRARY read PATH COUNT     opens the file, looks models up, tells times and memory
#   child.rb LIBRARY forks PATH COUNT    forks after opening, or without opening when PATH is "-", and tells the
#                                        private memory of the children
#   child.rb native convert FROM TO      makes the file that this library opens

require "json"
require "objspace"
require_relative "models"

# The two libraries, by the same names.
module Ours
  module_function

  def load
    require "ruby_llm_native"
    RubyLLM::Native::VERSION
  end

  def open(path)
    config = RubyLLM::Native::Configuration.new
    config.catalog_store = RubyLLM::Native::Stores::File.new(path)
    RubyLLM::Native::Registry.new(storage: RubyLLM::Native::Storage.new { config }) { config }.tap(&:view)
  end

  def convert(from, to)
    RubyLLM::Native::Registry.new { RubyLLM::Native::Configuration.new }.load_from_json(from).save(to)
  end
end

# See Ours.
module Theirs
  module_function

  def load
    require "ruby_llm"
    RubyLLM::VERSION
  end

  def open(path)
    RubyLLM.config.model_registry_file = path
    RubyLLM::Models.new
  end
end

LIBRARIES = {"native" => Ours, "ruby_llm" => Theirs}.freeze
CHILDREN = 200
FIRST = 5 # children that find what only the first ones cost: they are not counted

def seconds
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  yield
  Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
end

# Seconds a call, over at least five and at least a fifth of a second of them.
def per_call(ids)
  calls = 0
  all = 0.0
  while calls < 5 || all < 0.2
    all += seconds { yield ids[calls % ids.size] }
    calls += 1
  end
  all / calls
end

def settle
  3.times { GC.start }
end

def resident
  File.read("/proc/self/smaps_rollup")[/^Rss:\s+(\d+)/, 1].to_i * 1024
end

def memory
  settle
  counts = ObjectSpace.count_objects
  {"resident" => resident, "memsize" => ObjectSpace.memsize_of_all, "objects" => counts[:TOTAL] - counts[:FREE]}
end

def found?(models, id)
  !models.find(id).nil?
rescue RubyLLM::ModelNotFoundError
  false
end

def missed(models, id)
  models.find(id)
rescue RubyLLM::ModelNotFoundError
  nil
end

def read(library, path, count)
  ids = Models.some_ids(count, 1000)
  before = memory
  models = nil
  opened = seconds { models = library.open(path) }
  after = memory
  {
    "open" => opened, "first find" => seconds { models.find(ids.first) }, "models" => models.all.size,
    "find" => per_call(ids) { |id| models.find(id) },
    "find by alias" => (per_call([Models::ALIAS]) { |id| models.find(id) } if found?(models, Models::ALIAS)),
    "find that misses" => per_call(["no-such-model"]) { |id| missed(models, id) },
    "chat_models" => per_call([nil]) { models.chat_models.count },
    "chat_models.map(&:id)" => per_call([nil]) { models.chat_models.map(&:id) }
  }.merge(after.to_h { |name, value| [name, value - before[name]] })
end

def private_bytes(pid)
  File.read("/proc/#{pid}/smaps_rollup").scan(/^Private_(?:Clean|Dirty):\s+(\d+)/).sum do |kilobytes,|
    kilobytes.to_i * 1024
  end
end

# Bytes of each child that are its own, after it did what the block does.
def forked(children = CHILDREN)
  told, tell = IO.pipe
  wait, go = IO.pipe
  pids = Array.new(children) do
    fork do
      [told, go].each(&:close)
      yield
      tell.write(".")
      wait.read
      exit!(0)
    end
  end
  [tell, wait].each(&:close)
  told.read(children)
  pids.map { |pid| private_bytes(pid) }
ensure
  go.close
  pids.each { |pid| Process.wait(pid) }
end

def forks(library, path, count)
  ids = Models.some_ids(count, 100)
  models = library.open(path) unless path == "-"
  uses = {
    "idle" => -> {}, "finds" => -> { ids.each { |id| models&.find(id) } },
    "chat_models" => -> { models&.chat_models&.map(&:id) }
  }
  uses.each_value(&:call)
  settle
  uses.each_value { |use| forked(FIRST, &use) }
  uses.transform_values { |use| forked(&use) }
end

library = LIBRARIES.fetch(ARGV.fetch(0))
version = library.load
result =
  case ARGV.fetch(1)
  when "read" then read(library, ARGV.fetch(2), ARGV.fetch(3).to_i)
  when "forks" then forks(library, ARGV.fetch(2), ARGV.fetch(3).to_i)
  when "convert" then library.convert(ARGV.fetch(2), ARGV.fetch(3))
  end
puts JSON.generate("version" => version, "result" => result)
