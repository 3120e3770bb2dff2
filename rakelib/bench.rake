# frozen_string_literal: true

# The benchmarks have a Gemfile of their own, which needs Ruby 3.2: `bin/matrix bench` runs them where this is older.
module Bench
  GEMFILE = File.expand_path("../gemfiles/bench.gemfile", __dir__)
  PARTS = {
    lookup: "find and filters", start: "require, opening the stored registry, memory",
    refresh: "a refresh, in CPU time", endpoints: "a refresh of all endpoints of models.dev",
    waiting: "a refresh beside busy threads, and by the sources' latency",
    save: "saves into PostgreSQL and SQLite", growth: "200,000 models, 60 sources", workers: "200 forked workers"
  }.freeze

  module_function

  def run(*arguments)
    Bundler.with_unbundled_env do
      environment = {"BUNDLE_GEMFILE" => GEMFILE}
      system(environment, "bundle check >/dev/null 2>&1 || bundle install --quiet") || abort("no gems for #{GEMFILE}")
      system(environment, "bundle", "exec", "ruby", "-Ilib", *arguments) || abort("#{arguments.join(" ")} failed")
    end
  end
end

desc "Measure everything beside ruby_llm, about ten minutes, and write docs/performance.md"
task bench: :compile do
  Bench.run("bench/measure.rb")
  Bench.run("bench/page.rb")
end

namespace :bench do
  Bench::PARTS.each do |part, what|
    desc "Measure #{what}, and renew that section of docs/performance.md"
    task part => :compile do
      Bench.run("bench/measure.rb", part.to_s)
      Bench.run("bench/page.rb")
    end
  end

  desc "Write docs/performance.md, its plots and the README's figures from bench/results/"
  task(:page) { Bench.run("bench/page.rb") }

  desc "Measure many processes, many tenants and many models on one PostgreSQL"
  task :scale, %i[forked own models] => :compile do |_, numbers|
    ruby "-Ilib", "bench/scale.rb", *numbers.to_a
  end
end
