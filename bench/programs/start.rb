# frozen_string_literal: true

# What a new process pays: to require the library, to open the registry, and in memory after some use.

require_relative "program"

Program.activate
file, folder, names = Program::SETTINGS.values_at(:file, :folder, :names)

required = Program.seconds { Program.load }
configured = Program.seconds { Program.configure(file, folder) }
Program.collect # what `require` has left behind would be collected while the registry is opened, or not
opened = nil
objects = Program.objects { opened = Program.seconds { Program::PEER ? RubyLLM.models : RubyLLM.models.view } }
first = Program.seconds { RubyLLM.models.find(names.first.first) }
names.each { |name, _provider| RubyLLM.models.find(name) }
RubyLLM.models.chat_models.map(&:id)
Program.collect
Program.tell("require" => required, "configure" => configured, "open" => opened, "objects" => objects,
  "first find" => first, "resident" => Program.resident)
