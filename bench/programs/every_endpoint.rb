# frozen_string_literal: true

# Seconds of CPU and of waiting that a refresh of these endpoints and models.dev takes, and the objects it makes.

require_relative "program"

Program.load
url, names, rounds, anew = Program::SETTINGS.values_at(:url, :names, :rounds, :anew)
Program.configure(nil, false) do |config|
  config.models_dev_url = "#{url}/models_dev/api.json"
  names.each { |name| config.endpoint name, api_key: "no-real-key", base_url: "#{url}/#{name}" }
end
refresh = -> { RubyLLM.models.refresh!(strict: true) }

refresh.call
times = Array.new(rounds) do
  RubyLLM.models.forget!.view if anew
  Program.collect
  cpu = time = nil
  objects = Program.objects { time = Program.seconds { cpu = Program.cpu_seconds(&refresh) } }
  {"CPU" => cpu, "time" => time, "objects" => objects}
end
medians = times.first.keys.to_h { |name| [name, Program.median(times.map { |each| each.fetch(name) })] }
outcomes = RubyLLM.models.last_refresh.select(&:asked?)
Program.tell("endpoints" => outcomes.count { |outcome| !outcome.metadata_source? },
  "listed" => RubyLLM.models.listed.size, **medians)
