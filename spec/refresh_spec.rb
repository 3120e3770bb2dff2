# frozen_string_literal: true

require_relative "support/listings"

# A refresh over real HTTP: what is asked, what is taken in, and above all what stays as it was after an invalid answer.
RSpec.describe "a refresh" do
  include_context "with a server for all sources"
  include Listings

  describe "when all goes well" do
    it "takes in what all nine sources say" do
      registry.refresh!

      expect(registry.last_refresh.select(&:asked?).map { |outcome| [outcome.source, outcome.status] }.to_h).to eq(
        openai: :refreshed, anthropic: :refreshed, gemini: :refreshed,
        mistral: :refreshed, deepseek: :refreshed, openrouter: :refreshed,
        xai: :refreshed, ollama: :refreshed, models_dev: :refreshed
      )
      expect(registry.listed.group_by(&:provider).transform_values(&:size)).to eq(
        "openai" => 12, "anthropic" => 6, "gemini" => 7, "mistral" => 9,
        "deepseek" => 4, "openrouter" => 8, "xai" => 6, "ollama" => 6
      )
    end

    it "adds models that no provider lists, for known providers" do
      registry.refresh!

      expect(registry.reject(&:listed?).map { |model| [model.provider, model.id] }).to contain_exactly(
        %w[openai gpt-5.4], %w[openai gpt-4-0314], %w[anthropic claude-opus-4-5],
        %w[xai grok-4], %w[xai grok-stt], %w[xai grok-tts],
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
        "openai" => 1, "anthropic" => 2, "gemini" => 2, "mistral" => 1,
        "deepseek" => 1, "openrouter" => 6, "xai" => 4, "ollama" => 1,
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

      expect(server.requests("gemini").map(&:query))
        .to eq([{"pageSize" => "1000"}, {"pageSize" => "1000", "pageToken" => "CgVtb2RlbHM="}])
    end

    it "gives each provider its key in the header where it wants it" do
      registry.refresh!

      %w[openai mistral deepseek openrouter xai].each do |source|
        expect(server.requests(source).first.headers)
          .to include("authorization" => "Bearer key-of-#{source}-1b5e55ed0ddba11")
      end
      expect(server.requests("anthropic").last.headers).to include(
        "x-api-key" => "key-of-anthropic-1b5e55ed0ddba11", "anthropic-version" => "2023-06-01"
      )
      expect(server.requests("gemini").last.headers).to include("x-goog-api-key" => "key-of-gemini-1b5e55ed0ddba11")
    end

    it "sends no key to sources that want none" do
      registry.refresh!

      expect(server.requests("models_dev").first.headers.keys)
        .not_to include("authorization", "x-api-key", "x-goog-api-key")
      expect(server.requests("ollama").first.headers.keys).not_to include("authorization")
    end

    it "names openai's organization and project, and the app to openrouter" do
      config.openai_organization_id = "org-acme"
      config.openai_project_id = "proj-shed"
      config.openrouter_app_url = "https://acme.example"
      config.openrouter_app_name = "Acme Shed"
      registry.refresh!

      expect(server.requests("openai").first.headers)
        .to include("openai-organization" => "org-acme", "openai-project" => "proj-shed")
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
        next json(fixture("openai/good")) if request.path == "/openai/elsewhere"

        redirect(to: "#{server.url("openai")}/elsewhere")
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
        "status" => "refreshed", "count" => 14, "added" => 14, "removed" => 0,
        "changed" => 0, "kept" => 0, "rejected" => 0, "attempts" => 1
      )
    end
  end

  describe "when nothing has changed" do
    it "sends back the metadata source's ETag and takes a 304 for the answer it had" do
      registry.refresh!
      before = registry.catalog.content_hash
      registry.refresh!

      expect(server.requests("models_dev").map { |request| request.headers["if-none-match"] })
        .to eq([nil, ReplayServer::MODELS_DEV_ETAG])
      expect(outcome(:models_dev))
        .to have_attributes(status: :unchanged, added: 0, removed: 0, changed: 0, kept: 0, error: nil)
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
      expect(outcome(:openai))
        .to have_attributes(status: :refreshed, count: registry.by_provider("openai").size, added: 0, removed: 0)
      expect(outcome(:models_dev)).to have_attributes(status: :unchanged, count: stated)
    end

    it "always merges when it is given no catalog" do
      registry.refresh!
      before = registry.catalog
      run_class = RubyLLM::Native.const_get(:Run)
      plan = RubyLLM::Native.const_get(:Plan).new(config, only: nil, remote_only: false, timeout: nil)
      sheets = plan.asked.to_h { |slug| [slug, sheet(slug, whole(slug))] }
      finish = lambda do |catalog|
        run = run_class.open(before: catalog, now: Time.now.to_i, **plan.keywords(sheets))
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

    it "treats a 304 that it did not ask for as a failure" do
      registry.refresh!
      server.on("openai", status(304))
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, http_status: 304, kept: 12)
    end
  end

  describe "what is not a fact" do
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
        provider.merge(
          "doc" => "https://elsewhere.example",
          "models" => provider["models"].to_a.reverse.to_h.transform_values { |row| row.to_a.reverse.to_h }
        )
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

  describe "rows that are no models" do
    # By source: how many of its broken rows are not models.
    {
      "openai" => 7, "anthropic" => 5, "gemini" => 6, "mistral" => 5, "deepseek" => 4, "xai" => 4, "ollama" => 4
    }.each do |source, broken|
      it "cost #{source} themselves and nothing else" do
        registry.refresh!
        before = listed(source)
        server.on(source, json(listing(source, all_rows(source) + all_rows(source) + rows(source, "broken_rows"))))
        registry.refresh!

        expect(outcome(source)).to have_attributes(status: :refreshed, rejected: broken, rejection: String)
        expect(listed(source)).to include(*before)
      end
    end

    it "cost the metadata source themselves and nothing else" do
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

    it "are gone when only the metadata source stated them" do
      registry.refresh!
      server.on("models_dev", json({openai: {models: {"gpt-4.1": {name: "GPT-4.1"}}}}))
      registry.refresh!

      expect(registry["gpt-5.4"]).to be_nil
      expect(registry.unlisted).to be_empty
    end
  end
end
