# frozen_string_literal: true

require "json"
require_relative "support/refreshing"

# A refresh over real HTTP: what is asked, what is taken in, and above all what stays as it was when an answer is none.
RSpec.describe "a refresh" do
  include_context "with a server for all sources"

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
    source == "models_dev" ? fixture("models_dev/good") : listing(source, all_rows(source))
  end

  def refresh_only(source, **options)
    registry.refresh!(only: source, **options)
  rescue RubyLLM::Native::RefreshError
    nil
  end

  # A body without any length told, which ends where the connection does.
  def until_close(body)
    ReplayServer::Answer.new { |line| line.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n", body) }
  end

  describe "when all goes well" do
    it "takes in what all nine sources say" do
      registry.refresh!

      expect(registry.last_refresh.select(&:asked?).map { |outcome| [outcome.source, outcome.status] }.to_h).to eq(
        openai: :refreshed, anthropic: :refreshed, gemini: :refreshed, mistral: :refreshed, deepseek: :refreshed, openrouter: :refreshed,
        xai: :refreshed, ollama: :refreshed, models_dev: :refreshed
      )
      expect(registry.listed.group_by(&:provider).transform_values(&:size)).to eq(
        "openai" => 12, "anthropic" => 6, "gemini" => 7, "mistral" => 9, "deepseek" => 4, "openrouter" => 8, "xai" => 6, "ollama" => 6
      )
    end

    it "adds models that no provider lists, of the providers that somebody knows" do
      registry.refresh!

      expect(registry.reject(&:listed?).map { |model| [model.provider, model.id] }).to contain_exactly(
        %w[openai gpt-5.4], %w[openai gpt-4-0314], %w[anthropic claude-opus-4-5], %w[xai grok-4], %w[xai grok-stt], %w[xai grok-tts],
        %w[cohere command-a-03-2025]
      )
    end

    it "returns the registry" do
      expect(registry.refresh!).to be(registry)
      expect(registry.refresh).to be(registry)
    end

    it "asks for each list once, and for those with pages once a page" do
      registry.refresh!

      expect(ReplayServer::PATHS.keys.to_h { |source| [source, server.requests(source).size] }).to eq(
        "openai" => 1, "anthropic" => 2, "gemini" => 2, "mistral" => 1, "deepseek" => 1, "openrouter" => 6, "xai" => 4, "ollama" => 1,
        "models_dev" => 1
      )
      expect(outcome(:anthropic)).to have_attributes(attempts: 2, rows: 6, count: 6 + 1)
    end

    it "follows anthropic's after_id to the last page" do
      registry.refresh!

      expect(server.requests("anthropic").map(&:query)).to eq(
        [{"limit" => "1000"}, {"limit" => "1000", "after_id" => "claude-3-5-haiku-20241022"}]
      )
    end

    it "follows gemini's page token to the last page" do
      registry.refresh!

      expect(server.requests("gemini").map(&:query)).to eq([{"pageSize" => "1000"}, {"pageSize" => "1000", "pageToken" => "CgVtb2RlbHM="}])
    end

    it "gives each provider its key in the header where it wants it" do
      registry.refresh!

      %w[openai mistral deepseek openrouter xai].each do |source|
        expect(server.requests(source).first.headers).to include("authorization" => "Bearer key-of-#{source}-1b5e55ed0ddba11")
      end
      expect(server.requests("anthropic").last.headers).to include(
        "x-api-key" => "key-of-anthropic-1b5e55ed0ddba11", "anthropic-version" => "2023-06-01"
      )
      expect(server.requests("gemini").last.headers).to include("x-goog-api-key" => "key-of-gemini-1b5e55ed0ddba11")
    end

    it "gives no key to those who want none" do
      registry.refresh!

      expect(server.requests("models_dev").first.headers.keys).not_to include("authorization", "x-api-key", "x-goog-api-key")
      expect(server.requests("ollama").first.headers.keys).not_to include("authorization")
    end

    it "names openai's organization and project, and the app to openrouter" do
      config.openai_organization_id = "org-acme"
      config.openai_project_id = "proj-shed"
      config.openrouter_app_url = "https://acme.example"
      config.openrouter_app_name = "Acme Shed"
      registry.refresh!

      expect(server.requests("openai").first.headers).to include("openai-organization" => "org-acme", "openai-project" => "proj-shed")
      expect(server.requests("openrouter").first.headers).to include(
        "http-referer" => "https://acme.example", "x-openrouter-title" => "Acme Shed"
      )
    end

    it "asks for compressed answers and counts the bytes that came over the network" do
      registry.refresh!

      expect(server.requests("models_dev").first.headers["accept-encoding"]).to include("gzip")
      expect(outcome(:models_dev).bytes).to be_between(500, fixture("models_dev/good").bytesize / 3)
    end

    it "reads an answer that comes byte by byte as one that comes at once" do
      registry.refresh!
      at_once = registry.catalog.content_hash
      server.on("openai", trickle(fixture("openai/good")))
      server.on("mistral", trickle(fixture("mistral/good"), bytes_per_chunk: 3))

      expect { registry.refresh! }.not_to change { registry.catalog.content_hash }.from(at_once)
      expect(outcome(:openai).status).to eq(:refreshed)
    end

    it "follows a redirect to another path of the same server" do
      server.on("openai", lambda do |request|
        request.path == "/openai/elsewhere" ? json(fixture("openai/good")) : redirect(to: "#{server.url("openai")}/elsewhere")
      end)
      registry.refresh!(only: :openai)

      expect(outcome(:openai)).to have_attributes(status: :refreshed, rows: 12, attempts: 2)
    end

    it "asks a server on this machine without the proxy" do
      config.http_proxy = "http://127.0.0.1:#{closed_port}"
      registry.refresh!

      expect(registry.last_refresh).not_to be_failed
    end

    it "reports in words that JSON can carry" do
      registry.refresh!
      report = JSON.parse(JSON.generate(registry.last_refresh.to_h))

      expect(report["sources"].map { |source| source["source"] }).to start_with(
        %w[openai anthropic gemini mistral deepseek openrouter xai ollama models_dev]
      )
      expect(report["sources"].first).to include(
        "status" => "refreshed", "count" => 14, "added" => 14, "removed" => 0, "changed" => 0, "kept" => 0, "rejected" => 0, "attempts" => 1
      )
    end
  end

  describe "when nothing has changed" do
    it "sends back the metadata catalogue's ETag and takes a 304 for the answer it had" do
      registry.refresh!
      before = registry.catalog.content_hash
      registry.refresh!

      expect(server.requests("models_dev").map { |request| request.headers["if-none-match"] }).to eq([nil, ReplayServer::MODELS_DEV_ETAG])
      expect(outcome(:models_dev)).to have_attributes(status: :unchanged, added: 0, removed: 0, changed: 0, kept: 0, error: nil)
      expect(registry.catalog.content_hash).to eq(before)
    end

    it "gives the same content after a refresh full of 304s as after one full of 200s" do
      sources = ReplayServer::PATHS.keys - %w[openrouter xai] # an ETag stands for one answer, these give several
      sources.each { |source| server.on(source, json(whole(source), etag: %("#{source}-1"))) }
      2.times { registry.refresh!(only: sources) }
      expect(registry.last_refresh.select(&:asked?).map(&:status).uniq).to eq([:unchanged])

      sources.each { |source| server.on(source, json(whole(source))) }
      other = registry_for(config)
      2.times { other.refresh!(only: sources) }
      expect(other.last_refresh.select(&:asked?).map(&:status).uniq).to eq([:refreshed])
      expect(other.catalog.content_hash).to eq(registry.catalog.content_hash)
    end

    it "keeps the very catalog, and counts the models in it" do
      registry.refresh!
      before = registry.catalog
      stated = outcome(:models_dev).count
      registry.refresh!

      expect(registry.catalog).to equal(before)
      expect(outcome(:openai)).to have_attributes(status: :refreshed, count: registry.by_provider("openai").size, added: 0, removed: 0)
      expect(outcome(:models_dev)).to have_attributes(status: :unchanged, count: stated)
    end

    it "merges all the same when it is given no catalog" do
      registry.refresh!
      before = registry.catalog
      plan = RubyLLM::Native::Plan.new(config, only: nil, remote_only: false, timeout: nil)
      sheets = plan.asked.to_h { |slug| [slug, sheet(slug, whole(slug))] }
      finish = lambda do |catalog|
        run = RubyLLM::Native::Run.open(plan.questions(sheets), plan.held(sheets), catalog, plan.run_options(Time.now.to_i))
        nil while run.step
        run.finish
      ensure
        run&.close
      end

      expect(finish.call(nil).first).not_to equal(before)
      expect(finish.call(nil).first.content_hash).to eq(before.content_hash)
    end

    it "counts neither comers nor goers nor changes" do
      2.times { registry.refresh! }

      expect(registry.last_refresh.sum { |outcome| outcome.added + outcome.removed + outcome.changed }).to eq(0)
    end

    it "does not send an ETag to another server than the one that gave it" do
      server.on("openai", json(whole("openai"), etag: '"one"'))
      registry.refresh!(only: :openai)
      config.openai_api_base = server.url("mistral")
      registry.refresh!(only: :openai)

      expect(server.requests("mistral").first.headers).not_to include("if-none-match")
    end

    it "takes a 304 that it did not ask for as a failure" do
      registry.refresh!
      server.on("openai", status(304))
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, http_status: 304, kept: 12)
    end
  end

  describe "what is no fact" do
    # By source: one answer's rows as another request would bring them.
    {
      "openai" => ->(row) { row.merge("object" => "thing") },
      "anthropic" => ->(row) { row.merge("type" => "thing") },
      "gemini" => ->(row) { row },
      "mistral" => ->(row) { row.merge("created" => 1_790_000_060, "object" => "thing", "owned_by" => "somebody") },
      "deepseek" => ->(row) { row.merge("object" => "thing", "owned_by" => "somebody") },
      "openrouter" => ->(row) { row.merge("links" => {"details" => "/api/v1/models/elsewhere"}) },
      "xai" => ->(row) { row.merge("object" => "thing", "owned_by" => "somebody") },
      "ollama" => ->(row) { row.merge("object" => "thing") }
    }.each do |source, disturb|
      it "does not get into what #{source} states: volatile fields, the order of rows and of keys" do
        registry.refresh!
        before = registry.catalog.content_hash
        disturbed = all_rows(source).reverse.map { |row| disturb.call(row).to_a.reverse.to_h }
        server.on(source, json(JSON.pretty_generate(listing(source, disturbed).to_a.reverse.to_h)))
        registry.refresh!

        expect(outcome(source)).to have_attributes(status: :refreshed, changed: 0)
        expect(registry.catalog.content_hash).to eq(before)
      end
    end

    it "does not get into what models.dev states: the order of providers, models and keys" do
      registry.refresh!
      before = registry.catalog.content_hash
      disturbed = JSON.parse(fixture("models_dev/good")).to_a.reverse.to_h.transform_values do |provider|
        provider.merge("doc" => "https://elsewhere.example", "models" => provider["models"].to_a.reverse.to_h.transform_values { |row| row.to_a.reverse.to_h })
      end
      server.on("models_dev", json(disturbed))
      registry.refresh!

      expect(outcome(:models_dev)).to have_attributes(status: :refreshed, changed: 0)
      expect(registry.catalog.content_hash).to eq(before)
    end

    it "does not get into the catalog: how the same models were spread over pages" do
      registry.refresh!
      before = registry.catalog.content_hash
      %w[anthropic gemini].each { |source| server.on(source, json(whole(source))) }
      registry.refresh!

      expect(registry.catalog.content_hash).to eq(before)
    end
  end

  describe "when a source fails" do
    before { registry.refresh! }

    # Each keeps the twelve models of openai, and nobody else is harmed.
    def expect_openai_kept(**facts)
      before = registry.catalog.content_hash
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, kept: 12, count: 14, added: 0, removed: 0, changed: 0, **facts)
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
      refused = {"openai" => 429, "anthropic" => 500, "mistral" => 502, "deepseek" => 503, "models_dev" => 504, "gemini" => 529}
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

      expect(seconds { registry.refresh!(timeout: 5) }).to be < 4
      expect(outcome(:openai)).to have_attributes(status: :failed, attempts: 1, error: "HTTP 503 (asked to wait 3600 s, more than is left)")
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

    it "asks once more, and no oftener, after a request that took too long" do
      config.refresh_retries = 3
      config.refresh_request_timeout = 0.3
      server.on("openai", stall)

      expect_openai_kept(error_status: :timed_out, attempts: 2)
    end

    it "takes in the others when time is up for one" do
      server.on("openai", stall)
      server.on("deepseek", json({data: [{id: "deepseek-v5"}]}))
      registry.refresh!(timeout: 0.6)

      expect(outcome(:openai)).to have_attributes(status: :failed, error_status: :timed_out, error: "no whole answer within 600 ms", kept: 12)
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

    it "counts no row twice when a page broke off and came whole the second time" do
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

    it "calls a page of HTML what it is, though its status is 200" do
      server.on("openai", html)

      expect_openai_kept(http_status: 200, error_status: :bad_json, error: "answered with a page of HTML, not JSON")
    end

    it "names the status, not the JSON, when a proxy answers with HTML" do
      server.on("openai", html(status: 502))

      expect_openai_kept(http_status: 502, error: "HTTP 502: Sign in")
    end

    it "tells where JSON that is none goes wrong" do
      server.on("openai", json('{"data":[{"id":"gpt-4.1"},]}'))

      expect_openai_kept(error_status: :bad_json, error: /\Anot JSON at byte 27: .*unallowed token/)
    end

    it "refuses JSON of another shape than the source's" do
      server.on("openai", json({models: [{id: "gpt-4.1"}]}))

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

    it "does not follow a redirect to another host, and tells nobody there the key" do
      other = ReplayServer.start.tap(&:serve_fixtures)
      server.on("openai", redirect(to: "#{other.url("openai").sub("127.0.0.1", "localhost")}/models"))

      expect_openai_kept(http_status: 302, error_status: :redirected, error: "redirected to localhost, which was not followed")
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

    it "gives up on a local server that is not running at once, whatever the retries" do
      config.refresh_retries = 3
      config.ollama_api_base = "http://127.0.0.1:#{closed_port}/v1"
      registry.refresh!

      expect(outcome(:ollama)).to have_attributes(status: :failed, error_status: :network, attempts: 1, http_status: nil, kept: 6)
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

    it "takes an answer without a model for no list, and keeps what it had" do
      before = registry.catalog.content_hash
      ReplayServer::PATHS.each_key { |source| server.on(source, json(fixture("#{source}/empty"))) }
      registry.refresh!

      expect(registry.last_refresh.select(&:asked?).map(&:status).uniq).to eq([:empty])
      expect(registry.last_refresh.map { |outcome| [outcome.source, outcome.kept] }.to_h).to include(openai: 12, anthropic: 6, gemini: 7, ollama: 6)
      expect(registry.catalog.content_hash).to eq(before)
    end
  end

  describe "rows that are no models" do
    # By source: how many of its broken rows are none.
    {"openai" => 7, "anthropic" => 5, "gemini" => 6, "mistral" => 5, "deepseek" => 4, "xai" => 4, "ollama" => 4}.each do |source, broken|
      it "cost #{source} themselves and nothing else" do
        registry.refresh!
        before = listed(source)
        server.on(source, json(listing(source, all_rows(source) + all_rows(source) + rows(source, "broken_rows"))))
        registry.refresh!

        expect(outcome(source)).to have_attributes(status: :refreshed, rejected: broken, rejection: String)
        expect(listed(source)).to include(*before)
      end
    end

    it "cost the metadata catalogue themselves and nothing else" do
      server.on("models_dev", json(fixture("models_dev/broken_rows")))
      registry.refresh!(only: :models_dev)

      expect(outcome(:models_dev)).to have_attributes(status: :refreshed, rejected: 3, rows: 6)
      expect(ids(:openai)).to eq(%w[gpt-4.1 null-id number-id o4-mini without-id])
    end

    it "make the answer none when they are most of it" do
      registry.refresh!
      server.on("openai", json(fixture("openai/broken_rows")))
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, error_status: :bad_answer, kept: 12, rejected: 7)
      expect(listed(:openai).size).to eq(12)
    end
  end

  describe "models that go" do
    it "become unlisted when a later whole answer no longer has them, and listed again when one has" do
      registry.refresh!
      server.on("openai", json(fixture("openai/good_dropped")))
      registry.refresh!

      expect(registry.find("o4-mini", provider: :openai)).to be_unlisted
      expect(registry.unlisted.map(&:id)).to eq(["o4-mini"])
      expect(ids(:openai)).not_to include("o4-mini")
      expect(outcome(:openai)).to have_attributes(status: :refreshed, removed: 1, added: 0, changed: 0)

      server.on("openai", json(fixture("openai/good")))
      registry.refresh!

      expect(registry.find("o4-mini", provider: :openai)).to be_listed
      expect(registry.unlisted).to be_empty
      expect(outcome(:openai)).to have_attributes(status: :refreshed, removed: 0, added: 1)
    end

    it "stay unlisted while their provider fails" do
      registry.refresh!
      server.on("openai", [json(fixture("openai/good_dropped")), status(500)])
      2.times { registry.refresh! }

      expect(outcome(:openai)).to have_attributes(status: :failed, kept: 11)
      expect(registry.unlisted.map(&:id)).to eq(["o4-mini"])
    end

    it "are gone when only the metadata catalogue stated them" do
      registry.refresh!
      server.on("models_dev", json({openai: {models: {"gpt-4.1": {name: "GPT-4.1"}}}}))
      registry.refresh!

      expect(registry["gpt-5.4"]).to be_nil
      expect(registry.unlisted).to be_empty
    end
  end

  describe "who is asked" do
    it "is only the source that is named, and the others keep their models" do
      registry.refresh!
      server.on("openai", json(fixture("openai/good_dropped")))
      registry.refresh!(only: :openai)

      expect(server.requests("mistral").size).to eq(1)
      expect(registry.last_refresh.reject { |outcome| outcome.source == :openai }.map { |outcome| [outcome.status, outcome.reason] }.uniq).to eq(
        [%i[skipped excluded]]
      )
      expect(outcome(:mistral)).to have_attributes(count: 9, kept: 9)
      expect(listed(:mistral).size).to eq(9)
    end

    it "may be named as texts and in a list" do
      registry.refresh!(only: ["openai", :xai])

      expect(registry.last_refresh.select(&:asked?).map(&:source)).to eq(%i[openai xai])
    end

    it "is nobody on the user's own machine with remote_only" do
      registry.refresh!
      registry.refresh!(remote_only: true)

      expect(server.requests("ollama").size).to eq(1)
      expect(outcome(:ollama)).to have_attributes(status: :skipped, reason: :excluded, count: 6, kept: 6)
    end

    it "must be known: else the known ones are named" do
      expect { registry.refresh!(only: %i[openai opneai]) }.to raise_error(
        ArgumentError, /\AUnknown source: opneai\. Known are openai, anthropic, gemini, mistral, deepseek, openrouter, xai, ollama, models_dev, /
      )
      expect(server.requests("openai")).to be_empty
    end

    it "is nobody whose setting is missing, and the report names it" do
      config.openai_api_key = "  "
      config.ollama_api_base = nil
      config.models_dev_url = nil
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :skipped, reason: :openai_api_key, note: "openai_api_key is not set")
      expect(outcome(:ollama)).to have_attributes(status: :skipped, reason: :ollama_api_base)
      expect(outcome(:models_dev)).to have_attributes(status: :skipped, reason: :models_dev_url)
      expect(server.requests("openai") + server.requests("ollama") + server.requests("models_dev")).to be_empty
      expect(outcome(:mistral).status).to eq(:refreshed)
    end
  end

  describe "when it raises" do
    it "is because every provider that was asked failed, and the error has the report" do
      (ReplayServer::PATHS.keys - ["models_dev"]).each { |source| server.on(source, status(500)) }

      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError, /openai \(HTTP 500\).*ollama \(HTTP 500\)/) { |error|
        expect(error.report).to be(registry.last_refresh)
        expect(error.report.failures.size).to eq(8)
      }
      expect(registry["gpt-5.4"]).to be_a(RubyLLM::Native::Model)
    end

    it "is not because the metadata catalogue failed beside a provider that did not" do
      server.on("models_dev", status(500))

      expect { registry.refresh! }.not_to raise_error
      expect(outcome(:models_dev).status).to eq(:failed)
    end

    it "is because the metadata catalogue failed when nobody else was asked" do
      server.on("models_dev", status(500))

      expect { registry.refresh!(only: :models_dev) }.to raise_error(RubyLLM::Native::RefreshError)
    end

    it "is with strict because any source failed, and what the others said is taken in" do
      server.on("xai", status(500))

      expect { registry.refresh!(strict: true) }.to raise_error(RubyLLM::Native::RefreshError, "The refresh failed: xai (HTTP 500)")
      expect(listed(:openai).size).to eq(12)
    end

    it "is not with strict because a source had no model or nothing new" do
      registry.refresh!
      server.on("xai", json(fixture("xai/empty")))

      expect { registry.refresh!(strict: true) }.not_to raise_error
      expect([outcome(:xai).status, outcome(:models_dev).status]).to eq(%i[empty unchanged])
    end

    it "is not because nobody is configured" do
      nobody = registry_for(RubyLLM::Native::Configuration.new.tap { |config| config.models_dev_url = nil })

      expect { nobody.refresh! }.not_to raise_error
      expect(nobody.last_refresh.map(&:status).uniq).to eq([:skipped])
    end
  end

  describe "a key" do
    # All that a person or a log may get to see of it.
    def everything_shown
      error = begin
        registry.refresh!
      rescue RubyLLM::Native::RefreshError => raised
        raised
      end
      report = registry.last_refresh
      [
        error.message, error.inspect, error.full_message(highlight: false), error.report.to_s, report.inspect, JSON.generate(report.to_h),
        report.map(&:inspect), report.map(&:error), report.map(&:note), registry.inspect, registry.to_s, config.inspect, config.to_s
      ].flatten.join("\n")
    end

    it "is never shown, not even when the server sends it back" do
      Refreshing::KEYS.each { |source, key| server.on(source, status(401, body: {error: {message: "Incorrect API key provided: #{key}, sorry"}})) }
      server.on("ollama", status(500))
      shown = everything_shown

      expect(shown).to include("Incorrect API key provided: [secret], sorry")
      Refreshing::KEYS.each_value { |key| expect(shown).not_to include(key) }
    end

    it "is not shown in part when the message is cut in the middle of it" do
      (120..260).step(7) do |length|
        server.on("openai", status(401, body: {error: {message: "#{"x" * length}#{Refreshing::KEYS["openai"]}"}}))
        refresh_only(:openai)

        expect(outcome(:openai).error).to include("xxx")
        expect(outcome(:openai).error).not_to include("key-")
      end
    end

    it "is not shown by the address that a redirect points to" do
      server.on("openai", redirect(to: "http://elsewhere.example/?key=#{Refreshing::KEYS["openai"]}"))
      registry.refresh!

      expect(registry.last_refresh.to_s).to include("redirected to elsewhere.example")
      expect(registry.last_refresh.to_s).not_to include(Refreshing::KEYS["openai"])
    end

    it "is not shown when it cannot be sent" do
      config.openai_api_key = "key-with-a\nline-break"
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, error_status: :bad_setting, attempts: 0)
      expect(registry.last_refresh.to_s + config.inspect).not_to match(/key-with-a|line-break/)
    end
  end

  describe "its block" do
    it "gets each source as it ends, on the thread that called" do
      progress = []
      threads = []
      registry.refresh! do |event|
        progress << event
        threads << Thread.current
      end

      expect(progress.to_h { |event| [event.source, [event.status, event.rows]] }).to include(
        openai: [:refreshed, 12], anthropic: [:refreshed, 6], gemini: [:refreshed, 7], mistral: [:refreshed, 11], deepseek: [:refreshed, 4],
        ollama: [:refreshed, 6]
      )
      expect(progress.map(&:source)).to match_array(ReplayServer::PATHS.keys.map(&:to_sym))
      expect(progress).to all(have_attributes(bytes: be_positive, duration: be_between(0, 10)))
      expect(threads.uniq).to eq([Thread.current])
    end

    it "hears of the quick before the slow have ended" do
      server.on("openai", json(fixture("openai/good"), delay: 0.4))
      order = []
      registry.refresh!(only: %i[openai xai]) { |event| order << event.source }

      expect(order).to eq(%i[xai openai])
    end

    it "cancels the refresh when it raises, and nothing has changed" do
      registry.refresh!
      before = [registry.view, registry.last_refresh]
      server.on("openai", json(fixture("openai/good_dropped")))
      server.on("anthropic", stall)

      expect { registry.refresh! { raise "enough" } }.to raise_error(RuntimeError, "enough")
      expect([registry.view, registry.last_refresh]).to match([be(before[0]), be(before[1])])
      expect(registry.refresh!(only: :openai).unlisted.map(&:id)).to eq(["o4-mini"])
    end

    it "cancels the refresh when it is left by break" do
      server.on("anthropic", stall)

      expect(registry.refresh! { break :left }).to eq(:left)
      expect(registry).to be_empty
      expect(registry.refresh!(only: :openai).size).to eq(12)
    end

    it "cannot start another refresh" do
      expect { registry.refresh! { registry.refresh! } }.to raise_error(RubyLLM::Native::ReentrantRefresh)
      expect(registry).to be_empty
    end

    it "may read the models there were" do
      registry.refresh!
      server.on("openai", json(fixture("openai/good_dropped")))
      seen = []
      registry.refresh! { seen << registry.find("o4-mini").listed? }

      expect(seen.uniq).to eq([true])
    end
  end
end
