# frozen_string_literal: true

require_relative "rails_home"

RSpec.describe "bin/rails g ruby_llm_native:install" do
  include_context "with a new Rails app"

  def migration(name = "create_llm_models")
    app.read(app.find("db/**/*_#{name}.rb"))
  end

  def acronyms(*words)
    calls = words.map { |word| "inflect.acronym #{word.inspect}" }.join("; ")
    app.write("config/initializers/inflections.rb", <<~RUBY)
      ActiveSupport::Inflector.inflections(:en) { |inflect| #{calls} }
    RUBY
  end

  # Of the Rails that the apps are made with.
  def version
    Gem.loaded_specs.fetch("activerecord").version.segments.first(2).join(".")
  end

  # Every file's constant is what Rails expects of its name.
  def loads
    expect(app.rails("zeitwerk:check").output).to include("All is good!")
  end

  describe "in a new app" do
    it "changes nothing when it is run again, and is undone by destroy" do
      before = app.files
      install("--schedule=whenever")
      installed = app.files
      expect(installed.keys - before.keys).to match([
        "app/jobs/sync_llm_models_job.rb", "app/models/llm_model.rb",
        "app/models/llm_registry.rb", "config/initializers/ruby_llm_native.rb",
        "config/schedule.rb", %r{\Adb/migrate/\d{14}_create_llm_models\.rb\z}
      ])

      install("--schedule=whenever")
      expect(app.files).to eq(installed)

      app.rails("destroy", "ruby_llm_native:install")
      expect(app.files).to eq(before)
    end

    it "keeps what was edited since" do
      install("--schedule=none")
      edited = app.read("app/jobs/sync_llm_models_job.rb").sub("queue_as :default", "queue_as :slow")
      app.write("app/jobs/sync_llm_models_job.rb", edited)

      install("--schedule=none")
      expect(app.read("app/jobs/sync_llm_models_job.rb")).to eq(edited)
      app.rails("destroy", "ruby_llm_native:install")
      expect(app.files.keys.grep(/llm/)).to eq(["app/jobs/sync_llm_models_job.rb"])
    end

    # As a developer would write by hand, or copy from another app.
    it "keeps what was there before, even if it reads like what it would write", :aggregate_failures do
      own = {
        "config/schedule.rb" => "every 6.hours do\n  runner \"SyncLLMModelsJob.perform_later\"\nend\n",
        "config/schedule.yml" => "sync_llm_models:\n  cron: \"0 */6 * * *\"\n  class: \"SyncLLMModelsJob\"\n",
        "config/recurring.yml" => "production:\n",
        "app/models/llm_model.rb" => "class LLMModel < ApplicationRecord\n  acts_as_llm_model\nend\n",
        "app/models/llm_registry.rb" => "class LLMRegistry < ApplicationRecord\n  acts_as_llm_registry\nend\n",
        "app/jobs/sync_llm_models_job.rb" => <<~RUBY,
          class SyncLLMModelsJob < ApplicationJob
            def perform
              LLMModel.sync!(skip_if_running: true)
            end
          end
        RUBY
        "test/fixtures/llm_models.yml" => "_fixture:\n  model_class: LLMModel\n",
        "db/migrate/20250101000000_create_llm_models.rb" =>
          "class CreateLlmModels < ActiveRecord::Migration[7.2]\n  # llm_registries\nend\n"
      }
      own.each { |path, text| app.write(path, text) }
      %w[whenever sidekiq_cron solid_queue].each { |scheduler| install("--schedule=#{scheduler}") }
      app.rails("destroy", "ruby_llm_native:install")

      expect(own.keys.to_h { |path| [path, app.there?(path) && app.read(path)] }).to eq(own)
      expect(app.there?("config/initializers/ruby_llm_native.rb")).to be(false)
    end

    it "keeps an empty file that was there before, and takes away the one that it made", :aggregate_failures do
      app.write("config/schedule.rb", "")
      install("--schedule=whenever")
      install("--schedule=solid_queue")
      expect(app.read("config/schedule.rb")).to start_with("every 6.hours do # ruby_llm_native:install\n")
      app.rails("destroy", "ruby_llm_native:install")

      expect(app.read("config/schedule.rb")).to eq("")
      expect(app.there?("config/recurring.yml")).to be(false)
    end

    it "keeps a migration that was edited since" do
      install("--schedule=none")
      path = app.find("db/migrate/*_create_llm_models.rb")
      app.write(path, app.read(path).sub("t.string :family", "t.string :family, limit: 80"))

      expect(app.rails("destroy", "ruby_llm_native:install").output)
        .to match(/keep .*_create_llm_models\.rb has been edited/)
      expect(app.there?(path)).to be(true)
    end

    it "boots when the gem goes before what was generated" do
      install("--schedule=none")
      gemfile = app.read("Gemfile")
      app.write("Gemfile", gemfile.lines.grep_v(/ruby_llm_native/).join)

      nothing = %r{^ruby_llm_native is not loaded: .*config/initializers/ruby_llm_native\.rb does nothing$}m
      expect(app.rails("runner", "puts [:booted, defined?(RubyLLM)].inspect").output)
        .to match(/#{nothing}.*^\[:booted, nil\]$/m)
    end

    it "shows endpoints, and defines the one whose key is there", :aggregate_failures do
      path = "config/initializers/ruby_llm_native.rb"
      install("--schedule=none", env: {"GROQ_API_KEY" => nil})
      shown = app.read(path)
      expect(shown.scan(/^  # config\.endpoint :(\w+)/).flatten).to eq(%w[groq acme])

      app.write(path, shown.gsub("# config.endpoint", "config.endpoint"))
      expect(app.value("RubyLLM.config.endpoints.keys", env: {"GROQ_API_KEY" => "sk-groq"})).to eq(%w[groq acme])
      File.delete(File.join(app.folder, path))
      install("--schedule=none", env: {"GROQ_API_KEY" => "sk-groq"})
      expect(app.read(path))
        .to match(/^  config\.endpoint :groq, api_key: ENV\.fetch\("GROQ_API_KEY", nil\)\n  # config\.endpoint :acme/)
    end

    it "reads each key from the variable that its provider names" do
      install("--schedule=none")
      shown = app.read("config/initializers/ruby_llm_native.rb")
      expect(shown.scan(/config\.(\w+_api_key) \|\|= ENV\.fetch\("(\w+)", nil\)/).to_h).to include(
        "openai_api_key" => "OPENAI_API_KEY", "gemini_api_key" => "GEMINI_API_KEY",
        "ollama_cloud_api_key" => "OLLAMA_API_KEY"
      )
    end

    it "refuses what is not the name of a class" do
      expect(install("9lives", fails: true).output)
        .to include('The name must be the name of a class, such as LLMModel, got "9lives"')
    end
  end

  describe "names" do
    it "spells constants as the user does, without an app's acronyms" do
      install("--schedule=none")

      expect(migration).to match(/^class CreateLlmModels < ActiveRecord::Migration\[#{version}\]$/)
      loads
    end

    it "uses the app's acronyms where it has them" do
      acronyms("LLM")
      install("--schedule=none")

      expect(migration).to match(/^class CreateLLMModels < ActiveRecord::Migration\[#{version}\]$/)
      expect(app.read("config/initializers/ruby_llm_native.rb")).not_to include("inflect")
      loads
    end

    it "puts a class of a module, its job and its registry into that module", :aggregate_failures do
      install("AI::LLMModel", "--schedule=whenever")

      expect(app.read("app/models/ai/llm_model.rb"))
        .to include("class AI::LLMModel < ApplicationRecord\n", 'self.table_name = "ai_llm_models"')
      expect(app.read("app/models/ai/llm_registry.rb"))
        .to include("class AI::LLMRegistry <", 'self.table_name = "ai_llm_registries"')
      expect(app.read("app/jobs/ai/sync_llm_models_job.rb"))
        .to include("class AI::SyncLLMModelsJob <", "AI::LLMModel.sync!")
      expect(app.read("config/schedule.rb")).to include('runner "AI::SyncLLMModelsJob.perform_later"')
      expect(migration("create_ai_llm_models"))
        .to include("create_table :ai_llm_models do", "create_table :ai_llm_registries do")
      loads
      app.rails("db:migrate")
      expect(app.value("[AI::LLMModel.count, AI::LLMRegistry.count]")).to eq([0, 0])
    end

    it "keeps to a spelling that Rails would choose, to the app's prefix and to tables in the singular",
      :aggregate_failures do
      app.write("config/initializers/tables.rb", <<~RUBY)
        Rails.application.config.active_record.table_name_prefix = "shop_"
        Rails.application.config.active_record.pluralize_table_names = false
      RUBY
      install("Llm::Model", "--schedule=none")

      expect(app.read("app/models/llm/registry.rb"))
        .to include("class Llm::Registry <", 'self.table_name = "shop_llm_registry"')
      expect(app.read("config/initializers/ruby_llm_native_llm_model.rb")).not_to include("inflect")
      loads
      app.rails("db:migrate")
      expect(app.value("[Llm::Model.table_name, Llm::Model.count]")).to eq(["shop_llm_model", 0])
    end
  end

  describe "keys and databases" do
    it "takes the type of primary keys from the app's generators, and their default from the command" do
      app.write("config/initializers/generators.rb",
        "Rails.application.config.generators { |generate| generate.orm :active_record, primary_key_type: :uuid }\n")
      install("--schedule=none", "--primary-key-default=uuidv7()")

      expect(migration.scan(/^    create_table.*/)).to eq([
        '    create_table :llm_models, id: :uuid, default: -> { "uuidv7()" } do |t|',
        '    create_table :llm_registries, id: :uuid, default: -> { "uuidv7()" } do |t|'
      ])
    end

    it "puts the tables into another database, behind an abstract class", :aggregate_failures do
      @app = RailsApp.new(database: {
        "primary" => {adapter: "sqlite3", database: "storage/app.sqlite3"},
        "models" => {adapter: "sqlite3", database: "storage/models.sqlite3", migrations_paths: "db/models_migrate"}
      })
      install("--schedule=none", "--database=models")

      expect(app.read("app/models/models_record.rb"))
        .to include("self.abstract_class = true", "connects_to database: {writing: :models}")
      expect(app.find("db/models_migrate/*.rb")).to end_with("create_llm_models.rb")
      app.rails("db:migrate")
      loads
      counts = "[ActiveRecord::Base, LLMModel, LLMRegistry].map { |record| record.connection.tables.grep(/llm/).size }"
      expect(app.value(counts)).to eq([0, 2, 2])

      File.delete(File.join(app.folder, app.find("db/models_migrate/*.rb")))
      install("--schedule=none", "--database=models")
      expect(app.find("db/models_migrate/*.rb")).to end_with("add_ruby_llm_native_to_llm_models.rb")
    end

    it "refuses a database that is not in the app's settings, and names those that are", :aggregate_failures do
      before = app.files
      ["nope", "Primary", "primary2"].each do |name|
        expect(install("--schedule=none", "--database=#{name}", fails: true).output)
          .to include("--database must be one of config/database.yml for development (primary), got #{name}")
      end
      expect(app.files).to eq(before)
    end
  end

  describe "fixtures" do
    # A test of the app's, run as Rails runs it.
    def run_test(model, fixtures)
      app.write("test/models/llm_model_test.rb", <<~RUBY)
        ENV["RAILS_ENV"] = "test"
        require_relative "../../config/environment"
        require "rails/test_help"
        class LLMModelTest < ActiveSupport::TestCase
          fixtures :all
          test("rows") { assert_equal(%w[gpt-5-nano o9], #{model}.order(:model_id).pluck(:model_id)) }
          test("one") { assert_equal({"tags" => [1]}, #{fixtures}(:small).metadata) }
        end
      RUBY
      app.run(RbConfig.ruby, "-rbundler/setup", "test/models/llm_model_test.rb",
        env: {"RAILS_ENV" => "test"}, fails: true).output
    end

    let(:fixture_rows) { <<~YAML }
      small:
        provider: openai
        model_id: gpt-5-nano
        name: GPT-5 nano
        metadata: {tags: [1]}
      large:
        provider: openai
        model_id: o9
        name: o9
    YAML

    [
      %w[LLMModel test/fixtures/llm_models.yml llm_models],
      %w[AI::LLMModel test/fixtures/ai/llm_models.yml ai_llm_models]
    ].each do |name, path, accessor|
      it "of #{name} name their class, without which Rails would look for another" do
        FileUtils.mkdir_p(File.join(app.folder, "test/fixtures"))
        install(name, "--schedule=none")
        app.rails("db:migrate", env: {"RAILS_ENV" => "test"})
        app.write(path, app.read(path) + fixture_rows)

        expect(run_test(name, accessor)).to match(/^2 runs, 2 assertions, 0 failures, 0 errors, 0 skips$/)
      end
    end

    it "are not written where Rails finds the class, and it is said what those lack that are there",
      :aggregate_failures do
      FileUtils.mkdir_p(File.join(app.folder, "test/fixtures"))
      install("Llm::Model", "--schedule=none")
      expect(Dir.children(File.join(app.folder, "test/fixtures"))).to eq([])

      app.write("test/fixtures/llm_models.yml", fixture_rows)
      expect(install("--schedule=none").output)
        .to match(/llm_models\.yml must name its class\. Add to it:\s+_fixture:\n +model_class: LLMModel\n/)
      expect(app.read("test/fixtures/llm_models.yml")).to eq(fixture_rows)
    end
  end

  describe "in an app with a table and classes of its own" do
    before do
      app.write("db/migrate/20250101000000_create_llm_models.rb", <<~RUBY)
        class CreateLlmModels < ActiveRecord::Migration[7.2]
          def change
            create_table :llm_models do |t|
              t.string :model_id, null: false
              t.string :name, null: false
              t.string :provider, null: false
              t.boolean :available, default: false
              t.integer :context_window
              t.json :metadata, default: {}
              t.index %i[provider model_id], unique: true
            end
          end
        end
      RUBY
      app.write(
        "app/models/llm_model.rb",
        "class LLMModel < ApplicationRecord\n  scope :cheap, -> { where(available: true) }\nend\n"
      )
      app.write(
        "app/jobs/sync_llm_models_job.rb", "class SyncLLMModelsJob < ApplicationJob\n  def perform\n  end\nend\n"
      )
      app.rails("db:migrate")
    end

    it "indexes metadata for PostgreSQL where its type allows that, once", :aggregate_failures do
      gin = "add_index :llm_models, :metadata, using: :gin if postgresql?"
      written = lambda do
        install("--schedule=none")
        app.read(path = app.find("db/migrate/*_add_ruby_llm_native_to_llm_models.rb")).tap do
          File.delete(File.join(app.folder, path))
        end
      end

      expect(written.call).not_to include(gin) # json
      RailsHome.sql(app, "ALTER TABLE llm_models DROP COLUMN metadata")
      expect(written.call).to include(gin)
      RailsHome.sql(app, "ALTER TABLE llm_models ADD COLUMN metadata jsonb")
      expect(written.call).to include(gin)
      RailsHome.sql(app, "CREATE INDEX by_facts ON llm_models (metadata)")
      expect(written.call).not_to include(gin)
    end

    it "adds what is missing and leaves the rest", :aggregate_failures do
      before = app.files
      2.times { install("--schedule=none") }

      expect(app.read("app/models/llm_model.rb")).to eq(<<~RUBY)
        class LLMModel < ApplicationRecord
          acts_as_llm_model # ruby_llm_native:install
          scope :cheap, -> { where(available: true) }
        end
      RUBY
      expect(app.read("app/jobs/sync_llm_models_job.rb")).to eq(before["app/jobs/sync_llm_models_job.rb"])
      app.rails("db:migrate")
      install("--schedule=none")
      expect(app.value("LLMModel.column_names - %w[id model_id name provider available context_window metadata]"))
        .to eq(%w[
          is_default last_synced_at max_output_tokens family model_type input_price output_price unavailable_since
          fingerprint
        ])

      app.rails("db:rollback")
      expect(app.read("db/schema.rb")).to eq(before["db/schema.rb"])
      app.rails("destroy", "ruby_llm_native:install")
      expect(app.files).to eq(before)
    end
  end
end
