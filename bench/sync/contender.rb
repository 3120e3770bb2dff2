# frozen_string_literal: true

require "active_record"
require "json"
require_relative "ruby_llm_table"
require "ruby_llm_native" if ENV["CONTENDER"] == "ruby_llm_native"
require "ruby_llm" if ENV["CONTENDER"] == "ruby_llm"

# One side of bench/sync.rb, in a process of its own: saves the models of a registry file into its own table, first
# into an empty one, then again. Its result is a line of JSON: `{version:, first:, again:}`, each with seconds and
# statements.
#
# Both sides have their documented table with all its columns and indexes, and read the same file.
module Contender
  SETTINGS, FILE, ROUNDS = JSON.parse(ARGV.fetch(0), symbolize_names: true).values_at(:settings, :file, :rounds)

  # Ours.
  module Native
    VERSION = RubyLLM::Native::VERSION if defined?(RubyLLM::Native)

    module_function

    def prepare
      require_relative "../../spec/support/llm_tables"
      LLMTables.create(ActiveRecord::Base.connection)
      Object.const_set(:LLMModel, Class.new(ActiveRecord::Base) { self.table_name = "llm_models" })
      LLMModel.acts_as_llm_model
      RubyLLM.config.registry_path = false
      RubyLLM.models.load_from_json(FILE)
    end

    def save
      LLMModel.save_models(RubyLLM.models)
    end

    def table
      LLMModel
    end
  end

  # The ruby_llm gem's.
  module Reference
    VERSION = RubyLLM::VERSION if defined?(RubyLLM::VERSION)

    module_function

    def prepare
      require "ruby_llm/active_record/model" # as its Railtie does
      RubyLLMTable.create(ActiveRecord::Base.connection)
      RubyLLM.models.load_from_json(FILE)
    end

    def save
      RubyLLM::ActiveRecord::Model.save_to_database
    end

    def table
      RubyLLM::ActiveRecord::Model
    end
  end

  module_function

  def side
    (ENV.fetch("CONTENDER") == "ruby_llm") ? Reference : Native
  end

  def run
    ActiveRecord::Base.establish_connection(SETTINGS)
    side.prepare
    rounds = Array.new(ROUNDS + 1) { round }.drop(1) # the first one warms up
    side.table.delete_all
    counted = Array.new(2) { statements { side.save } }
    puts JSON.generate(version: side::VERSION, models: side.table.count,
      first: {seconds: rounds.map(&:first), statements: counted.first},
      again: {seconds: rounds.map(&:last), statements: counted.last})
  end

  def round
    side.table.delete_all
    Array.new(2) do
      GC.start
      seconds { side.save }
    end
  end

  def seconds
    from = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - from
  end

  def statements
    count = 0
    note = ->(*, event) { count += 1 unless event[:cached] || %w[SCHEMA TRANSACTION].include?(event[:name]) }
    ActiveSupport::Notifications.subscribed(note, "sql.active_record") { yield }
    count
  end
end

Contender.run
