# frozen_string_literal: true

# Seconds of CPU and of waiting that a refresh of so many sources takes. There are fewer providers than that, so the
# same one is asked many times, below the registry.

require_relative "program"

Program.load
url, counts, rounds = Program::SETTINGS.values_at(:url, :counts, :rounds)
Native = RubyLLM::Native
settings = {
  held: [], timeout: 30.0, request_timeout: 30.0, connect_timeout: 5.0, retries: 0, ca_file: nil, ca_path: nil,
  user_agent: "benchmark (gzip)"
}
request = {
  source: "mistral", base_url: "#{url}/mistral", settings: {"mistral_api_key" => "no-real-key"}, proxy: nil,
  transport: nil, sheet: nil
}

refresh = lambda do |count|
  run = Native.const_get(:Run).open(before: Native::Catalog.empty, now: Time.now.to_i,
    requests: Array.new(count) { request }, **settings)
  run.finish
  failed = Array.new(count) { |position| run.outcome(position) }.find { |outcome| outcome[:status] != :refreshed }
  abort failed.inspect if failed
ensure
  run&.close
end

refresh.call(1)
times = Array.new(rounds) do
  counts.to_h do |count|
    cpu = nil
    all = Program.seconds { cpu = Program.cpu_seconds { refresh.call(count) } }
    [count, {"CPU" => cpu, "time" => all}]
  end
end
Program.tell(times)
