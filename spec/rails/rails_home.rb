# frozen_string_literal: true

require "json"
require_relative "../support/databases"
require_relative "../support/rails_app"
require_relative "../support/refreshing"
require_relative "../support/replay_server"

# What the specs of Rails apps share.
module RailsHome
  # @param database [Databases::Database]
  # @param name [String] of the app's own on that server
  # @return [Hash]
  def self.database(database, name)
    database.name == "SQLite" ? {adapter: "sqlite3", database: "storage/#{name}.sqlite3"} : database.settings.merge(database: name)
  end
end

# OpenAI and Anthropic, and what models.dev says of the first; an app is told of them by {#env}.
RSpec.shared_context "with providers for a Rails app" do
  include ReplayServer::Answers
  include Refreshing

  let!(:server) { ReplayServer.start }
  let(:env) do
    {
      "OPENAI_API_KEY" => "sk-openai-0ddba11", "ANTHROPIC_API_KEY" => "sk-anthropic-0ddba11", "LLM_OPENAI_API_BASE" => server.url("openai"),
      "LLM_ANTHROPIC_API_BASE" => server.url("anthropic"), "LLM_MODELS_DEV_URL" => "#{server.url("models_dev")}/api.json",
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
    json({data: ids.map { |id| {type: "model", id: id, display_name: id.capitalize, created_at: "2025-10-01T00:00:00Z"} }, has_more: false})
  end

  def models_dev
    json({openai: {id: "openai", name: "OpenAI", models: {"gpt-4.1": {
      id: "gpt-4.1", name: "GPT-4.1", family: "gpt", tool_call: true, modalities: {input: %w[text image], output: %w[text]},
      limit: {context: 1_047_576, output: 32_768}, cost: {input: 0.08333333333333334, output: 8}
    }}}})
  end

  # @return [Hash{String => Boolean}] each model of the table, and whether it is available
  def rows
    app.value("LLMModel.all.to_h { |row| [row.provider + ' ' + row.model_id, row.available] }", env: env)
  end
end
