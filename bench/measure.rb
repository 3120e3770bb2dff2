# frozen_string_literal: true

# Measures the parts that are named, or all, and keeps their figures in bench/results/.
#
#   rake bench            all of them, about ten minutes; then docs/performance.md is written
#   rake bench:lookup     one of them; its section is renewed

require "bundler/setup"
require "ruby_llm_native"
require_relative "machine"
require_relative "parts"

conditions = {
  "date" => Date.today.iso8601, "machine" => Bench::Machine.description, "Ruby" => RUBY_DESCRIPTION[/\Aruby \S+/],
  "ruby_llm_native" => RubyLLM::Native::VERSION,
  "peers" => Bench::Contestant::PEERS.values.map { |version| "ruby_llm #{version}" }.join(", "),
  "libraries" => RubyLLM::Native::LIBRARIES.values.map { |text| text[/\A\S+/] }.join(", "),
  "documents" => Bench::Documents.kind, "load before" => File.read("/proc/loadavg")[/\A\S+/]
}
(ARGV.empty? ? Bench::Parts.all : ARGV.map { |name| Bench::Parts.named(name) }).each do |part|
  started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  Bench::Results.write(part::NAME, part.measure, conditions)
  puts format("%-10s measured in %.0f s", part::NAME, Process.clock_gettime(Process::CLOCK_MONOTONIC) - started)
end
