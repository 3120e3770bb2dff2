# frozen_string_literal: true

# What many processes, many tenants and many models ask of providers, the database and memory.
#
#   rake bench:scale                      some minutes
#   rake "bench:scale[200,50,200000]"     longer: what docs/explanation/scale.md shows
#
# The numbers: processes forked by a master, processes started on their own, models of the one large registry.
#
# Nine sources answer on the loopback, models.dev with 2,000 models after 300 ms; PostgreSQL is a server of its own
# behind a UNIX socket. All processes share one row of Stores::ActiveRecord. Times count from the moment at which all
# are told to begin.

require "bundler/setup"
require "active_record"
require "io/wait"
require "json"
require "ruby_llm_native"
require_relative "../spec/support/databases"
require_relative "../spec/support/llm_tables"
require_relative "machine"
require_relative "results"
require_relative "scale/herd"
require_relative "scale/providers"
require_relative "scale/statements"

# The scenarios, and how they are shown.
class Scale
  MODELS = 2000
  CONTEXTS = 10_000
  REFRESHES = 1000 # of these contexts
  INTERVAL = 2 # registry_check_interval
  TIMEOUT = 5 # refresh_timeout of those whose leader is killed

  def initialize(forked, own, many)
    @forked = forked
    @own = own
    @many = many
    database = Databases.all.find { |each| each.name == "PostgreSQL" }
    abort "This needs #{database.missing.join(" and ")}" if database.missing.any?
    database.connect
    @statements = Statements.new(database.settings[:host])
    @providers = Providers.new
    @settings = {database: database.settings, urls: @providers.urls, interval: INTERVAL}
  end

  def run
    puts machine
    puts "models    #{MODELS}"
    one_refresh
    herd_without_store
    herd_without_lease
    memory("forked, opened before the fork", @forked, preload: true)
    memory("forked, opened by each itself", @forked)
    memory("started on their own", @own, forked: false)
    killed
    tenants
    large
  ensure
    @providers.stop
  end

  private

  # ---- Scenarios ----

  def one_refresh
    empty
    Herd.run(@settings, %w[refresh refresh sync], processes: 1) do |herd|
      measured("One process: its first refresh") { herd.step("refresh") }
      measured("One process: its second refresh") { herd.step("refresh") }
      measured("One process: its first sync") { herd.step("sync") { nil } }
    end
    puts "  #{stored}"
  end

  def herd_without_store
    empty
    Herd.run(@settings, %w[sync], processes: @forked) do |herd|
      measured("#{@forked} processes, empty store: each calls sync!") { herd.step("sync") { nil } }
    end
  end

  def herd_without_lease
    Herd.run(@settings, %w[refresh], processes: @forked, preload: true) do |herd|
      measured("#{@forked} processes, full store: each calls refresh! for itself") { herd.step("refresh") }
    end
  end

  # The store is full. What each needs to look up, what of it is memory of its own, and when it sees a change.
  def memory(how, processes, **start)
    added = "model-of-#{how.tr(" ", "-")}"
    Herd.run({**@settings, new: added}, %w[connect find finds watch], processes: processes, **start) do |herd|
      title = "#{processes} processes, #{how}"
      measured("#{title}: connect") { herd.step("connect") }
      sizes = [herd.memory]
      measured("#{title}: first find") { herd.step("find") }
      sizes << herd.memory
      herd.step("finds")
      sizes << herd.memory
      @providers.document(MODELS, extra: [added])
      measured("#{title}: one syncs a change, all see it") { herd.step("watch") }
      sizes << herd.memory
      show_memory(sizes)
    end
  end

  def killed
    @providers.document(MODELS, extra: ["another"], delay: TIMEOUT - 2)
    Herd.run({**@settings, timeout: TIMEOUT}, %w[sync], processes: @forked, preload: true) do |herd|
      killed = nil
      measured("#{@forked} processes call sync!, the one that refreshes is killed") do
        herd.step("sync", but: 1) do |lease|
          next if killed

          sleep(0.05) until @providers.requests.any?
          herd.kill(killed = lease.fetch("pid"))
        end
      end
    end
  end

  def tenants
    empty
    @providers.document(MODELS, delay: 0)
    puts "", "One process, #{CONTEXTS} contexts"
    urls = @providers.urls
    settings = {urls: urls.slice("openai", "models_dev"), second: urls.fetch("mistral")}
    program("tenants", **settings, contexts: CONTEXTS, refreshes: REFRESHES) do |step|
      puts format("  %-28s %10.3f ms  %8.1f kB, %8.1f kB in use  each of %d  requests: %s", step["step"],
        step["seconds"] * 1e3, *step.values_at("kilobytes", "held", "contexts"), requests)
      @providers.reset
    end
  end

  def large
    empty
    @providers.document(@many, delay: 0)
    @statements.stop # a log of all rows would be measured, too
    puts "", "One registry of #{@many} models"
    %w[write read].each do |task|
      program("large", task: task, models: @many) do |step|
        if step["rows"]
          puts format("  %d rows; catalog %.1f MB, sheets %.1f MB", *step.values_at("rows", "catalog", "sheets"))
        else
          puts format("  %-36s %10.3f s  %10.1f MB", step["step"], step["seconds"], step["kilobytes"] / 1e3)
        end
      end
    end
  end

  # ---- Measuring ----

  def empty
    ActiveRecord::Migration.suppress_messages { LLMTables.create(ActiveRecord::Base.connection) }
    @providers.document(MODELS)
  end

  def measured(title)
    @providers.reset
    @statements.reset
    reports = yield
    times = reports.map { |report| report["after"] }.sort
    spread = [times.first, Bench::Results.median(times), times.last].map { |time| format("%.2f s", time) }
    puts "", title, "  first, median, last done after  #{spread.join(", ")}",
      "  requests       #{requests}", "  statements     #{sent}"
    how = reports.filter_map { |report| report["how"] }.tally
    puts "  #{how.map { |what, count| "#{count} #{what}" }.join(", ")}" if how.any?
  end

  def program(name, **settings)
    @providers.reset
    @statements.reset
    command = [RbConfig.ruby, File.join(__dir__, "scale", "#{name}.rb"), JSON.generate({**@settings, **settings})]
    IO.popen(command) { |lines| lines.each_line { |line| yield JSON.parse(line) } }
    abort "#{name} failed" unless $?.success?
  end

  def requests
    counts = @providers.requests
    "#{counts.values.sum} (#{counts.map { |source, count| "#{source} #{count}" }.join(", ")})"
  end

  def sent
    counts = @statements.count
    "#{counts[:ours]} of this gem, #{counts[:adapter]} of ActiveRecord"
  end

  def stored
    sizes = "SELECT length(catalog), length(sheets), (SELECT count(*) FROM llm_models) FROM llm_registries"
    catalog, sheets, models = ActiveRecord::Base.connection.select_rows(sizes).first
    "#{models} models; catalog #{catalog} bytes, sheets #{sheets} bytes"
  end

  def show_memory(sizes)
    puts "  memory of a process, median and most, in MB"
    ["connected", "after its first find", "after 100 more", "after the change"].zip(sizes) do |moment, each|
      columns = each.map do |name, bytes|
        format("%s %.2f, %.2f", name, Bench::Results.median(bytes) / 1e6, bytes.max / 1e6)
      end
      puts format("    %-22s %s", moment, columns.join("   "))
    end
  end

  def machine
    version = ActiveRecord::Base.connection.select_value("SHOW server_version")
    ["machine   #{Bench::Machine.description}", "ruby      #{RUBY_DESCRIPTION}", "database  PostgreSQL #{version}"]
  end
end

Scale.new(*[50, 20, 20_000].each_with_index.map { |usual, place| Integer(ARGV.fetch(place, usual)) }).run
