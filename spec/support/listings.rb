# frozen_string_literal: true

require "json"
require_relative "refreshing"

# The answers of the fixtures, whole and taken apart, and refreshes of one source: what the specs of a refresh say in
# words.
module Listings
  # The rows of a good answer, and the answer as one page with whatever rows.
  def lists_of(source)
    {"openrouter" => 6, "xai" => 4}.fetch(source, 1)
  end

  def rows(source, name = "good")
    answer = JSON.parse(fixture("#{source}/#{name}"))
    answer["data"] || answer["models"]
  end

  def all_rows(source)
    %w[anthropic gemini].include?(source) ? rows(source, "page_1") + rows(source, "page_2") : rows(source)
  end

  def listing(source, rows)
    case source
    when "anthropic" then {data: rows, has_more: false}
    when "gemini" then {models: rows}
    else {object: "list", data: rows}
    end
  end

  def whole(source)
    (source == "models_dev") ? fixture("models_dev/good") : listing(source, all_rows(source))
  end

  def refresh_only(source, **options)
    registry.refresh!(only: source, **options)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  # A body without any length told, which ends where the connection does.
  def until_close(body)
    ReplayServer::Answer.new do |line|
      line.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n", body)
    end
  end
end
