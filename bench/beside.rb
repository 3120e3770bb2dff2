# frozen_string_literal: true

# What it takes to keep 2,000 models in ruby_llm's own table: `save_to_database` of ruby_llm 2.0.0 alone, and with
# this gem beside it, on PostgreSQL and SQLite. No network. The two take turns, each in processes of its own, and have
# the same table.
#
#   BUNDLE_GEMFILE=bench/Gemfile bundle install   once
#   rake bench:beside

require "bundler/setup"
require "active_record"
require "json"
require "open3"
require "rbconfig"
require "ruby_llm_native"
require "tmpdir"
require_relative "../spec/support/databases"
require_relative "../spec/support/replay_server"
require_relative "sync/measuring"

ROUNDS = 7
TITLES = {
  first: "first save", again: "unchanged, right after", more: "unchanged, once more", fresh: "unchanged, new process"
}.freeze

def run(contender, folder, settings)
  gemfile = "#{Measuring::ROOT}/bench/Gemfile"
  Measuring.run(
    {"CONTENDER" => contender, "BUNDLE_GEMFILE" => gemfile, "XDG_CACHE_HOME" => folder},
    "bench/sync/saving.rb", settings
  )
end

# One round: a process that saves three times into the empty table, and one that comes after it.
def round(contender, folder, settings)
  saved = run(contender, folder, {**settings, from: "empty"})
  {**saved, fresh: run(contender, folder, {**settings, from: "saved"})[:first]}
end

def show(database, ours, theirs)
  puts "", "#{database.name}: #{ours.first[:models]} models, medians of #{ROUNDS} rounds (least to most)"
  TITLES.each do |what, title|
    with, alone = [ours, theirs].map { |results| results.map { |result| result[what] } }
    puts format("  %-24s with ruby_llm_native %s", title, Measuring.cell(with)),
      format("  %-24s ruby_llm alone       %s", "", Measuring.cell(alone)),
      format("  %-24s %.1f times as fast", "", Measuring.ratio(alone, with))
  end
end

puts Measuring.machine
Dir.mktmpdir do |folder|
  file = File.join(folder, "models.json")
  Measuring.write_registry(file)
  databases = Databases.all.select { |database| %w[PostgreSQL SQLite].include?(database.name) }
  databases.select { |database| database.missing.empty? }.each do |database|
    settings = {settings: database.settings, file: file}
    rounds = Array.new(ROUNDS) { %w[beside ruby_llm].map { |contender| round(contender, folder, settings) } }
    show(database, rounds.map(&:first), rounds.map(&:last))
  end
end
