# frozen_string_literal: true

require_relative "rails_home"

RSpec.describe "The Railtie" do
  include_context "with an installed Rails app"

  # Run a script in the app; what it assigns to `said` comes back.
  def script(text, **more)
    app.write("tmp/script.rb", "#{text}\nputs \"value:\" + JSON.generate(said)\n")
    JSON.parse(app.rails("runner", "tmp/script.rb", env: env.merge(more)).output[/^value:(.*)/, 1])
  end

  def initializer(text)
    app.write("config/initializers/zz_later.rb", text)
    yield
  ensure
    File.delete(File.join(app.folder, "config/initializers/zz_later.rb"))
  end

  it "copies settings, those of later initializers too, and gives the log" do
    initializer("Rails.application.config.ruby_llm_native.refresh_timeout = 12") do
      expect(script(<<~RUBY, "LLM_REFRESH_CONNECT_TIMEOUT" => "3")).to eq([12.0, 3.0, true])
        config = RubyLLM.config
        said = [config.refresh_timeout, config.refresh_connect_timeout, config.logger.equal?(Rails.logger)]
      RUBY
    end
  end

  it "refuses a setting that does not exist" do
    refused = app.rails("runner", "1", env: {"LLM_REFRESH_TIMOUT" => "3"}, fails: true)
    expect(refused.status).to eq(1)
    expect(refused.output).to include("There is no option refresh_timout. Did you mean refresh_timeout?")
  end

  it "tells of each refresh by an event" do
    server.on("anthropic", status(503))

    expect(script(<<~RUBY)).to eq(["refresh.ruby_llm_native", ["anthropic"], 2, 2, true])
      event = nil
      ActiveSupport::Notifications.subscribe("refresh.ruby_llm_native") { |found| event = found }
      RubyLLM.models.refresh!
      said = [event.name, event.payload[:failed], event.payload[:report][:openai].count,
        event.payload[:models], event.duration.positive?]
    RUBY
  end

  it "tells by an event, and in the log, which models have entered another state of their life" do
    asked = 0
    server.on("openai", lambda do |_request|
      asked += 1
      json({data: [{id: "gpt-4.1", **((asked > 1) ? {shutdown_date: "2024-01-01"} : {})}]})
    end)
    File.truncate(File.join(app.folder, "log/development.log"), 0)

    expect(script(<<~RUBY)).to eq([["lifecycle.ruby_llm_native", "gpt-4.1", nil, "overdue"]])
      said = []
      ActiveSupport::Notifications.subscribe("lifecycle.ruby_llm_native") do |event|
        event.payload[:changes].each { |change| said << [event.name, *change.to_h.values_at(:id, :from, :to)] }
      end
      2.times { RubyLLM.models.refresh! }
    RUBY
    expect(app.read("log/development.log").scan("openai gpt-4.1 is now overdue").size).to eq(1)
  end

  it "names endpoints in it, of which a provider may have several" do
    server.on("anthropic_eu", anthropic("claude-eu"))
    server.on("anthropic_us", status(503))

    expected = [["anthropic_us"], {"anthropic_us" => "anthropic"}]
    expect(script(<<~RUBY, "SERVER" => server.url("").chomp("/"))).to eq(expected)
      failed = reported = nil
      ActiveSupport::Notifications.subscribe("refresh.ruby_llm_native") { |event| failed = event.payload[:failed] }
      Rails.error.subscribe(Class.new { define_method(:report) { |_, context:, **| reported = context[:refresh] } }.new)
      %w[anthropic_eu anthropic_us].each do |name|
        RubyLLM.config.endpoint(name, provider: :anthropic, base_url: ENV["SERVER"] + "/" + name, api_key: "key")
      end
      RubyLLM.models.refresh!
      bad = reported[:sources].select { |source| source[:status] == "failed" }
      said = [failed, bad.to_h { |source| source.values_at(:source, :provider) }]
    RUBY
  end

  # What the app logs of refreshes while a script runs.
  def logged(text, **more)
    File.truncate(File.join(app.folder, "log/development.log"), 0)
    script("#{text}\nsaid = 1", **more)
    app.read("log/development.log").lines(chomp: true).grep(/\A(?:The r|R)efresh|\ALLMModel: the default/)
  end

  it "logs each refresh once, through a LogSubscriber" do
    server.on("anthropic", status(503))

    expect(logged("RubyLLM.models.refresh!")).to match([
      "Refresh of anthropic failed: HTTP 503",
      /\ARefreshed: 3 sources asked in \d\.\d\d s, 1 failed \(anthropic\); the registry has 2 models\z/
    ])
    expect(logged("Rails.logger.level = :error\nRubyLLM.models.refresh!")).to eq([])
  end

  it "lets an app replace its LogSubscriber, as docs/reference/events.md shows" do
    snippet = File.read(File.join(RailsApp::ROOT, "docs/reference/events.md"))[/^class RefreshLines.*?(?=^```)/m]

    logged("#{snippet}\nRubyLLM.models.refresh!")
    lines = app.read("log/development.log").lines.grep(/refresh|started_at/i)
    expect(lines.map { |line| JSON.parse(line).keys }).to eq([%w[started_at duration sources]])
  end

  it "logs what a context refreshes, by the context's own logger if it has one" do
    context = "RubyLLM.context { |config| config.logger = %s }.models.refresh!"
    line = /Refreshed: 3 sources.* the registry has 3 models\z/

    expect(logged(format(context, "config.logger"))).to match([/\A#{line}/])
    expect(logged(format(context, "Rails.logger.tagged('tenant')"))).to eq([])
    expect(app.read("log/development.log").lines(chomp: true).grep(line)).to match([/\A\[tenant\] #{line}/])
    expect(logged(format(context, "nil"))).to eq([])
  end

  it "logs a lost default once" do
    lost = "LLMModel: the default openai/o4-mini is no longer available. Make another model the default"
    server.on("openai", [openai("gpt-4.1", "o4-mini"), openai("gpt-4.1")])

    expect(logged(<<~RUBY).grep(/default/)).to eq([lost])
      LLMModel.sync!
      LLMModel.find_by!(model_id: "o4-mini").make_default!
      LLMModel.sync!
    RUBY
  end

  it "registers the gem's deprecator among the app's" do
    initializer("Rails.application.deprecators.behavior = ->(message, *) { $told = message }") do
      expect(script(<<~RUBY)).to eq([true, true, true])
        renamed = RubyLLM::Native::Exchange
        said = [
          Rails.application.deprecators[:ruby_llm_native].equal?(RubyLLM::Native.deprecator),
          renamed.equal?(RubyLLM::Native::Export),
          $told.include?("RubyLLM::Native::Exchange is deprecated") && $told.include?("tmp/script.rb:1")
        ]
      RUBY
    end
  end

  it "lets a process see at its next request what another one has synced, and holds no connection for it" do
    found = script(<<~RUBY, "LLM_REGISTRY_CHECK_INTERVAL" => "0.001")
      before = RubyLLM.models.map(&:id)
      system(RbConfig.ruby, "bin/rails", "runner", "LLMModel.sync!", exception: true)
      unasked = RubyLLM.models.map(&:id)
      after, busy = Thread.new do
        Rails.application.executor.wrap { [RubyLLM.models.map(&:id), ActiveRecord::Base.connection_pool.stat[:busy]] }
      end.value
      said = [before, unasked, after, busy]
    RUBY
    expect(found).to eq([[], [], %w[claude-opus-4-5 gpt-4.1 o4-mini], 0])
  end

  it "goes on when the store cannot be read, and says so" do
    initializer("RubyLLM.config.catalog_store = RubyLLM::Native::Stores::ActiveRecord.new('NoSuchClass')") do
      expect(script("said = RubyLLM.models.size")).to be_zero
      expect(app.read("log/development.log"))
        .to include("The registry in the table of NoSuchClass, row default cannot be read")
    end
  end

  it "survives the reloading of the app's classes" do
    expect(script(<<~RUBY)).to eq([false, 3])
      LLMModel.sync!
      before = LLMModel
      Rails.application.reloader.reload!
      LLMModel.sync!
      said = [before.equal?(LLMModel), LLMModel.count]
    RUBY
  end
end
