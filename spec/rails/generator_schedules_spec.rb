# frozen_string_literal: true

require "yaml"
require_relative "rails_home"

RSpec.describe "bin/rails g ruby_llm_native:install" do
  include_context "with a new Rails app"

  describe "schedules" do
    let(:recurring) { <<~YAML }
      # What runs when.
      default: &default
        nightly:
          class: NightlyJob # at night
          schedule: at 3am every day

      production:
        <<: *default
        hourly:
          command: "Hour.strike"
          schedule: every hour

      staging:
        <<: *default
    YAML

    it "finds the scheduler in the bundle, first the one whose file exists", :aggregate_failures do
      @app = RailsApp.new(gems: %w[whenever sidekiq-cron solid_queue good_job], required: false)
      app.write("config/schedule.yml", "nightly:\n  cron: \"0 3 * * *\"\n  class: \"NightlyJob\"\n")
      install

      expect(YAML.load(app.read("config/schedule.yml"))).to eq(
        "nightly" => {"cron" => "0 3 * * *", "class" => "NightlyJob"},
        "sync_llm_models" => {"cron" => "0 */6 * * *", "class" => "SyncLLMModelsJob"}
      )
      expect(app.there?("config/schedule.rb") || app.there?("config/recurring.yml")).to be(false)
    end

    it "says so when there is none" do
      expect(install.output).to include("schedule  none: run SyncLLMModelsJob.perform_later")
    end

    it "adds to Solid Queue's file and takes out only that", :aggregate_failures do
      app.write("config/recurring.yml", recurring)
      2.times { install("--schedule=solid_queue") }

      added = "  sync_llm_models: # ruby_llm_native:install\n    class: SyncLLMModelsJob\n    schedule: every 6 hours\n"
      expect(app.read("config/recurring.yml")).to eq(recurring.sub("production:\n", "production:\n#{added}"))
      app.rails("destroy", "ruby_llm_native:install")
      expect(app.read("config/recurring.yml")).to eq(recurring)
    end

    it "leaves alone a file that it cannot add to, and says what to add" do
      app.write("config/recurring.yml", "production: {hourly: {command: Hour.strike, schedule: every hour}}\n")

      expect(install("--schedule=solid_queue").output)
        .to include("cannot be changed automatically. Add to it:", "class: SyncLLMModelsJob")
      expect(app.read("config/recurring.yml"))
        .to eq("production: {hourly: {command: Hour.strike, schedule: every hour}}\n")
    end

    it "adds to whenever's file what is not there yet" do
      app.write("config/schedule.rb", "every 3.hours do\n  runner \"SyncLLMModelsJob.perform_later\"\nend\n")
      install("--schedule=whenever")

      expect(app.read("config/schedule.rb").scan("SyncLLMModelsJob").size).to eq(1)
    end

    it "gives GoodJob its cron beside the app's own, and leaves it to the app whether any of them run",
      :aggregate_failures do
      @app = RailsApp.new(gems: %w[good_job])
      expect(install("--schedule=good_job").output).to include("config.good_job.enable_cron = true")

      enabled = "[GoodJob.configuration.enable_cron?, GoodJob.configuration.cron.keys.sort]"
      nightly = JSON.generate(nightly: {cron: "0 3 * * *", class: "NightlyJob"})
      expect(app.value(enabled)).to eq([false, %w[sync_llm_models]])
      expect(app.value(enabled, env: {"GOOD_JOB_ENABLE_CRON" => "1", "GOOD_JOB_CRON" => nightly}))
        .to eq([true, %w[nightly sync_llm_models]])
      expect(app.value(enabled, env: {"GOOD_JOB_ENABLE_CRON" => "0"})).to eq([false, %w[sync_llm_models]])
    end

    it "gives GoodJob one job at a time" do
      @app = RailsApp.new(gems: %w[good_job])
      app.write("config/initializers/good_job.rb",
        "Rails.application.config.good_job.cron = {nightly: {cron: \"0 3 * * *\", class: \"NightlyJob\"}}\n")
      install("--schedule=good_job")

      expect(app.read("app/jobs/sync_llm_models_job.rb"))
        .to include('good_job_concurrency_rule label: "sync_llm_models", apply_label: true, total_limit: 1')
      expect(app.value("SyncLLMModelsJob.good_job_concurrency_rules.size")).to eq(1)
      expect(app.value("GoodJob.configuration.cron_entries.map { |entry| [entry.key, entry.job_class] }"))
        .to eq([%w[nightly NightlyJob], %w[sync_llm_models SyncLLMModelsJob]])
    end
  end
end
