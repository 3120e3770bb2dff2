# frozen_string_literal: true

require "json"
require_relative "../support/databases"
require_relative "../support/rails_app"
require_relative "../support/replay_server"
require_relative "rails_home"

RSpec.describe "A Rails app's models" do
  include_context "with providers for a Rails app"

  # One client of each server: what differs between clients is in the specs of the table.
  Databases.all.select { |database| RailsHome::COLUMNS.key?(database.name) }.each do |database|
    context "on #{database.name}" do
      before(:all) do
        skip "#{database.missing.join(" and ")} missing" unless database.missing.empty?

        @app = RailsApp.new(database: RailsHome.database(database, "shop"))
        @app.rails("g", "ruby_llm_native:install")
        @app.rails("db:create", "db:migrate")
      end

      after(:all) { @app&.delete }

      let(:app) { @app }

      before { %w[llm_models llm_registries].each { |table| RailsHome.sql(app, "DELETE FROM #{table}") } }

      # One story: each step is a process of its own, as in life, and costs the start of Rails.
      it "come with three commands, follow what providers say, and stay when one fails", :aggregate_failures do
        expect(app.rails("llm_models:sync", env: env).output).to include("3 inserted")
        expect(rows).to eq("anthropic claude-opus-4-5" => true, "openai gpt-4.1" => true, "openai o4-mini" => true)
        expect(app.value("LLMModel.find_by!(model_id: 'gpt-4.1').attributes", env: env)).to include(
          "name" => "GPT-4.1", "family" => "gpt", "model_type" => "chat",
          "context_window" => 1_047_576, "max_output_tokens" => 32_768,
          "input_price" => "0.08333333333333334", "output_price" => "8.0", "is_default" => false
        )

        server.on("openai", openai("gpt-4.1", "gpt-5"))
        app.rails("llm_models:sync", env: env)
        expect(rows).to eq(
          "anthropic claude-opus-4-5" => true, "openai gpt-4.1" => true,
          "openai gpt-5" => true, "openai o4-mini" => false
        )

        server.on("openai", openai("gpt-5"))
        server.on("anthropic", status(503))
        partial = app.rails("llm_models:sync", env: env)
        expect(partial.output).to match(/^anthropic +failed/)
        expect(rows).to eq(
          "anthropic claude-opus-4-5" => true, "openai gpt-4.1" => false,
          "openai gpt-5" => true, "openai o4-mini" => false
        )

        server.on("openai", status(500))
        expect(app.rails("llm_models:sync", env: env, fails: true))
          .to have_attributes(status: 1, output: include("The refresh failed: openai"))
        expect(rows.values.count(true)).to eq(2)
      end

      it "are available to a process that asks nobody, through the registry's table" do
        app.rails("runner", "LLMModel.sync!", env: env)
        server.stop

        expect(app.value("[RubyLLM.models.source.kind, RubyLLM.models.map(&:id).sort]", env: env))
          .to eq(["store", %w[claude-opus-4-5 gpt-4.1 o4-mini]])
        expect(app.rails("llm_models:status", env: env).output)
          .to include("3 models from the table of LLMRegistry", "LLMModel: 3 rows, 3 available")
      end

      it "are seeded without a network, twice without a difference" do
        app.rails("runner", "LLMModel.sync!", env: env)
        RailsHome.sql(app, "DELETE FROM llm_models")
        server.stop

        app.rails("llm_models:seed", env: env)
        expect(rows.size).to eq(3)
        expect(app.rails("llm_models:seed", env: env).output).to include("3 unchanged")
      end

      it "keep two ids apart that differ only in case" do
        server.on("openai", openai("gpt-5", "GPT-5"))
        app.rails("runner", "LLMModel.sync!", env: env)

        expect(rows.keys).to include("openai gpt-5", "openai GPT-5")
      end

      # Rails has no such type on MariaDB.
      it "have uuids for keys where the app wants them", unless: database.name == "MariaDB" do
        with_uuids = RailsApp.new(database: RailsHome.database(database, "uuids"))
        with_uuids.rails("g", "ruby_llm_native:install", "--primary-key-type=uuid")
        with_uuids.rails("db:create", "db:migrate")
        with_uuids.rails("llm_models:sync", env: env)
        ids = %w[llm_models llm_registries].flat_map { |table| RailsHome.sql(with_uuids, "SELECT id FROM #{table}") }
        expect(ids.flatten).to match([match(/\A\h{8}(-\h{4}){3}-\h{12}\z/)] * 4)
      ensure
        with_uuids&.delete
      end

      it "go when the migration is rolled back, and come again" do
        app.rails("db:rollback", "db:migrate:status")
        expect(app.read("db/schema.rb")).not_to include("llm_")

        app.rails("db:migrate")
        expect(app.read("db/schema.rb").scan(/create_table "(llm_\w+)"/).flatten).to eq(%w[llm_models llm_registries])
      end

      it "are in columns as each database has them" do
        columns = RailsHome::COLUMNS.fetch(database.name)
        expect(RailsHome.sql(app, columns.keys.first).flatten.map(&:to_s).map(&:downcase))
          .to include(*columns.values.first)
      end
    end
  end
end
