# frozen_string_literal: true

require "open3"
require_relative "beside_helper"

# A Rails app as ruby_llm's own generator makes it, with our gem and then without.
RSpec.describe "an app of ruby_llm's generators", if: Beside.v2? do
  include_context "with providers"

  # What the app's Gemfile names, in the versions of ours: nothing is to be fetched.
  let(:gems) do
    %w[rails sqlite3 puma json minitest connection_pool ruby_llm].to_h do |name|
      [name, Gem.loaded_specs[name]&.version.to_s]
    end
  end
  let(:app) { File.join(@folder, "app") }
  let(:sources) { %w[deepseek models_dev published] }
  let(:answer) do
    {id: "1", object: "chat.completion", created: 1, model: "deepseek-chat",
     choices: [{index: 0, finish_reason: "stop", message: {role: "assistant", content: "Four."}}],
     usage: {prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000}}
  end
  let(:catalogue) do
    [{id: "deepseek-chat", name: "DeepSeek Chat", provider: "deepseek",
      context_window: 128_000, max_output_tokens: 8192,
      modalities: {input: ["text"], output: ["text"]},
      pricing: {text_tokens: {standard: {input_per_million: 0.28, output_per_million: 0.42}}},
      metadata: {source: "models.dev", cost: {input: 0.28, output: 0.42}}}]
  end

  before do
    server.on(
      "deepseek",
      ->(request) { request.path.end_with?("/chat/completions") ? json(answer) : json(fixture("deepseek/good")) }
    )
    server.on("published", json(catalogue))
    make_app
  end

  def run(*command, **environment)
    out, status = Bundler.with_unbundled_env do
      Open3.capture2e({"RAILS_ENV" => "development", **environment}, *command, chdir: File.exist?(app) ? app : @folder)
    end
    status.success? ? out : raise("#{command.join(" ")}: #{out}")
  end

  def make_app
    left_out = %w[git test bundle bootsnap asset-pipeline].map { |part| "--skip-#{part}" }
    run("rails", "_#{gems["rails"]}_", "new", "app", "--minimal", *left_out)
    File.write(File.join(app, "Gemfile"), <<~RUBY)
      source Gem.sources.first.uri.to_s
      #{gems.map { |name, version| "gem #{name.inspect}, #{version.inspect}" }.join("\n")}
      gem "ruby_llm_native", path: #{Dir.pwd.inspect} unless ENV["WITHOUT_NATIVE"]
    RUBY
    run("bundle", "install", "--local", "--quiet")
    run("bin/rails", "generate", "ruby_llm:install")
    message = File.join(app, "app/models/message.rb")
    File.write(message, File.read(message).sub(/^.*has_many_attached.*\n/, "")) # a minimal app has no ActiveStorage
    File.write(File.join(app, "work.rb"), work)
  end

  # What the app does. ruby_llm alone has the URL of its published catalogue hard-coded.
  def work
    <<~RUBY
      RubyLLM.config.deepseek_api_key = "key"
      RubyLLM.config.deepseek_api_base = "#{server.url("deepseek")}"
      published = "#{server.url("published")}/models.json"
      if RubyLLM.config.respond_to?(:published_models_url)
        RubyLLM.config.published_models_url = published
        RubyLLM.config.models_dev_url = "#{server.url("models_dev")}/api.json"
      else
        RubyLLM::Models::Registry::PublishedSource.define_method(:initialize) { @url = published }
      end
      rows = RubyLLM::ActiveRecord::Model
      RubyLLM.models.refresh
      chat = Chat.create!(model: "deepseek-chat", provider: :deepseek)
      puts JSON.generate(
        list: RubyLLM.models.instance_variable_get(:@models).class.name,
        store: RubyLLM.config.model_registry_store.name,
        answer: chat.ask("Two and v2?").content, cost: chat.cost.total, row: rows.find(chat.ruby_llm_model_id).model_id,
        listed: rows.exists?(model_id: "deepseek-v4-pro"),
        entry: rows.find_by(model_id: "deepseek-chat").to_llm.class.name,
        refreshed: rows.refresh.class.name, tables: ActiveRecord::Base.connection.tables.sort,
        columns: rows.column_names.sort
      )
    RUBY
  end

  # All that the app keeps in its folders for code and schema.
  def texts
    files = Dir[File.join(app, "{db,config,app}/**/*.*")].select { |path| File.file?(path) }
    files.reject { |path| path.end_with?(".sqlite3") }.map { |path| File.binread(path) }
  end

  def outcome(**environment)
    JSON.parse(run("bin/rails", "runner", "work.rb", **environment).lines.grep(/\A\{/).last)
  end

  it "migrates, refreshes, chats and saves with our gem; and without it the same, with nothing left of it" do
    run("bin/rails", "db:migrate")
    with = outcome
    expect(with).to include("list" => "RubyLLM::Native::BesideRubyLLM::EntryList",
      "store" => "RubyLLM::ActiveRecord::Model", "answer" => "Four.",
      "row" => "deepseek-chat", "listed" => true, "entry" => "RubyLLM::Model", "refreshed" => "RubyLLM::Models")
    expect(with["cost"].to_f).to be_within(1e-9).of(0.28)
    run("bundle", "install", "--local", "--quiet", "WITHOUT_NATIVE" => "1")
    without = outcome("WITHOUT_NATIVE" => "1")
    expect(without).to eq(with.merge("list" => "Array"))
    expect(texts.grep(/(?:\b|_)native/i)).to eq([])
  end
end
