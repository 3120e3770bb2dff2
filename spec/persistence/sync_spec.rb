# frozen_string_literal: true

require "json"
require "logger"
require "ruby_llm_native"
require "stringio"
require "tmpdir"
require_relative "../support/persistence_context"

RSpec.describe "LLMModel.sync! on a table with all columns" do
  def writes(&block)
    Databases.statements(&block).grep_v(/\A\s*SELECT/i)
  end

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      it "writes every fact to its column, prices to the last digit" do
        server.on("models_dev", models_dev(input_price: "0.1234567891"))
        expect(counts(LLMModel.sync!)).to eq(inserted: 3)

        expect(row("gpt-4.1")).to have_attributes(
          provider: "openai", name: "GPT-4.1", available: true, is_default: false,
          family: "gpt", model_type: "chat", context_window: 1_047_576,
          max_output_tokens: 32_768, output_price: BigDecimal(8),
          unavailable_since: nil, fingerprint: match(/\A\h{40}\z/),
          last_synced_at: be_within(60).of(Time.now), created_at: be_within(60).of(Time.now), note: nil
        )
        expect(row("o4-mini")).to have_attributes(name: "o4-mini", input_price: nil, context_window: nil)
        expect(row("gpt-4.1").metadata).to include(
          "family" => "gpt", "type" => "chat",
          "modalities" => {"input" => %w[text image], "output" => %w[text]}, "status" => nil,
          "capabilities" => include("function_calling"),
          "origins" => include("family" => "models_dev", "created_at" => "openai"),
          "stated" => include("openai" => {"owned_by" => "system"})
        )
      end

      it "takes six statements when nothing has changed" do
        LLMModel.sync!
        before = contents
        sent = Databases.statements { expect(counts(LLMModel.sync!)).to eq(unchanged: 3) }

        # Taking the lease (two); is there something newer; the registry's time; all rows; giving the lease back.
        expect(sent).to match([
          /\ASELECT.*lease_token/, /\AUPDATE.*lease_token/, /\ASELECT.*stamp/,
          /\AUPDATE.*stamp/, /\ASELECT.*fingerprint/, /\AUPDATE.*lease_token/
        ])
        expect(sent[4]).not_to match(/metadata|context_window/)
        expect(contents).to eq(before)
      end

      it "looks at each row alike, whether the models are all of a registry, a view, or a list" do
        LLMModel.sync!
        spoil = lambda do
          LLMModel.delete_all
          LLMModel.save_models(RubyLLM.models)
          LLMModel.where(model_id: "o4-mini").update_all(available: false)
          LLMModel.where(provider: "mistral").update_all(fingerprint: "0" * 40)
          LLMModel.create!(provider: "openai", model_id: "gone", name: "Gone", available: true)
        end
        models = RubyLLM.models
        results = [models, models.view, models.to_a, models.by_provider(:openai), models.by_provider(:openai).to_a]
        results.map! do |list|
          spoil.call
          [counts(LLMModel.save_models(list)), LLMModel.order(:model_id).pluck(:model_id, :available, :fingerprint)]
        end

        expect(results.first.first).to eq(updated: 1, restored: 1, unchanged: 1)
        expect(results[1..2]).to all(eq(results.first))
        expect(results[3].first).to eq(restored: 1, unchanged: 1)
        expect(results[4]).to eq(results[3])
      end

      it "recognizes an unchanged row by its fingerprint alone, and rewrites it when that is gone" do
        LLMModel.sync!
        LLMModel.update_all(name: "Mine")
        expect(counts(LLMModel.sync!)).to eq(unchanged: 3)

        LLMModel.where(model_id: "gpt-4.1").update_all(fingerprint: nil)
        expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 2)
        expect(row("gpt-4.1").name).to eq("GPT-4.1")
      end

      it "rewrites all rows when the table gets another column of ours" do
        ActiveRecord::Base.connection.remove_column(:llm_models, :family)
        LLMModel.reset_column_information
        LLMModel.sync!
        ActiveRecord::Base.connection.add_column(:llm_models, :family, :string)
        LLMModel.reset_column_information

        expect(counts(LLMModel.sync!)).to eq(updated: 3)
        expect(row("gpt-4.1").family).to eq("gpt")
      end

      it "keeps the application's columns and keys of metadata" do
        LLMModel.sync!
        row("gpt-4.1").tap { |model| model.metadata["tags"] = {"team" => 7} }.update!(is_default: true, note: "ours")
        server.on("models_dev", models_dev(input_price: 3))

        expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 2)
        expect(row("gpt-4.1")).to have_attributes(
          is_default: true, note: "ours", input_price: 3, metadata: include("tags" => {"team" => 7})
        )
        expect(row("gpt-4.1").metadata.dig("pricing", "text_tokens", "standard", "input_per_million")).to eq(3)
      end

      it "keeps a key that was written after the rows were read" do
        LLMModel.sync!
        server.on("models_dev", models_dev(input_price: 3))
        tagged = false
        tag = lambda do |*, event|
          next if tagged || !event[:sql].match?(/\ASELECT.*fingerprint/)

          tagged = true
          row("gpt-4.1").tap { |model| model.metadata["tags"] = ["late"] }.save!
        end
        ActiveSupport::Notifications.subscribed(tag, "sql.active_record") { LLMModel.sync! }

        expect(row("gpt-4.1")).to have_attributes(input_price: 3, metadata: include("tags" => ["late"]))
      end

      it "writes since when a model is unavailable, and no longer when it is back" do
        LLMModel.sync!
        server.on("openai", openai("gpt-4.1"))
        expect(counts(LLMModel.sync!)).to eq(made_unavailable: 1, unchanged: 2)
        since = row("o4-mini").unavailable_since
        expect(row("o4-mini")).to have_attributes(available: false, unavailable_since: be_within(60).of(Time.now))

        expect(counts(LLMModel.sync!)).to eq(unchanged: 2)
        expect(row("o4-mini").unavailable_since).to eq(since)

        server.on("openai", openai("gpt-4.1", "o4-mini"))
        expect(counts(LLMModel.sync!)).to eq(restored: 1, unchanged: 2)
        expect(row("o4-mini")).to have_attributes(available: true, unavailable_since: nil)
        expect(row("mistral-large-latest")).to have_attributes(available: false, unavailable_since: nil) # never was
      end

      it "reports that a default is no longer available" do
        LLMModel.sync!
        row("o4-mini").make_default!
        server.on("openai", openai("gpt-4.1"))
        log = StringIO.new
        RubyLLM.config.logger = Logger.new(log)
        events = []
        listener = ->(*, payload) { events << payload }
        result = ActiveSupport::Notifications.subscribed(listener, "lost_default.ruby_llm_native") { LLMModel.sync! }

        expect(result.lost_defaults).to eq([{provider: "openai", model_id: "o4-mini"}])
        expect(result.to_s).to end_with("defaults that are no longer available: openai/o4-mini")
        expect(log.string).to match(%r{ERROR.*LLMModel: the default openai/o4-mini is no longer available})
        expect(events).to eq([{model_class: "LLMModel", provider: "openai", model_id: "o4-mini"}])
        expect(row("o4-mini").is_default).to be(true)
        expect(LLMModel.sync!.lost_defaults).to be_empty
      end

      it "saves the models of providers without credentials as not available, or leaves them out" do
        expect(LLMModel.sync!(configured_only: true).inserted).to eq(2)
        expect(LLMModel.pluck(:model_id)).to contain_exactly("gpt-4.1", "o4-mini")
        expect(LLMModel.sync!.inserted).to eq(1)
        expect(available).to eq(%w[gpt-4.1 o4-mini])
      end

      it "keeps what is available when the credentials are gone" do
        LLMModel.sync!
        RubyLLM.config.openai_api_key = nil

        expect(counts(LLMModel.sync!)).to eq(unchanged: 3)
        expect(available).to eq(%w[gpt-4.1 o4-mini])
      end

      it "fills a new table although every source answers that nothing is new" do
        server.on("openai", openai("gpt-4.1", "o4-mini", etag: '"one"'))
        server.on("models_dev", models_dev(etag: '"two"'))
        LLMModel.sync!
        LLMModel.delete_all
        result = LLMModel.sync!

        expect(result.report.select(&:asked?).map(&:status)).to eq(%i[unchanged unchanged])
        expect(counts(result)).to eq(inserted: 3)
        expect(available).to eq(%w[gpt-4.1 o4-mini])
      end

      it "fills a new table although a provider fails, from its last answer" do
        RubyLLM.configure do |config|
          config.mistral_api_key = "sk-mistral"
          config.mistral_api_base = server.url("mistral")
        end
        server.on("mistral", json({object: "list", data: [{id: "codestral-2508"}]}))
        LLMModel.sync!
        LLMModel.delete_all
        server.on("openai", status(500))
        result = LLMModel.sync!

        expect(result.report[:openai].status).to eq(:failed)
        expect(counts(result)).to eq(inserted: 4)
        expect(available).to eq(%w[codestral-2508 gpt-4.1 mistral-large-latest o4-mini])
      end

      describe "with two endpoints of a provider" do
        before do
          RubyLLM.configure do |config|
            config.endpoint :openai_b, provider: :openai, base_url: server.url("openai_b"), api_key: "sk-b"
          end
          server.on("openai_b", openai("gpt-4.1", "gpt-b"))
          LLMModel.sync!
        end

        it "offers what either lists, until both have dropped it" do
          expect(available).to eq(%w[gpt-4.1 gpt-b o4-mini])
          server.on("openai", openai("gpt-5"))
          expect(counts(LLMModel.sync!)).to include(inserted: 1, made_unavailable: 1)
          expect(available).to eq(%w[gpt-4.1 gpt-5 gpt-b])
        end

        it "goes by the one that answers when the other one fails" do
          LLMModel.where(model_id: "o4-mini").update_all(available: false)
          server.on("openai_b", status(503))
          server.on("openai", openai("o4-mini", "gpt-5"))
          LLMModel.sync!
          expect(available).to eq(%w[gpt-4.1 gpt-5 gpt-b o4-mini])
        end

        it "goes by the one that is asked" do
          server.on("openai_b", openai("gpt-b", "gpt-c"))
          RubyLLM.models.refresh!(only: :openai_b)
          LLMModel.save_models(RubyLLM.models)
          expect(available).to eq(%w[gpt-4.1 gpt-b gpt-c o4-mini])
        end
      end

      it "marks nothing unavailable by a registry file" do
        LLMModel.sync!
        Dir.mktmpdir do |folder|
          path = File.join(folder, "models.json")
          File.write(path, JSON.generate([{id: "gpt-4.1", name: "GPT-4.1", provider: "openai"}]))
          LLMModel.save_models(RubyLLM.models.load_from_json(path))
        end

        expect(available).to eq(%w[gpt-4.1 o4-mini])
      end

      it "shows the refresh and the counts" do
        expect(LLMModel.sync!.to_s.lines.map(&:chomp)).to include(start_with("openai  ")).and(
          end_with("3 inserted, 0 updated, 0 unchanged, 0 restored, 0 made unavailable")
        )
      end

      it "cuts a name that is too long for its column" do
        ActiveRecord::Base.connection.change_column(:llm_models, :name, :string, limit: 6, null: false)
        LLMModel.reset_column_information

        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
        expect(row("gpt-4.1").name).to eq("GPT-4.")
        expect(counts(LLMModel.sync!)).to eq(unchanged: 3)
      end

      it "takes over a row that another writer has made after the table was read" do
        known = RubyLLM.models.refresh!.to_a
        late = Enumerator.new do |models|
          Thread.new { LLMModel.create!(provider: "openai", model_id: "o4-mini", name: "another's", note: "kept") }.join
          known.each { |model| models << model }
        end
        LLMModel.save_models(late)

        expect(LLMModel.order(:model_id).pluck(:model_id)).to eq(%w[gpt-4.1 mistral-large-latest o4-mini])
        expect(row("o4-mini"))
          .to have_attributes(name: "o4-mini", note: "kept", available: true, fingerprint: match(/\A\h{40}\z/))
        expect(counts(LLMModel.save_models(known))).to eq(unchanged: 3)
      end

      it "writes texts as they are, whatever they mean to a database" do
        hostile = "it's a \\' \"name\" -- ?, \u2028 %s \\"
        LLMModel.save_models(RubyLLM.models.refresh!.to_a)
        LLMModel.delete_all
        server.on(
          "models_dev",
          json({openai: {models: {"gpt-4.1": {id: "gpt-4.1", name: hostile, family: "o'gpt\\", extra: hostile}}}})
        )
        LLMModel.sync!

        expect(row("gpt-4.1"))
          .to have_attributes(name: hostile, family: "o'gpt\\", metadata: include("family" => "o'gpt\\"))
      end

      it "says of which class its rows are where several share the table" do
        ActiveRecord::Base.connection.add_column(:llm_models, :type, :string)
        LLMModel.reset_column_information
        stub_const("HostedModel", Class.new(LLMModel))
        HostedModel.sync!

        expect(HostedModel.pluck(:model_id, :type)).to include(["gpt-4.1", "HostedModel"])
        expect(counts(HostedModel.sync!)).to eq(unchanged: 3)
      end

      it "asks for the unique index that it needs" do
        ActiveRecord::Base.connection.remove_index(:llm_models, %i[provider model_id])
        LLMModel.reset_column_information

        expect { LLMModel.sync! }
          .to raise_error(RubyLLM::Native::Error, "llm_models needs a unique index on model_id and provider")
        expect(LLMModel.count).to eq(0)
      end

      it "accepts the unique index with its columns in any order" do
        ActiveRecord::Base.connection.remove_index(:llm_models, %i[provider model_id])
        ActiveRecord::Base.connection.add_index(:llm_models, %i[model_id provider], unique: true)
        LLMModel.reset_column_information

        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
      end

      it "asks nobody when the table is missing" do
        ActiveRecord::Base.connection.drop_table(:llm_models)
        LLMModel.reset_column_information

        expect { LLMModel.sync! }.to raise_error(ActiveRecord::StatementInvalid, /llm_models/)
        expect(server.requests("openai")).to be_empty
      end

      it "works without a lease if there is no table for it" do
        ActiveRecord::Base.connection.drop_table(:llm_registries)
        LLMRegistry.reset_column_information
        RubyLLM.config.logger = Logger.new(StringIO.new)

        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
      end

      describe "with a map of columns" do
        before do
          ActiveRecord::Base.connection.change_table(:llm_models) do |table|
            table.rename :model_id, :slug
            table.rename :available, :enabled
            table.rename :metadata, :facts
          end
          stub_const("House", Class.new(ActiveRecord::Base) { self.table_name = "llm_models" })
          House.acts_as_llm_model columns: {
            model_id: :slug, available: :enabled, metadata: :facts, last_synced_at: nil, fingerprint: nil
          }
        end

        it "writes to the application's columns, and none that is not ours" do
          expect(counts(House.sync!)).to eq(inserted: 3)
          expect(House.available.pluck(:slug)).to contain_exactly("gpt-4.1", "o4-mini")
          expect(House.find_by!(slug: "gpt-4.1")).to have_attributes(
            enabled: true, last_synced_at: nil, fingerprint: nil,
            facts: include("type" => "chat"), context_window: 1_047_576
          )
          expect(House.supporting(:vision).pluck(:slug)).to eq(["gpt-4.1"])
          expect(House.find_by!(slug: "gpt-4.1").to_llm.id).to eq("gpt-4.1")
        end

        it "compares all columns if there is no fingerprint" do
          House.sync!
          expect(counts(House.sync!)).to eq(unchanged: 3)

          House.where(slug: "gpt-4.1").update_all(name: "Mine")
          expect(counts(House.sync!)).to eq(updated: 1, unchanged: 2)
          server.on("openai", openai("gpt-4.1"))
          expect(counts(House.sync!)).to eq(made_unavailable: 1, unchanged: 2)
          expect(House.find_by!(slug: "o4-mini"))
            .to have_attributes(enabled: false, unavailable_since: be_within(60).of(Time.now))
        end

        it "rejects what is not a column of ours, and a table that lacks one" do
          expect { House.acts_as_llm_model columns: {modelid: :slug} }
            .to raise_error(ArgumentError, /Unknown columns: modelid/)
          expect { House.acts_as_llm_model columns: {provider: nil} }
            .to raise_error(ArgumentError, /needs the columns provider/)
          House.acts_as_llm_model columns: {model_id: :slug}
          expect { House.sync! }.to raise_error(RubyLLM::Native::Error, /llm_models has no column available/)
        end
      end
    end
  end
end
