# frozen_string_literal: true

require "fileutils"
require "tmpdir"

# What the specs' own processes would keep in the user's cache folder.
CACHE_HOME = ENV["XDG_CACHE_HOME"] = Dir.mktmpdir
Process.pid.then { |owner| at_exit { FileUtils.rm_rf(CACHE_HOME) if Process.pid == owner } }

require "ruby_llm_native"
require_relative "support/payloads"
require_relative "support/under_strain" if ENV["UNDER_STRAIN"]

# Sheets and catalogs of JSON in hand, without a network.
module Sheets
  NOW = 1_768_300_000 # 2026-01-13

  def sheet(source, document, now: NOW)
    RubyLLM::Native.read_sheet(source.to_s, document.is_a?(String) ? document : JSON.generate(document), now).first
  end

  # @param documents [Hash{Symbol => Object}] what each source answers
  # @return [RubyLLM::Native::View]
  def view_of(documents)
    sheets = documents.map { |source, document| sheet(source, document) }
    RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge(sheets))
  end
end

RSpec.configure do |config|
  config.include Payloads
  config.include Sheets
  config.disable_monkey_patching!
  config.order = :random
  config.fail_if_no_examples = true # a pattern that matches nothing has tested nothing
  Kernel.srand config.seed

  # Options, models and what processes store are shared: every example starts as on a new machine.
  config.before do
    FileUtils.rm_rf(Dir.glob("#{CACHE_HOME}/*"))
    next unless RubyLLM.config.is_a?(RubyLLM::Native::Configuration) # beside ruby_llm its own specs see to it

    fresh = RubyLLM::Native::Configuration.new
    [*RubyLLM::Native::Configuration.options, :defined_endpoints].each do |name|
      RubyLLM.config.public_send(:"#{name}=", fresh.public_send(name))
    end
    RubyLLM.config.endpoints = {}
    RubyLLM.config.registry_path = false # in memory: no example finds what another has stored
    RubyLLM.models.forget!
  end

  # Loudly: each one is in the list of pending examples, and their number in the last line.
  config.before(:each, :payloads) { skip "no recorded answers at #{Payloads::FOLDER}" unless Payloads.there? }
  config.after(:suite) do
    missing = RSpec.world.filtered_examples.values.flatten.count { |example| example.metadata[:payloads] }
    unless Payloads.there? || missing.zero?
      config.reporter.message("\n#{missing} examples need the recorded answers and were SKIPPED.")
    end
  end
end
