# frozen_string_literal: true

require_relative "support/listings"

# A refresh over real HTTP in which a source does not answer whole: whatever goes wrong, its models stay and the
# others' are taken in.
RSpec.describe "a refresh when a source fails" do
  include_context "with a server for all sources"
  include Listings

  before { registry.refresh! }

  # Each keeps the twelve models of openai, and nobody else is harmed.
  def expect_openai_kept(**facts)
    before = registry.catalog.content_hash
    registry.refresh!

    expect(outcome(:openai))
      .to have_attributes(status: :failed, kept: 12, count: 14, added: 0, removed: 0, changed: 0, **facts)
    expect(registry.last_refresh.failures.map(&:source)).to eq([:openai])
    expect(registry.catalog.content_hash).to eq(before)
  end

  it "keeps its models when it is down, and tells how often it was asked" do
    config.refresh_retries = 1
    server.on("openai", status(503, retry_after: 1))

    expect_openai_kept(http_status: 503, error_status: :http_status, attempts: 2, error: "HTTP 503")
    asked = server.requests("openai").last(2).map(&:at)
    expect(asked[1] - asked[0]).to be >= 0.99
  end

  it "takes the answer it gives when it is asked again" do
    config.refresh_retries = 2
    server.on("openai", [status(503), status(429), json(fixture("openai/good"))])
    registry.refresh!

    expect(outcome(:openai)).to have_attributes(status: :refreshed, attempts: 3, rows: 12, error: nil)
  end

  it "asks again after 429, 500, 502, 503, 504 and 529" do
    config.refresh_retries = 1
    refused = {
      "openai" => 429, "anthropic" => 500, "mistral" => 502, "deepseek" => 503, "models_dev" => 504, "gemini" => 529
    }
    refused.each { |source, code| server.on(source, [status(code), json(whole(source))]) }
    registry.refresh!

    expect(refused.keys.to_h { |source| [source, [outcome(source).status, outcome(source).attempts]] }).to eq(
      refused.to_h { |source, _| [source, [:refreshed, lists_of(source) + 1]] }
    )
  end

  it "does not ask again after 400, 401, 403, 404 and 422" do
    config.refresh_retries = 3
    refused = {"openai" => 400, "anthropic" => 401, "mistral" => 403, "deepseek" => 404, "gemini" => 422}
    refused.each { |source, code| server.on(source, status(code)) }
    registry.refresh!

    expect(refused.keys.to_h { |source| [source, [outcome(source).http_status, outcome(source).attempts]] }).to eq(
      refused.to_h { |source, code| [source, [code, lists_of(source)]] }
    )
  end

  it "does not wait for longer than is left, however long the server asks it to" do
    config.refresh_retries = 3
    server.on("openai", status(503, retry_after: 3600))

    expect(seconds { registry.refresh!(timeout: 20) }).to be < 15
    expect(outcome(:openai))
      .to have_attributes(
        status: :failed, attempts: 1,
        error: "HTTP 503 (the server asked to wait 3600 s, longer than the time left)"
      )
  end

  it "gives up on an answer that does not begin in time" do
    config.refresh_request_timeout = 0.3
    server.on("openai", stall)

    expect_openai_kept(error_status: :timed_out, attempts: 1)
  end

  it "gives up on an answer that stops half way" do
    config.refresh_request_timeout = 0.3
    server.on("openai", stall(fixture("openai/good"), after_bytes: 600))

    expect_openai_kept(error_status: :timed_out)
  end

  it "asks only once more after a request that took too long" do
    config.refresh_retries = 3
    config.refresh_request_timeout = 0.3
    server.on("openai", stall)

    expect_openai_kept(error_status: :timed_out, attempts: 2)
  end

  it "takes in the others when time is up for one" do
    server.on("openai", stall)
    server.on("deepseek", json({data: [{id: "deepseek-v5"}]}))
    registry.refresh!(timeout: 2)

    expect(outcome(:openai))
      .to have_attributes(status: :failed, error_status: :timed_out, error: "timed out after 2 s", kept: 12)
    expect(listed(:deepseek)).to eq(["deepseek-v5"])
  end

  it "keeps its models when it hangs up without a word" do
    server.on("openai", drop)

    expect_openai_kept(error_status: :network, http_status: nil)
  end

  it "asks again after a connection that broke" do
    config.refresh_retries = 1
    server.on("openai", [drop, json(fixture("openai/good"))])
    registry.refresh!

    expect(outcome(:openai)).to have_attributes(status: :refreshed, attempts: 2)
  end

  it "keeps its models when its answer is shorter than promised" do
    server.on("openai", cut(fixture("openai/good"), at: 0.5))

    expect_openai_kept(error_status: :network)
  end

  it "keeps its models when the last chunk of its answer is missing" do
    server.on("openai", cut_chunked(fixture("openai/good"), at: 0.99))

    expect_openai_kept(error_status: :network)
  end

  it "keeps its models when its answer ends early and nothing tells but the JSON" do
    server.on("openai", until_close(fixture("openai/good").byteslice(0, 600)))

    expect_openai_kept(error_status: :ended_early, error: /ended early.*, at byte 600\z/)
  end

  it "counts no row twice when a page broke off and was whole the second time" do
    config.refresh_retries = 1
    server.on("openai", [cut(fixture("openai/good"), at: 0.9), json(fixture("openai/good"))])
    registry.refresh!

    expect(outcome(:openai)).to have_attributes(status: :refreshed, rows: 12, count: 14)
  end

  it "keeps all pages' models when a later page fails" do
    server.on("gemini", ->(request) { request.query.key?("pageToken") ? status(500) : json(fixture("gemini/page_1")) })
    registry.refresh!

    expect(outcome(:gemini)).to have_attributes(status: :failed, http_status: 500, kept: 7, attempts: 2)
    expect(listed(:gemini)).to include("gemini-embedding-001", "gemini-2.5-pro")
  end

  it "does not turn in circles when a page names itself as the next one" do
    server.on("gemini", json(fixture("gemini/page_1")))
    registry.refresh!

    expect(outcome(:gemini)).to have_attributes(status: :failed, error_status: :too_many_pages, kept: 7, attempts: 2)
  end

  it "recognizes an HTML page, though its status is 200" do
    server.on("openai", html)

    expect_openai_kept(http_status: 200, error_status: :bad_json, error: "answered with an HTML page, not JSON")
  end

  it "names the status, not the JSON, when a proxy answers with HTML" do
    server.on("openai", html(status: 502))

    expect_openai_kept(http_status: 502, error: "HTTP 502: Sign in")
  end

  it "tells where broken JSON goes wrong" do
    server.on("openai", json('{"data":[{"id":"gpt-4.1"},]}'))

    expect_openai_kept(error_status: :bad_json, error: /\Anot JSON at byte 27: .*unallowed token/)
  end

  it "refuses JSON of another shape than the source's" do
    server.on("openai", json({result: [{id: "gpt-4.1"}]}))

    expect_openai_kept(error_status: :bad_shape, error: "no data[] in the answer")
  end

  it "refuses an empty body" do
    server.on("openai", json(""))

    expect_openai_kept(error_status: :ended_early)
  end

  it "refuses an answer that inflates beyond all bounds" do
    server.on("openai", gzip_bomb(size: 64 << 20))

    expect_openai_kept(error_status: :too_large)
  end

  it "does not follow a redirect to another host, and does not send the key there" do
    other = ReplayServer.start.tap(&:serve_fixtures)
    server.on("openai", redirect(to: "#{other.url("openai").sub("127.0.0.1", "localhost")}/models"))

    expect_openai_kept(
      http_status: 302, error_status: :redirected, error: "redirected to localhost, which was not followed"
    )
    expect(other.requests("openai")).to be_empty
  ensure
    other.stop
  end

  it "does not follow a redirect to another port either" do
    other = ReplayServer.start.tap(&:serve_fixtures)
    server.on("openai", redirect(to: "#{other.url("openai")}/models"))

    expect_openai_kept(error_status: :redirected)
    expect(other.requests("openai")).to be_empty
  ensure
    other.stop
  end

  it "does not follow redirects for ever" do
    server.on("openai", redirect(to: "#{server.url("openai")}/models"))

    expect_openai_kept(error_status: :redirected, error: "redirected more than 3 times")
  end

  it "gives up at once on a local server that is not running, whatever the retries" do
    config.refresh_retries = 3
    config.ollama_api_base = "http://127.0.0.1:#{closed_port}/v1"
    registry.refresh!

    expect(outcome(:ollama))
      .to have_attributes(status: :failed, error_status: :network, attempts: 1, http_status: nil, kept: 6)
    expect(outcome(:ollama).duration).to be < 1
  end

  it "does not wait longer than a second to reach a local server" do
    config.ollama_api_base = "http://192.0.2.1:11434/v1" # an address that documentation is given, and nobody has
    registry.refresh!

    expect(outcome(:ollama)).to have_attributes(status: :failed, attempts: 1)
    expect(outcome(:ollama).duration).to be < 2
  end

  # What each provider says to a key that it does not know.
  {
    "openai" => "HTTP 401: Incorrect API key provided: sk-inv*******ented.",
    "anthropic" => "HTTP 401: invalid x-api-key",
    "mistral" => "HTTP 401: Invalid API Key",
    "deepseek" => "HTTP 401: Authentication Fails, Your api key: ****nted is invalid",
    "openrouter" => "HTTP 401: Missing Authentication header",
    "ollama" => "HTTP 401: unauthorized",
    "gemini" => "HTTP 400: API key not valid. Please pass a valid API key.",
    "xai" => "HTTP 400: Incorrect API key provided. It may be an invented one."
  }.each do |source, message|
    it "passes on what #{source} says to a wrong key" do
      server.on(source, status(message[/\d+/].to_i, body: fixture("#{source}/error")))
      registry.refresh!

      expect(outcome(source)).to have_attributes(status: :failed, error_status: :http_status, error: message)
    end
  end

  it "does not treat an answer without a model as a list, and keeps what it had" do
    before = registry.catalog.content_hash
    ReplayServer::PATHS.each_key { |source| server.on(source, json(fixture("#{source}/empty"))) }
    registry.refresh!

    expect(registry.last_refresh.select(&:asked?).map(&:status).uniq).to eq([:empty])
    expect(registry.last_refresh.map { |outcome| [outcome.source, outcome.kept] }.to_h)
      .to include(openai: 12, anthropic: 6, gemini: 7, ollama: 6)
    expect(registry.catalog.content_hash).to eq(before)
  end
end
