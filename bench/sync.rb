# frozen_string_literal: true

# What it takes to keep 2,000 models in a table: `save_models` of this gem beside `save_to_database` of ruby_llm 2.0.0, on PostgreSQL and
# SQLite. No network. Both sides are processes of their own and take turns; each has its documented table.
#
#   BUNDLE_GEMFILE=bench/Gemfile bundle install   once
#   rake bench:sync

require "bundler/setup"
require "active_record"
require "etc"
require "json"
require "open3"
require "rbconfig"
require "ruby_llm_native"
require "tmpdir"
require_relative "../spec/support/databases"
require_relative "../spec/support/replay_server"

MODELS = 2000
ROUNDS = 7
ROOT = File.expand_path("..", __dir__)

# The models of the fixture of models.dev, copied until there are enough, as a registry file of the ruby_llm gem.
def write_registry(path)
  document = JSON.parse(ReplayServer::Answer.fixture("models_dev/good"))
  sheet, = RubyLLM::Native.read_sheet("models_dev", JSON.generate(document), Time.now.to_i)
  models = RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge([sheet])).map(&:to_registry_h)
  copies = models.cycle.first(MODELS).each_with_index.map { |model, number| model.merge(id: "#{model[:id]}-copy-#{number / models.size}") }
  File.write(path, JSON.pretty_generate(copies))
  models.size
end

def run(contender, gemfile, database, file)
  program = [RbConfig.ruby, "-rbundler/setup", "-I#{ROOT}/lib", "#{ROOT}/bench/sync/contender.rb",
             JSON.generate(settings: database.settings, file: file, rounds: ROUNDS)]
  environment = {"CONTENDER" => contender, "BUNDLE_GEMFILE" => gemfile}
  out, error, status = Bundler.with_unbundled_env { Open3.capture3(environment, *program) }
  abort "#{contender} failed:\n#{error}\nHas `BUNDLE_GEMFILE=bench/Gemfile bundle install` been run?" unless status.success?

  JSON.parse(out.lines.last, symbolize_names: true)
end

def median(numbers)
  numbers.sort[numbers.size / 2]
end

def cell(result)
  times = result[:seconds].map { |seconds| seconds * 1000 }
  format("%8.1f ms (%.1f to %.1f), %d statements", median(times), times.min, times.max, result[:statements])
end

def show(database, ours, theirs)
  puts "", "#{database.name}: #{ours[:models]} models, medians of #{ROUNDS} rounds (least to most)"
  {first: "first save", again: "nothing changed"}.each do |what, title|
    puts format("  %-16s ruby_llm_native %s", title, cell(ours[what])), format("  %-16s ruby_llm        %s", "", cell(theirs[what])),
      format("  %-16s %.1f times as fast", "", median(theirs[what][:seconds]) / median(ours[what][:seconds]))
  end
end

cpu = File.exist?("/proc/cpuinfo") ? File.foreach("/proc/cpuinfo").grep(/\Amodel name/).first.to_s.split(":").last.to_s.strip : ""
puts "machine  #{[cpu, "#{Etc.nprocessors} cores", Etc.uname.values_at(:sysname, :machine).join(" ")].reject(&:empty?).join(", ")}",
  "ruby     #{RUBY_DESCRIPTION}",
  "gems     #{%w[activerecord pg sqlite3].map { |gem| "#{gem} #{Gem.loaded_specs[gem]&.version}" }.join(", ")}"

Dir.mktmpdir do |folder|
  file = File.join(folder, "models.json")
  distinct = write_registry(file)
  puts "models   #{MODELS}, copies of the #{distinct} of the fixture of models.dev; #{File.size(file) / 1000} kB as a registry file"
  shown = nil
  Databases.all.select { |database| %w[PostgreSQL SQLite].include?(database.name) && database.missing.empty? }.each do |database|
    ours = run("ruby_llm_native", "#{ROOT}/Gemfile", database, file)
    theirs = run("ruby_llm", "#{ROOT}/bench/Gemfile", database, file)
    puts "versions ruby_llm_native #{ours[:version]}, ruby_llm #{theirs[:version]}" unless shown
    shown = true
    show(database, ours, theirs)
  end
end
