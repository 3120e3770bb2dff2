# frozen_string_literal: true

# Seconds that a refresh takes when each source answers after a while.

require_relative "refreshing"

Refreshing.prepare(stored: true)
RubyLLM.models.all
Program.tell(Program.seconds { Refreshing.refresh })
