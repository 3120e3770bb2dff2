# frozen_string_literal: true

# Stores the models of a registry file as this gem's stored registry.

require_relative "program"

Program.load
Program.configure(nil, Program::SETTINGS.fetch(:folder))
RubyLLM.models.load_from_json(Program::SETTINGS.fetch(:file)).save
Program.tell(RubyLLM.models.size)
