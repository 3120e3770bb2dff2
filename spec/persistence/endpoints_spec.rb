# frozen_string_literal: true

require "ruby_llm_native"
require_relative "../support/persistence_context"

RSpec.describe "The rows of endpoints" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      def listing(*ids)
        json({object: "list", data: ids.map { |id| {id: id, object: "model"} }})
      end

      def documented(**providers)
        providers.to_h do |slug, models|
          rows = models.to_h { |id, facts| [id, {id: id, name: id.to_s.upcase, **facts}] }
          [slug, {id: slug, name: slug, models: rows}]
        end
      end

      def endpoint(name, **options)
        RubyLLM.config.endpoint name, base_url: server.url(name), api_key: "sk-#{name}", **options
      end

      # @return [Hash{String => Boolean}]
      def rows
        LLMModel.order(:provider, :model_id).pluck(:provider, :model_id, :available)
          .to_h { |provider, id, available| ["#{provider} #{id}", available] }
      end

      before do
        RubyLLM.config.openai_api_key = nil
        server.on("models_dev", json({}))
      end

      describe "known ones and one of the app's own" do
        before do
          endpoint :groq
          endpoint :acme
          server.on("groq", listing("llama"))
          server.on("acme", listing("house"))
          server.on("models_dev", json(documented(
            groq: {llama: {limit: {context: 8000}}, whisper: {}, gone: {status: "deprecated"}},
            "fireworks-ai": {big: {}}, mistral: {large: {}}
          )))
        end

        it "are available where they are listed, or documented by a configured provider and not retired" do
          LLMModel.sync!

          expect(rows).to eq("acme house" => true, "groq gone" => false, "groq llama" => true, "groq whisper" => true,
            "mistral large" => false)
          expect(row("llama")).to have_attributes(name: "LLAMA", context_window: 8000,
            metadata: include("endpoints" => ["groq"], "origins" => include("name" => "models_dev")))
          expect(%w[house whisper].map { |id| row(id).metadata["endpoints"] }).to eq([["acme"], []])
        end

        it "are never deleted when an endpoint drops them, and come back" do
          LLMModel.sync!
          server.on("acme", listing("other"))
          expect(counts(LLMModel.sync!)).to eq(inserted: 1, made_unavailable: 1, unchanged: 4)
          expect(row("house")).to have_attributes(available: false, unavailable_since: be_within(60).of(Time.now))

          server.on("acme", listing("other", "house"))
          expect(counts(LLMModel.sync!)).to include(restored: 1)
        end

        it "stay as they are when the endpoint fails, or is no longer there" do
          LLMModel.sync!
          before = contents
          server.on("acme", status(503))
          expect(counts(LLMModel.sync!)).to eq(unchanged: 4)
          RubyLLM.config.defined_endpoints = RubyLLM.config.defined_endpoints.except("acme")
          LLMModel.sync!

          expect(contents).to eq(before)
        end

        it "of a documented provider that nobody configures are not available when they are new" do
          RubyLLM.config.documented_providers = [:fireworks]
          LLMModel.sync!

          expect(rows).to include("fireworks_ai big" => false)
          expect(LLMModel.for_provider(:fireworks).pluck(:model_id)).to eq(%w[big])
          expect(LLMModel.for_provider("Fireworks-AI", :acme).pluck(:model_id)).to contain_exactly("big", "house")
        end

        it "that are listed to nobody any longer are not available when they are new" do
          LLMModel.sync!
          LLMModel.delete_all
          RubyLLM.config.defined_endpoints = RubyLLM.config.defined_endpoints.except("acme")
          LLMModel.sync!

          expect(rows).to include("acme house" => false)
        end
      end

      describe "of one provider" do
        before do
          endpoint :lab, provider: :acme
          endpoint :lab_eu, provider: :acme
          server.on("lab", listing("both", "here"))
          server.on("lab_eu", listing("both", "there"))
          LLMModel.sync!
        end

        it "are one row for each model" do
          expect(rows).to eq("acme both" => true, "acme here" => true, "acme there" => true)
          expect(%w[both here there].map { |id| row(id).metadata["endpoints"] })
            .to eq([%w[lab lab_eu], %w[lab], %w[lab_eu]])
        end

        it "become unavailable when the last of them drops the model" do
          server.on("lab", listing("here"))
          expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 2)
          expect(row("both").metadata["endpoints"]).to eq(%w[lab_eu])

          server.on("lab_eu", listing("there"))
          expect(counts(LLMModel.sync!)).to eq(made_unavailable: 1, unchanged: 2)
          expect(rows["acme both"]).to be(false)
        end

        it "follow the one that answers while the other fails, whose part stays" do
          server.on("lab", status(503))
          server.on("lab_eu", listing("both"))
          expect(counts(LLMModel.sync!)).to eq(made_unavailable: 1, unchanged: 2)
          expect(rows).to eq("acme both" => true, "acme here" => true, "acme there" => false)
        end

        it "that no source knows stay until all endpoints have answered" do
          LLMModel.create!(provider: "acme", model_id: "older", name: "Older", available: true)
          server.on("lab", status(503))
          LLMModel.sync!
          expect(rows["acme older"]).to be(true)
          LLMModel.sync!(only: :lab_eu)
          expect(rows["acme older"]).to be(true)

          server.on("lab", listing("both", "here", "new"))
          LLMModel.sync!
          expect(rows["acme older"]).to be(false)
        end

        it "stay as they are when none answers, whatever others say" do
          before = contents
          endpoint :groq
          server.on("groq", listing("llama"))
          %w[lab lab_eu].each { |name| server.on(name, status(503)) }
          server.on("models_dev", json(documented(acme: {both: {limit: {context: 5}}})))
          expect(counts(LLMModel.sync!)).to eq(inserted: 1)

          expect(contents.first(3)).to eq(before)
        end
      end

      describe "of which only some are asked" do
        before do
          endpoint :groq
          endpoint :acme
          server.on("groq", listing("llama"))
          server.on("acme", listing("house"))
        end

        it "are asked alone, and no others change" do
          LLMModel.sync!
          server.on("groq", listing("other"))
          server.on("acme", listing("other"))
          expect(counts(LLMModel.sync!(only: %w[Groq]))).to eq(inserted: 1, made_unavailable: 1)

          expect(rows).to eq("acme house" => true, "groq llama" => false, "groq other" => true)
          expect(%w[groq acme models_dev].map { |name| server.requests(name).size }).to eq([2, 1, 1])
        end

        it "are work of their own, which a sync of all does not take for its own" do
          works = [{only: :groq}, {only: ["GROQ"]}, {only: %i[acme groq]}, {only: %w[groq acme]}, {}].map do |options|
            LLMModel.sync!(**options)
            store.lease.work
          end
          expect(works.tally.values).to eq([2, 2, 1])

          theirs = store.claim(60, works.first)
          waiting = Thread.new { LLMModel.sync!(skip_if_running: true) }
          sleep(0.05) until waiting.status == "sleep"
          store.release(theirs)
          expect(waiting.value).to have_attributes(joined?: false, skipped?: false)
        end

        it "must be known, or nobody is asked and no lease is taken" do
          expect { LLMModel.sync!(only: :grok) }
            .to raise_error(ArgumentError, /\AUnknown source: grok \(known: openai,/)
          expect([store.lease, server.requests("groq")]).to eq([nil, []])
        end
      end
    end
  end
end
