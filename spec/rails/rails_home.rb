# frozen_string_literal: true

require "json"
require_relative "../support/databases"
require_relative "../support/rails_app"
require_relative "../support/refreshing"
require_relative "../support/replay_server"

# What the specs of Rails apps share.
module RailsHome
  # What to ask each database, and what it then says of the columns that differ.
  COLUMNS = {
    "SQLite" => {
      "SELECT name || ' ' || type FROM pragma_table_info('llm_models') " \
      "UNION SELECT name || ' ' || type FROM pragma_table_info('llm_registries')" => [
        "metadata json", "catalog blob", "context_window bigint", "input_price decimal(28,18)"
      ]
    },
    "PostgreSQL" => {
      "SELECT column_name || ' ' || data_type FROM information_schema.columns " \
      "WHERE table_name IN ('llm_models', 'llm_registries') " \
      "UNION SELECT indexdef FROM pg_indexes WHERE tablename = 'llm_models'" => [
        "metadata jsonb", "catalog bytea", "context_window bigint", "input_price numeric",
        "create index index_llm_models_on_metadata on public.llm_models using gin (metadata)"
      ]
    },
    "MariaDB" => {
      "SELECT CONCAT_WS(' ', column_name, column_type, collation_name) FROM information_schema.columns " \
      "WHERE table_name IN ('llm_models', 'llm_registries')" => [
        "provider varchar(255) utf8mb4_bin", "model_id varchar(255) utf8mb4_bin", "catalog longblob", "sheets longblob",
        "input_price decimal(28,18)"
      ]
    }
  }.freeze

  module_function

  # @param database [Databases::Database]
  # @param name [String] of the app's own on that server
  # @return [Hash]
  def database(database, name)
    return {adapter: "sqlite3", database: "storage/#{name}.sqlite3"} if database.name == "SQLite"

    database.settings.merge(database: name, pool: 5)
  end

  # Look into the app's database, without another start of Rails.
  #
  # @return [Array<Array>] the rows
  def sql(app, statement, database: "primary")
    settings = app.database(database)
    if settings["adapter"] == "sqlite3"
      settings = settings.merge("database" => File.join(app.folder, settings["database"]))
    end
    ActiveRecord::Base.establish_connection(settings)
    ActiveRecord::Base.connection.exec_query(statement).rows
  ensure
    ActiveRecord::Base.remove_connection
  end
end

# OpenAI and Anthropic, and what models.dev says of the first; an app is told of them by {#env}.
RSpec.shared_context "with providers for a Rails app" do
  include ReplayServer::Answers
  include Refreshing

  let!(:server) { ReplayServer.start }
  let(:env) do
    {
      "OPENAI_API_KEY" => "sk-openai-0ddba11", "ANTHROPIC_API_KEY" => "sk-anthropic-0ddba11",
      "LLM_OPENAI_API_BASE" => server.url("openai"),
      "LLM_ANTHROPIC_API_BASE" => server.url("anthropic"),
      "LLM_MODELS_DEV_URL" => "#{server.url("models_dev")}/api.json",
      "LLM_REFRESH_RETRIES" => 0
    }
  end

  before do
    server.on("openai", openai("gpt-4.1", "o4-mini"))
    server.on("anthropic", anthropic("claude-opus-4-5"))
    server.on("models_dev", models_dev)
  end

  after { server.stop }

  def openai(*ids)
    json({object: "list", data: ids.map { |id| {id: id, object: "model", created: 1_744_300_801, owned_by: "system"} }})
  end

  def anthropic(*ids)
    rows = ids.map { |id| {type: "model", id: id, display_name: id.capitalize, created_at: "2025-10-01T00:00:00Z"} }
    json({data: rows, has_more: false})
  end

  def models_dev
    json({openai: {id: "openai", name: "OpenAI", models: {"gpt-4.1": {
      id: "gpt-4.1", name: "GPT-4.1", family: "gpt", tool_call: true,
      modalities: {input: %w[text image], output: %w[text]},
      limit: {context: 1_047_576, output: 32_768}, cost: {input: 0.08333333333333334, output: 8}
    }}}})
  end

  # @return [Hash{String => Boolean}] each model of the table, and whether it is available
  def rows
    all = RailsHome.sql(app, "SELECT provider, model_id, available FROM llm_models ORDER BY id")
    all.to_h do |provider, id, available|
      ["#{provider} #{id}", [1, true].include?(available)]
    end
  end
end

# One app for all examples, with this gem installed; its tables are empty before each example.
RSpec.shared_context "with an installed Rails app" do
  include_context "with providers for a Rails app"

  before(:all) do
    @app = RailsApp.new
    @app.rails("g", "ruby_llm_native:install", "--schedule=none")
    @app.rails("db:migrate")
  end

  after(:all) { @app.delete }

  let(:app) { @app }

  before { %w[llm_models llm_registries].each { |table| RailsHome.sql(app, "DELETE FROM #{table}") } }
end

# An app of its own for each example, and the generator that installs this gem in it.
RSpec.shared_context "with a new Rails app" do
  let(:app) { @app ||= RailsApp.new }

  after { @app&.delete }

  def install(*arguments, **options)
    app.rails("g", "ruby_llm_native:install", *arguments, **options)
  end
end
