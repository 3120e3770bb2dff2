# frozen_string_literal: true

# Seconds that a refresh of so many endpoints takes, each with a provider of its own.

require_relative "program"

Program.load
url, count = Program::SETTINGS.values_at(:url, :count)
Native = RubyLLM::Native
requests = Array.new(count) do |number|
  {source: "endpoint_#{number}", api: "openai", base_url: "#{url}/#{number}", provider: "provider_#{number}",
   settings: {"openai_api_key" => "no-real-key"}}
end

seconds = Program.seconds do
  run = Native.const_get(:Run).open(before: Native::Catalog.empty, now: Time.now.to_i, requests: requests, held: [],
    timeout: 30.0, request_timeout: 30.0, connect_timeout: 5.0, retries: 0, connections: 128)
  catalog, = run.finish
  abort "#{catalog.size} of #{count} models" unless catalog.size == count
end
Program.tell("time" => seconds)
