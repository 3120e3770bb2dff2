# frozen_string_literal: true

# What can be said about the code without running it. All checks run, then the task fails if one of them did.
#
#   rake lint            # all, in some ten seconds; part of bin/test
#   rake lint:c          # the layout of C, by clang-format 14
#   rake lint:ruby       # the layout of Ruby, by standard
#   rake lint:includes   # the core's folders include downward only
#   rake lint:slugs      # no provider's name outside core/sources/ and the formats of usage
#   rake lint:columns    # no line above 120 columns
#   rake lint:constants  # each file of lib/ is named after what it defines
#   rake lint:docs       # all that is public has a comment, by yard
#
#   rake lint:tidy       # the core by clang-tidy 14, in some two minutes; part of `rake robust`
#
# `clang-format -i FILE…` and `BUNDLE_GEMFILE=gemfiles/lint.gemfile bundle exec standardrb --fix FILE…` mend a layout.

require "etc"
require_relative "lint/columns"
require_relative "lint/constants"
require_relative "lint/includes"
require_relative "lint/slugs"

module Lint
  ROOT = File.expand_path("..", __dir__)
  GEMFILE = File.join(ROOT, "gemfiles/lint.gemfile")
  CLANG = "14" # other versions lay out a few lines differently
  STRICT = ENV["RUBY_LLM_NATIVE_STRICT"] == "1"
  CHECKS = %w[c ruby includes slugs columns constants docs].freeze

  module_function

  def tool(name, version)
    ["#{name}-#{version}", name].find do |command|
      IO.popen([command, "--version"], err: File::NULL, &:read).match?(/version #{version}\./)
    rescue Errno::ENOENT
      false
    end
  end

  def c
    command = tool("clang-format", CLANG)
    return missing("clang-format #{CLANG} is not installed; run bin/setup, or put it in PATH") if command.nil?

    files = Dir.glob("{bench,ext,spec/core,fuzz}/**/*.{c,h}", base: ROOT)
    system(command, "--dry-run", "-Werror", *files, chdir: ROOT) || failed("run #{command} -i on the files above")
  end

  # Shares of the files side by side: clang-tidy takes seconds for each.
  def tidy
    command = tool("clang-tidy", CLANG)
    return missing("clang-tidy #{CLANG} is not installed; install it, or put it in PATH") if command.nil?

    shares = Dir.glob("#{Includes::CORE}/**/*.c", base: ROOT).sort.group_by.with_index { |_, i| i % Etc.nprocessors }
    runs = shares.values.map do |files|
      Thread.new { system(command, "--quiet", *files, "--", "-std=c11", "-iquote", Includes::CORE, chdir: ROOT) }
    end
    runs.map(&:value).all? || failed("mend what is above; .clang-tidy says what is not checked")
  end

  def ruby
    return missing("the gems of gemfiles/lint.gemfile are not installed; run bin/setup") unless bundle?

    bundled("exec", "standardrb") ||
      failed("run BUNDLE_GEMFILE=gemfiles/lint.gemfile bundle exec standardrb --fix on the files above")
  end

  def bundle?
    bundled("check", out: File::NULL, err: File::NULL)
  end

  # The cache is the project's own, so that two clones do not wait for each other.
  def bundled(*arguments, **options)
    Bundler.with_unbundled_env do
      environment = {"BUNDLE_GEMFILE" => GEMFILE, "RUBOCOP_CACHE_ROOT" => File.join(ROOT, "tmp/lint")}
      system(environment, "bundle", *arguments, chdir: ROOT, **options)
    end
  end

  # What yard hides, by .yardopts, is not public.
  def docs
    return missing("the gems of gemfiles/lint.gemfile are not installed; run bin/setup") unless bundle?

    found = File.join(ROOT, "tmp/yard.txt")
    FileUtils.mkdir_p(File.dirname(found))
    bundled("exec", "yard", "stats", "--list-undoc", "--db", "tmp/yard", out: found, err: %i[child out])
    return true if File.read(found).include?(" 100.00% documented")

    puts File.read(found)
    failed("write a comment above what is listed, or make it private")
  end

  def includes
    report(Includes.new(ROOT).offences)
  end

  def slugs
    report(Slugs.new(ROOT).offences)
  end

  def constants
    report(Constants.new(ROOT).offences)
  end

  def columns
    report(Columns.new(ROOT, Columns.files(ROOT)).offences)
  end

  def report(offences)
    puts offences
    offences.empty? || failed("#{offences.size} offences")
  end

  # A machine without the tool can still work on the project; what checks a change cannot do without.
  def missing(message)
    return failed(message) if STRICT

    warn "", "*** NOT CHECKED: #{message} ***", ""
    true
  end

  def failed(message)
    warn "lint: #{message}"
    false
  end

  # @param checks [Array<String>] all of them run, whichever fails
  def run(checks)
    failed = checks.reject { |check| public_send(check) }
    abort "lint failed: #{failed.join(", ")}" unless failed.empty?
  end
end

desc "Check layout and structure of the code"
task(:lint) { Lint.run(Lint::CHECKS) }

namespace :lint do
  [*Lint::CHECKS, "tidy"].each { |check| task(check) { Lint.run([check]) } }
end
