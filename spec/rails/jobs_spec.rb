# frozen_string_literal: true

require_relative "../support/redis_server"
require_relative "rails_home"

RSpec.describe "SyncLLMModelsJob" do
  include_context "with providers for a Rails app"

  let(:models) { %w[claude-opus-4-5 gpt-4.1 o4-mini] }

  def synced
    RailsHome.sql(app, "SELECT model_id FROM llm_models WHERE available").flatten.sort
  end

  after { @app&.delete }

  describe "as an Active Job" do
    let(:app) do
      @app ||= RailsApp.new.tap do |app|
        app.rails("g", "ruby_llm_native:install", "--schedule=none")
        app.rails("db:migrate")
        app.write("config/initializers/queue.rb", <<~RUBY)
          Rails.application.config.active_job.queue_adapter = :test
          class Reports
            ALL = []
            def report(error, **facts) = ALL << [error.class.name, facts[:severity], facts[:source]]
          end
          Rails.error.subscribe(Reports.new)
        RUBY
      end
    end

    def perform
      app.value("(SyncLLMModelsJob.perform_now; {reports: Reports::ALL, " \
                "retries: ActiveJob::Base.queue_adapter.enqueued_jobs.size, models: LLMModel.count})", env: env)
        .transform_keys(&:to_sym)
    end

    it "is done when some providers fail, and reports it" do
      server.on("anthropic", status(503))

      expect(perform).to eq(models: 2, retries: 0, reports: [%w[RubyLLM::Native::RefreshError warning ruby_llm_native]])
    end

    it "is tried again when nobody answers" do
      %w[openai anthropic].each { |source| server.on(source, status(503)) }

      expect(perform).to include(models: 0, retries: 1)
    end

    it "is given up, loudly, when every key is refused" do
      %w[openai anthropic].each { |source| server.on(source, status(401)) }

      expect(perform)
        .to eq(models: 0, retries: 0, reports: [["RubyLLM::Native::CredentialsError", "error", "application"]])
      expect(app.read("log/development.log")).to match(/SyncLLMModelsJob was given up: The refresh failed: openai/)
    end
  end

  describe "in Solid Queue on PostgreSQL, enqueued by the line that whenever writes into the crontab" do
    let(:postgresql) { Databases.all.find { |database| database.name == "PostgreSQL" } }
    let(:settings) { %w[primary queue].to_h { |name| [name, RailsHome.database(postgresql, "jobs_#{name}")] } }
    let(:production) { env.merge("RAILS_ENV" => "production") }
    let(:app) do
      queue = settings["queue"].merge(migrations_paths: "db/queue_migrate")
      @app ||= RailsApp.new(database: settings.merge("queue" => queue), gems: %w[solid_queue whenever]).tap do |app|
        app.rails("g", "solid_queue:install")
        app.rails("g", "ruby_llm_native:install")
        app.rails("g", "ruby_llm_native:install", "--schedule=whenever")
        app.rails("db:prepare", env: production)
      end
    end

    def recurring
      RailsHome.sql(
        app, "SELECT key, class_name, schedule FROM solid_queue_recurring_tasks WHERE class_name IS NOT NULL",
        database: "queue"
      )
    end

    before { skip "#{postgresql.missing.join(" and ")} missing" unless postgresql.missing.empty? }

    it "syncs, and is among the recurring tasks" do
      crontab = app.run("bundle", "exec", "whenever").output.lines.grep(/SyncLLMModelsJob/)
      expect(crontab).to match([start_with("0 0,6,12,18 * * * /bin/bash -l -c ")])

      app.while_running(RbConfig.ruby, "bin/jobs", env: production) do
        app.run("sh", "-c", crontab.first.split(" ", 6).last, env: env)
        eventually(within: 60) { synced == models }
        expect(eventually { recurring unless recurring.empty? })
          .to eq([["sync_llm_models", "SyncLLMModelsJob", "every 6 hours"]])
      end
    end
  end

  describe "in Sidekiq on Redis, as an Active Job" do
    let(:redis) { @redis ||= RedisServer.start }
    let(:with_redis) { env.merge("REDIS_URL" => redis.url) }
    let(:app) do
      @app ||= RailsApp.new(gems: %w[sidekiq]).tap do |app|
        app.rails("g", "ruby_llm_native:install", "--schedule=none")
        app.rails("db:migrate")
        app.write("config/initializers/queue.rb", "Rails.application.config.active_job.queue_adapter = :sidekiq\n")
        job = "app/jobs/sync_llm_models_job.rb"
        app.write(job, app.read(job).sub("wait: :polynomially_longer", "wait: 0"))
      end
    end

    before { skip "redis-server missing" unless RedisServer.there? }
    after { @redis&.stop }

    it "is dead after its five tries, and not started again by Sidekiq" do
      %w[openai anthropic].each { |source| server.on(source, status(503)) }
      app.rails("runner", "SyncLLMModelsJob.perform_later", env: with_redis)

      app.while_running("bundle", "exec", "sidekiq", env: with_redis) do
        eventually(within: 60) { server.requests("openai").size == 5 }
        sets = "[Sidekiq::DeadSet, Sidekiq::RetrySet, Sidekiq::ScheduledSet, Sidekiq::Queue]"
        expect(app.value("(require(%(sidekiq/api)); #{sets}.map { |set| set.new.size })", env: with_redis))
          .to eq([1, 0, 0, 0])
      end
    end
  end

  describe "in Sidekiq on Redis, as a job of Sidekiq's own" do
    let(:redis) { @redis ||= RedisServer.start }
    let(:with_redis) { env.merge("REDIS_URL" => redis.url) }
    let(:app) do
      @app ||= RailsApp.new(gems: %w[sidekiq sidekiq-cron]).tap do |app|
        app.rails("g", "ruby_llm_native:install", "--sidekiq")
        app.rails("db:migrate")
      end
    end

    before { skip "redis-server missing" unless RedisServer.there? }
    after { @redis&.stop }

    it "syncs, and is in sidekiq-cron's schedule" do
      app.rails("runner", "SyncLLMModelsJob.perform_async", env: with_redis)

      app.while_running("bundle", "exec", "sidekiq", env: with_redis) do
        eventually(within: 60) { synced == models }
        expect(app.value("Sidekiq::Cron::Job.all.map { |job| [job.name, job.cron, job.klass] }", env: with_redis))
          .to eq([["sync_llm_models", "0 */6 * * *", "SyncLLMModelsJob"]])
      end
    end
  end
end
