# frozen_string_literal: true

# What it takes to keep 2,000 models in a table: `save_models` of this gem beside `save_to_database` of ruby_llm
# 2.0.0, on PostgreSQL and SQLite. No network. Both sides are processes of their own and take turns; each has its
# documented table.
#
#   BUNDLE_GEMFILE=bench/Gemfile bundle install   once
#   rake bench:sync

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

def run(contender, gemfile, database, file)
  environment = {"CONTENDER" => contender, "BUNDLE_GEMFILE" => gemfile}
  Measuring.run(environment, "bench/sync/contender.rb", {settings: database.settings, file: file, rounds: ROUNDS})
end

def cell(result)
  format("%s, %d statements", Measuring.cell(result[:seconds]), result[:statements])
end

def show(database, ours, theirs)
  puts "", "#{database.name}: #{ours[:models]} models, medians of #{ROUNDS} rounds (least to most)"
  {first: "first save", again: "nothing changed"}.each do |what, title|
    puts format("  %-16s ruby_llm_native %s", title, cell(ours[what])),
      format("  %-16s ruby_llm        %s", "", cell(theirs[what])),
      format("  %-16s %.1f times as fast", "", Measuring.ratio(theirs[what][:seconds], ours[what][:seconds]))
  end
end

puts Measuring.machine

Dir.mktmpdir do |folder|
  file = File.join(folder, "models.json")
  distinct = Measuring.write_registry(file)
  puts "models   #{Measuring::MODELS}, copies of the #{distinct} of the fixture of models.dev; " \
    "#{File.size(file) / 1000} kB as a registry file"
  shown = nil
  databases = Databases.all.select { |database| %w[PostgreSQL SQLite].include?(database.name) }
  databases.select { |database| database.missing.empty? }.each do |database|
    ours = run("ruby_llm_native", "#{Measuring::ROOT}/Gemfile", database, file)
    theirs = run("ruby_llm", "#{Measuring::ROOT}/bench/Gemfile", database, file)
    puts "versions ruby_llm_native #{ours[:version]}, ruby_llm #{theirs[:version]}" unless shown
    shown = true
    show(database, ours, theirs)
  end
end
