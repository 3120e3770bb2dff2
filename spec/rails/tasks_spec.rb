# frozen_string_literal: true

require_relative "rails_home"

RSpec.describe "bin/rails llm_models" do
  include_context "with an installed Rails app"

  # Files of the app's, while the block runs.
  def with(files)
    files.each { |path, text| app.write(path, text) }
    yield
  ensure
    files.each_key { |path| File.delete(File.join(app.folder, path)) }
  end

  def llm_models(task, fails: false, **more)
    app.rails("llm_models:#{task}", env: env.merge(more.transform_keys(&:to_s)), fails: fails)
  end

  describe "in an app with classes that cannot be loaded" do
    let(:broken) do
      {
        "app/models/invoice.rb" => "class Invoice < ThereIsNoSuchClass\nend\n",
        "app/models/report.rb" => "class Report\n  def\n",
        "app/models/billing/gateway.rb" => "require \"there_is_no_such_library\"\nclass Billing::Gateway\nend\n",
        "app/jobs/misnamed_job.rb" => "class AnotherName\nend\n"
      }
    end

    it "syncs, loads none of them and says nothing of them" do
      with(broken) do
        output = llm_models("sync").output
        expect(output).to include("3 inserted")
        expect(output).not_to match(/was not loaded|Invoice/)
      end
    end

    it "finds a class whose macro a module calls, and says what could not be loaded", :aggregate_failures do
      catalogued = <<~RUBY
        module Catalogued
          extend ActiveSupport::Concern
          included do
            self.table_name = "llm_models"
            acts_as_llm_model
          end
        end
      RUBY
      own = {
        "app/models/concerns/catalogued.rb" => catalogued,
        "app/models/offer.rb" => "class Offer < ApplicationRecord\n  include Catalogued\nend\n"
      }
      with(**broken, **own) do
        output = llm_models("status").output
        expect(output).to include("Offer: 0 rows", "LLMModel: 0 rows")
        expect(output.lines.grep(/ was not loaded: /).map { |line| line[/\S+/] })
          .to eq(%w[app/jobs/misnamed_job.rb app/models/billing/gateway.rb app/models/invoice.rb app/models/report.rb])
      end
    end
  end

  describe "without what they need" do
    it "say what to run when the table is missing", :aggregate_failures do
      other = {"app/models/another.rb" => "class Another < ApplicationRecord\n  acts_as_llm_model\nend\n"}
      with(other) do
        expect(llm_models("sync", fails: true)).to have_attributes(
          status: 1, output: include("Another: table anothers does not exist. Run bin/rails db:migrate", "3 inserted")
        )
        expect(llm_models("seed", fails: true, MODEL: "Another"))
          .to have_attributes(status: 1, output: "Another: table anothers does not exist. Run bin/rails db:migrate\n")
        expect(llm_models("status").output)
          .to include("Another: table anothers does not exist. Run bin/rails db:migrate", "LLMModel: 3 rows")
      end
    end

    it "say in one sentence what is wrong with the table or the database", :aggregate_failures do
      unindexed = <<~RUBY
        class Unindexed < ApplicationRecord
          self.table_name = "unindexed"
          acts_as_llm_model
        end
      RUBY
      away = <<~RUBY
        class Away < ActiveRecord::Base
          establish_connection(adapter: "sqlite3", database: "/proc/no/such.sqlite3")
          acts_as_llm_model
        end
      RUBY
      others = {"app/models/unindexed.rb" => unindexed, "app/models/away.rb" => away}
      RailsHome.sql(app, <<~SQL)
        CREATE TABLE unindexed
          (id integer primary key, provider varchar, model_id varchar, name varchar, available boolean)
      SQL
      with(others) do
        expect(llm_models("sync", fails: true, MODEL: "Unindexed"))
          .to have_attributes(status: 1, output: /\AUnindexed: .*unique index.*\n\z/)
        expect(llm_models("sync", fails: true, MODEL: "Away")).to have_attributes(status: 1, output: /\AAway: .+\n\z/)
        expect(llm_models("status", fails: true, MODEL: "Away"))
          .to have_attributes(status: 1, output: %r{^Away: .+\. Run bin/rails db:prepare$})
      end
    ensure
      RailsHome.sql(app, "DROP TABLE unindexed")
    end

    it "say what MODEL must be" do
      %w[NoSuchModel ApplicationRecord].each do |name|
        expect(llm_models("sync", fails: true, MODEL: name))
          .to have_attributes(status: 1, output: "MODEL=#{name} must name a class that calls acts_as_llm_model\n")
      end
    end
  end

  describe "of endpoints" do
    around do |example|
      with("config/initializers/endpoints.rb" => <<~RUBY) { example.run }
        RubyLLM.configure do |config|
          config.endpoint :groq, base_url: "\#{ENV["SERVER"]}/groq", api_key: "key" unless ENV["NO_GROQ"]
          config.endpoint :acme, base_url: "\#{ENV["SERVER"]}/acme"
          config.endpoint :acme_eu, provider: :acme, base_url: "\#{ENV["SERVER"]}/acme_eu"
        end
      RUBY
    end

    let(:env) { super().merge("SERVER" => server.url("").chomp("/")) }

    before do
      server.on("groq", openai("llama"))
      server.on("acme", openai("house", "both"))
      server.on("acme_eu", openai("both"))
    end

    it "ask all, or those that are named, in any spelling", :aggregate_failures do
      expect(llm_models("sync[Groq, acme_eu]").output)
        .to include("2 sources asked", "2 inserted").and match(/^acme_eu +refreshed +1 /)
      expect(rows).to eq("acme both" => true, "groq llama" => true)
      expect(llm_models("sync").output).to include("6 sources asked", "4 inserted, 1 updated, 1 unchanged")
      expect(%w[groq acme acme_eu openai models_dev].map { |name| server.requests(name).size }).to eq([2, 1, 2, 1, 1])
    end

    it "say by name what each has said", :aggregate_failures do
      llm_models("sync")
      server.on("acme_eu", status(503))
      llm_models("sync[acme,acme_eu]")

      expect(llm_models("status", NO_GROQ: "1").output.lines(chomp: true)[1..]).to match([
        "  acme               2 listed     refreshed",
        "  acme_eu            1 listed     failed: HTTP 503",
        "  anthropic          1 listed     not asked by the last refresh",
        "  groq               1 listed     not configured",
        "  openai             2 listed     not asked by the last refresh",
        "",
        "LLMModel: 6 rows, 6 available",
        /\A  acme               2 available     0 not  last written /,
        *%w[anthropic groq openai].map { |provider| start_with("  #{provider} ") }
      ])
    end

    it "end with a sentence for a name that nobody has, and where nobody named can be asked", :aggregate_failures do
      expect(llm_models("sync[grok,acme]", fails: true)).to have_attributes(status: 1,
        output: /\AUnknown source: grok \(known: openai, .*, acme, acme_eu\)\. Did you mean groq\?\n\z/)
      expect(llm_models("sync[together]", fails: true)).to have_attributes(status: 1,
        output: /\AUnknown source: together .*\. Define it with config\.endpoint :together, api_key: …\n\z/)
      expect(llm_models("sync[mistral]", fails: true)).to have_attributes(status: 1,
        output: "LLMModel: No source was asked: none is configured; set one of mistral_api_key\n")
      expect([rows, server.requests("acme")]).to eq([{}, []])
    end
  end

  it "adopt a table that another job has filled" do
    RailsHome.sql(app, <<~SQL)
      INSERT INTO llm_models (provider, model_id, name, available, is_default, created_at, updated_at)
      VALUES
        ('xai', 'grok-by-hand', 'Grok', 1, 0, '2025-01-01', '2025-01-01'),
        ('openai', 'gpt-4.1', 'By hand', 1, 0, '2025-01-01', '2025-01-01')
    SQL

    expect(llm_models("adopt").output)
      .to match(/No longer available, because their providers have no credentials here: 1 row\n  xai +1\n/)
    expect(rows).to eq(
      "xai grok-by-hand" => false, "openai gpt-4.1" => true,
      "anthropic claude-opus-4-5" => true, "openai o4-mini" => true
    )
  end
end
