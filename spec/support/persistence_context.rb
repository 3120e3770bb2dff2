# frozen_string_literal: true

require_relative "databases"
require_relative "llm_tables"
require_relative "replay_server"

# What examples about tables of models say: what providers answer, what is in the table then.
module PersistenceHelpers
  include ReplayServer::Answers

  # ---- What providers answer ----

  def openai(*ids, **how)
    json(
      {object: "list", data: ids.map { |id| {id: id, object: "model", created: 1_744_300_801, owned_by: "system"} }},
      **how
    )
  end

  def models_dev(input_price: 2, **how)
    json({
      openai: {id: "openai", name: "OpenAI", models: {"gpt-4.1": {
        id: "gpt-4.1", name: "GPT-4.1", family: "gpt", tool_call: true,
        modalities: {input: %w[text image], output: %w[text]},
        limit: {context: 1_047_576, output: 32_768}, cost: {input: input_price, output: 8}
      }}},
      mistral: {id: "mistral", name: "Mistral", models: {"mistral-large-latest": {
        id: "mistral-large-latest", name: "Mistral Large", modalities: {input: %w[text], output: %w[text]},
        limit: {context: 131_072, output: 16_384}
      }}}
    }, **how)
  end

  # ---- What is looked at ----

  def row(id)
    LLMModel.find_by!(model_id: id)
  end

  def available
    LLMModel.where(available: true).order(:model_id).pluck(:model_id)
  end

  def contents
    LLMModel.order(:id).map(&:attributes)
  end

  def counts(result)
    result.to_h.reject { |_, count| count.zero? }
  end

  # @return [Boolean] whether a transaction was open while OpenAI answered, which the block makes it do
  def transaction_open_while_openai_answers
    open = nil
    answer = openai("gpt-4.1")
    pool = ActiveRecord::Base.connection_pool
    server.on("openai", lambda do |_request|
      open = pool.connections.any?(&:transaction_open?)
      answer
    end)
    yield
    open
  end

  # Run the block in a process of its own, which reports one line.
  #
  # @return [Array(Integer, IO)] its pid and where its line comes
  def in_process(database)
    ActiveRecord::Base.connection_handler.clear_all_connections!
    told, tell = IO.pipe
    pid = fork do
      told.close
      database.connect
      tell.puts(yield(tell).to_s.lines.first)
    rescue Exception => error # rubocop:disable Lint/RescueException -- whatever it is, it is the result
      tell.puts("#{error.class}: #{error.message}".lines.first)
    ensure
      tell.close
      exit!(0)
    end
    tell.close
    [pid, told]
  end
end

# A connection while an example runs. Without the database's programs its examples are skipped, loudly.
RSpec.shared_context "on a database" do |database|
  before(:all) do
    next if database.missing.empty?

    missing = database.missing.join(" and ")
    warn "\n#{database.name} IS NOT TESTED: this machine lacks #{missing}. bin/setup installs what is missing."
    skip "#{missing} missing"
  end

  before { database.connect }
  after { ActiveRecord::Base.remove_connection }
end

# The tables, the classes on them, and providers to fill them: for groups of one database.
#
# @example
#   Databases.all.each do |database|
#     context("on #{database.name}") { include_context "with tables of models", database }
#   end
RSpec.shared_context "with tables of models" do |database|
  include PersistenceHelpers

  include_context "on a database", database

  let!(:server) { ReplayServer.start }
  let(:store) { RubyLLM.config.catalog_store }

  before do
    LLMTables.create(ActiveRecord::Base.connection)
    models = Class.new(ActiveRecord::Base) { self.table_name = "llm_models" }
    stub_const("LLMModel", models)
    models.acts_as_llm_model
    registries = Class.new(ActiveRecord::Base) { self.table_name = "llm_registries" }
    stub_const("LLMRegistry", registries)
    registries.acts_as_llm_registry

    RubyLLM.configure do |config|
      config.openai_api_key = "sk-openai"
      config.openai_api_base = server.url("openai")
      config.models_dev_url = "#{server.url("models_dev")}/api.json"
      config.refresh_retries = 0
      config.catalog_store = RubyLLM::Native::Stores::ActiveRecord.new("LLMRegistry")
    end
    server.on("openai", openai("gpt-4.1", "o4-mini"))
    server.on("models_dev", models_dev)
  end

  after { server.stop }
end
