# frozen_string_literal: true

# What a registry costs in a new process, by its size: to open it, to find in it, and in memory.

require_relative "program"
require_relative "../made_up_models"

Program.activate
Program.load
file, folder, count = Program::SETTINGS.values_at(:file, :folder, :count)
Program.configure(file, folder)

random = Random.new(7)
ids = Array.new(1000) { Bench::MadeUpModels.id(random.rand(count)) }
Program.collect
before = Program.resident
opened = Program.seconds { Program::PEER ? RubyLLM.models : RubyLLM.models.view }
first = Program.seconds { RubyLLM.models.find(ids.first) }
Program.collect
resident = Program.resident - before
found = Array.new(2) { Program.seconds { ids.each { |id| RubyLLM.models.find(id) } } / ids.size }
Program.tell("open" => opened, "first find" => first, "find, asked the first time" => found.first,
  "find" => found.last, "memory" => resident, "models" => RubyLLM.models.all.size)
