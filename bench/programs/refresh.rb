# frozen_string_literal: true

# Seconds of CPU that a refresh takes, and the objects it makes.

require_relative "refreshing"

rounds, anew, stored = Program::SETTINGS.values_at(:rounds, :anew, :stored)
Refreshing.prepare(stored: stored)
Refreshing.refresh
times = Array.new(rounds) do
  Refreshing.forget if anew
  Program.collect
  cpu = nil
  objects = Program.objects { cpu = Program.cpu_seconds { Refreshing.refresh } }
  [cpu, objects]
end
Program.tell("CPU" => Program.median(times.map(&:first)), "objects" => Program.median(times.map(&:last)))
