# frozen_string_literal: true

# The Ruby part of bin/demo, which starts it. Read `main` at the end first: it is what an app would do.

require "active_record"
require "ruby_llm_native"
require "tmpdir"
require_relative "../spec/support/replay_server"

$stdout.sync = true

# The sources of the demo, answered by a server in this process: nine that the gem has options for, from the fixtures, a
# known endpoint, and one of the app's own behind a gateway.
class Stage
  include ReplayServer::Answers

  # Seconds before an answer begins: different ones, so that the sources end one after the other.
  DELAYS = {
    "openai" => 0.16, "anthropic" => 0.12, "gemini" => 0.14,
    "mistral" => 0.20, "deepseek" => 0.10, "openrouter" => 0.26, "xai" => 0.18,
    "ollama" => 0.11, "models_dev" => 0.30
  }.freeze

  # What the endpoints list, each in the words of its server.
  LISTS = {
    "groq" => [
      {id: "llama-3.3-70b-versatile", object: "model", created: 1_733_447_754, owned_by: "Meta", active: true,
       context_window: 131_072, max_completion_tokens: 32_768},
      {id: "whisper-large-v3", object: "model", created: 1_693_721_698, owned_by: "OpenAI", active: true}
    ],
    "acme" => [
      {id: "acme-chat-7b", object: "model", owned_by: "vllm", max_model_len: 32_768},
      {id: "acme-embed", object: "model", owned_by: "vllm", max_model_len: 8192}
    ]
  }.freeze
  BADGE = {"X-Acme-Badge" => "no-real-secret"}.freeze

  # What OpenRouter and xAI list beside their models that chat, by path.
  OTHER_LISTS = {
    "embeddings/models" => "embeddings", "images/models" => "images", "language-models" => "language",
    "image-generation-models" => "image", "video-generation-models" => "video"
  }.freeze

  def initialize
    @server = ReplayServer.start
    DELAYS.each_key { |source| answer(source, *pages(source)) }
    LISTS.each { |name, rows| @server.on(name, json({object: "list", data: rows}, delay: 0.15)) }
  end

  def configure(config)
    DELAYS.each_key do |source|
      next config.models_dev_url = "#{@server.url(source)}/api.json" if source == "models_dev"

      config.public_send(:"#{source}_api_base=", @server.url(source))
      config.public_send(:"#{source}_api_key=", "no-real-key") unless source == "ollama"
    end
    config.endpoint :groq, api_key: "no-real-key", base_url: @server.url("groq") # in an app its key is enough
    config.endpoint :acme, base_url: @server.url("acme"), headers: BADGE
    config.refresh_retries = 1
  end

  # What is different the second time; all others answer as before, and models.dev with 304 since its ETag is the same.
  def change
    @server.on("mistral", status(503, body: {message: "Service unavailable."}))
    answer("openai", fixture("openai/good_dropped"))
  end

  def requests(source)
    @server.requests(source)
  end

  def stop
    @server.stop
  end

  private

  def pages(source)
    names = %w[page_1 page_2 good].map { |name| "#{source}/#{name}" }
    names.select { |name| File.exist?(File.join(ReplayServer::FIXTURES, "#{name}.json")) }.map { |name| fixture(name) }
  end

  # The first page to a request without a page token, the second one to a request with it.
  def answer(source, first, second = nil)
    etag = ReplayServer::MODELS_DEV_ETAG if source == "models_dev"
    answers = [first, second].compact.map { |body| json(body, delay: DELAYS[source], etag: etag, gzip: true) }
    at = "/#{source}#{ReplayServer::PATHS.fetch(source)}"
    @server.on(source, lambda do |request|
      list = request.query["output_modalities"] || OTHER_LISTS[request.path.delete_prefix("/#{source}/")]
      next json(fixture("#{source}/#{list}"), delay: DELAYS[source], gzip: true) if list
      next status(404) unless request.path == at

      (request.query.key?("after_id") || request.query.key?("pageToken")) ? answers.last : answers.first
    end)
  end
end

# Everything that is printed.
module Screen
  module_function

  def title(text)
    puts "", text, "-" * text.length
  end

  def progress(each)
    shown = [each.source, each.status, each.rows, each.bytes, each.duration]
    puts format("  %-11s %-10s %4d models %8d bytes  %.2f s", *shown)
  end

  def models(models, limit: nil)
    rows = models.first(limit || models.size).map { |model| row(model) }
    rows.unshift(%w[id provider context input output])
    widths = rows.transpose.map { |column| column.map(&:length).max }
    rows.each do |cells|
      aligned = cells.each_with_index.map { |cell, at| at < 2 ? cell.ljust(widths[at]) : cell.rjust(widths[at]) }
      puts aligned.join("  ")
    end
    puts "… and #{models.size - limit} more" if limit && models.size > limit
  end

  def row(model)
    [
      model.id, model.provider, thousands(model.context_window),
      *%i[input output].map { |kind| dollars(model.price(kind, exact: true)) }
    ]
  end

  def thousands(number)
    number.nil? ? "-" : number.to_s.gsub(/(?<=\d)(?=(\d{3})+\z)/, ",")
  end

  # Two decimals at least, and never fewer than are stated.
  def dollars(amount)
    return "-" if amount.nil?
    return "free" if amount.zero?

    whole, fraction = amount.to_s("F").split(".")
    "#{whole}.#{fraction.ljust(2, "0")}"
  end
