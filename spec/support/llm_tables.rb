# frozen_string_literal: true

require_relative "databases"
require_relative "replay_server"

# The two tables as the documentation describes them, the classes on them, and providers to fill them. For groups of one database:
#
# @example
#   Databases.all.each do |database|
#     context("on #{database.name}") { include_context "with tables of models", database }
#   end
module LLMTables
  include ReplayServer::Answers

  module_function

  def create(connection)
    mysql = %w[Trilogy Mysql2].include?(connection.adapter_name)
    binary_text = mysql ? {collation: "utf8mb4_bin"} : {}
    create_models(connection, mysql, binary_text)
    create_registries(connection, mysql, binary_text)
  end

  def create_models(connection, mysql, binary_text)
    jsonb = connection.adapter_name == "PostgreSQL"
    connection.create_table(:llm_models, force: true) do |table|
      table.string :provider, null: false, **binary_text
      table.string :model_id, null: false, **binary_text
      table.string :name, null: false
      table.boolean :available, null: false, default: false
      table.boolean :is_default, null: false, default: false
      table.string :family
      table.string :model_type
      table.integer :context_window
      table.integer :max_output_tokens
      table.decimal :input_price, precision: 20, scale: 10
      table.decimal :output_price, precision: 20, scale: 10
      table.column :metadata, jsonb ? :jsonb : :json, **(mysql ? {} : {default: {}})
      table.datetime :unavailable_since
      table.datetime :last_synced_at
      table.string :fingerprint
      table.string :note
      table.timestamps
      table.index %i[provider model_id], unique: true
      table.index :metadata, using: :gin if jsonb
    end
  end

  def create_registries(connection, mysql, binary_text)
    blob = mysql ? {limit: (2**32) - 1} : {}
    connection.create_table(:llm_registries, force: true) do |table|
      table.string :name, null: false, **binary_text
      table.integer :format_version, null: false
      table.binary :catalog, **blob
      table.binary :sheets, **blob
      table.string :content_hash
      table.string :stamp
      table.datetime :stored_at
      table.string :lease_token
      table.datetime :lease_until
      table.timestamps
      table.index %i[name format_version], unique: true
    end
  end

  # ---- What providers answer ----

  def openai(*ids, **how)
    json({object: "list", data: ids.map { |id| {id: id, object: "model", created: 1_744_300_801, owned_by: "system"} }}, **how)
  end

  def models_dev(input_price: 2, **how)
    json({
      openai: {id: "openai", name: "OpenAI", models: {"gpt-4.1": {
        id: "gpt-4.1", name: "GPT-4.1", family: "gpt", tool_call: true, modalities: {input: %w[text image], output: %w[text]},
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

RSpec.shared_context "with tables of models" do |database|
  include LLMTables

  let!(:server) { ReplayServer.start }
  let(:store) { RubyLLM.config.catalog_store }

  before(:all) do
    next if database.missing.empty?

    warn "\n#{database.name} IS NOT TESTED: this machine lacks #{database.missing.join(" and ")}. bin/setup installs what is missing."
    skip "#{database.missing.join(" and ")} missing"
  end

  before do
    database.connect
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

  after do
    server.stop
    ActiveRecord::Base.remove_connection
  end
end