end

# A table of models in an SQLite file, as an app would have it.
module Database
  module_function

  def open(folder)
    ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: File.join(folder, "demo.sqlite3"))
    ActiveRecord::Schema.verbose = false
    ActiveRecord::Schema.define do
      create_table :llm_models do |table|
        table.string :provider, null: false
        table.string :model_id, null: false
        table.string :name, null: false
        table.boolean :available, null: false, default: false
        table.boolean :is_default, null: false, default: false
        table.integer :context_window
        table.integer :max_output_tokens
        table.json :metadata
        table.datetime :last_synced_at
        table.index %i[provider model_id], unique: true
      end
    end
  end
end

class LLMModel < ActiveRecord::Base
  acts_as_llm_model
end

def check(what, so)
  abort "bin/demo: this should be so, and is not: #{what}" unless so
end

def first_refresh
  Screen.title("A refresh: every source at once")
  RubyLLM.models.refresh! { |progress| Screen.progress(progress) }
  puts "", RubyLLM.models.last_refresh.to_s
end

def show_models(limit: nil)
  Screen.title("Chat models; prices in US dollars per million tokens, - where nobody states one")
  Screen.models(RubyLLM.models.chat_models, limit: limit)
end

def save
  Screen.title("Into the table")
  result = LLMModel.save_models(RubyLLM.models)
  puts result.to_s
  result
end

def show_table
  puts "available: #{LLMModel.where(available: true).count}, not available: #{LLMModel.where(available: false).count}"
end

def refresh_again
  Screen.title("Later: Mistral is down, OpenAI has dropped a model")
  result = LLMModel.sync!
  puts result.to_s
  show_table
  dropped = LLMModel.find_by!(provider: "openai", model_id: "o4-mini")
  puts "openai/o4-mini is still there, available: #{dropped.available}"
  mistral = LLMModel.where(provider: "mistral")
  puts "mistral still has #{mistral.count} rows, of which #{mistral.where(available: true).count} are available"
  result
end

def check_first_refresh(stage)
  report = RubyLLM.models.last_refresh.select(&:asked?)
  check "eleven sources were asked", report.size == 11
  check "all were refreshed", report.all? { |outcome| outcome.status == :refreshed }
  check "Anthropic and Gemini were asked for a second page",
    %w[anthropic gemini].all? { |source| stage.requests(source).size == 2 }
  check "the gateway got what it wants",
    stage.requests("acme").all? { |request| request.headers["x-acme-badge"] == Stage::BADGE.values.first }
  check "each endpoint's models are its own",
    %w[groq acme].all? { |name| RubyLLM.models.by_provider(name).map(&:endpoints).uniq == [[name.to_sym]] }
  # However busy the machine is, it is so for all of them.
  check "the sources were asked at once", RubyLLM.models.last_refresh.duration < report.sum(&:duration)
end

def check_second_refresh(result, rows, mistral)
  report = result.report
  check "Mistral failed with HTTP 503", report[:mistral].failed? && report[:mistral].http_status == 503
  check "models.dev answered 304", report[:models_dev].status == :unchanged && report[:models_dev].http_status == 304
  check "OpenAI's listing lost one model", report[:openai].removed == 1
  check "no row was deleted", LLMModel.count == rows
  check "o4-mini is unavailable", LLMModel.find_by!(provider: "openai", model_id: "o4-mini").available == false
  # Of Mistral, which did not answer, no row is looked at.
  unchanged = rows - mistral.size - 1
  check "one row was written", result.to_h == {
    inserted: 0, updated: 0, unchanged: unchanged, restored: 0, made_unavailable: 1
  }
  check "Mistral's rows are as they were", LLMModel.where(provider: "mistral").order(:id).map(&:attributes) == mistral
end

def on_stage
  stage = Stage.new
  RubyLLM.configure { |config| stage.configure(config) }
  first_refresh
  check_first_refresh(stage)
  show_models
  saved = save
  show_table
  check "every model is a row", saved.inserted == RubyLLM.models.size && LLMModel.count == RubyLLM.models.size
  rows = LLMModel.count
  mistral = LLMModel.where(provider: "mistral").order(:id).map(&:attributes)
  stage.change
  check_second_refresh(refresh_again, rows, mistral)
ensure
  stage&.stop
end

def live
  RubyLLM.configure do |config|
    config.endpoints_from_environment
    config.ollama_api_base = ENV.fetch("OLLAMA_API_BASE", nil)
  end
  found = RubyLLM.config.endpoints.keys
  abort "bin/demo: no key of a known endpoint is in the environment, such as OPENAI_API_KEY" if found.empty?
  puts "Keys in the environment: #{found.join(", ")}"
  first_refresh
  show_models(limit: 40)
  save
  show_table
rescue RubyLLM::Native::RefreshError => error
  puts "", error.report.to_s
  abort "bin/demo: no provider answered"
end

def main
  Dir.mktmpdir("ruby_llm_native") do |folder|
    Database.open(folder)
    RubyLLM.config.registry_path = folder
    ARGV.include?("--live") ? live : on_stage
  ensure
    ActiveRecord::Base.connection_handler.clear_all_connections!
  end
end

main
