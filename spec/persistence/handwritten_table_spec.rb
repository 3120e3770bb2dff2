# frozen_string_literal: true

require_relative "../spec_helper"
require_relative "../support/persistence_context"
require_relative "../support/subprocess"

# The table that apps have made by hand: without a registry's, and without the columns that the generator adds.
RSpec.describe "acts_as_llm_model on a table made by hand" do
  include PersistenceHelpers

  def anthropic(*ids)
    rows = ids.map { |id| {type: "model", id: id, display_name: id.capitalize, created_at: "2025-10-01T00:00:00Z"} }
    json({data: rows, has_more: false})
  end

  def configure(**options)
    RubyLLM.configure { |config| options.each { |name, value| config.public_send(:"#{name}=", value) } }
  end

  def create_table(primary_key: :primary_key)
    database = ActiveRecord::Base.connection
    mysql = %w[Trilogy Mysql2].include?(database.adapter_name)
    database.create_table(:llm_models, force: true, id: primary_key) do |table|
      table.string :model_id, null: false, **(mysql ? {collation: "utf8mb4_bin"} : {})
      table.string :name, null: false
      table.string :provider, null: false
      table.boolean :available, default: false
      table.boolean :is_default, default: false
      table.datetime :last_synced_at
      table.integer :context_window
      table.integer :max_output_tokens
      table.column :metadata, (database.adapter_name == "PostgreSQL") ? :jsonb : :json, **(mysql ? {} : {default: {}})
      table.string :note
      table.timestamps
      table.index %i[provider model_id], unique: true
    end
  end

  def writes
    Databases.statements { yield }.grep_v(/\A\s*SELECT/i)
  end

  let!(:server) { ReplayServer.start }

  before do
    configure(openai_api_key: "sk-openai", openai_api_base: server.url("openai"), anthropic_api_key: "sk-anthropic",
      anthropic_api_base: server.url("anthropic"),
      models_dev_url: "#{server.url("models_dev")}/api.json", refresh_retries: 0)
    server.on("openai", openai("gpt-4.1", "o4-mini"))
    server.on("anthropic", anthropic("claude-opus-4-5"))
    server.on("models_dev", models_dev)
  end

  after { server.stop }

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "on a database", database

      before do
        create_table
        stub_const("LLMModel", Class.new(ActiveRecord::Base) do
          self.table_name = "llm_models"
          acts_as_llm_model
        end)
      end

      it "inserts every model of the registry on the first sync" do
        result = LLMModel.sync!

        expect(counts(result)).to eq(inserted: 4)
        expect(result.report[:openai]).to have_attributes(status: :refreshed, count: 2)
        expect(row("gpt-4.1")).to have_attributes(
          provider: "openai", name: "GPT-4.1", available: true,
          is_default: false, context_window: 1_047_576, max_output_tokens: 32_768,
          last_synced_at: be_within(60).of(Time.now), created_at: be_within(60).of(Time.now), note: nil
        )
        expect(row("gpt-4.1").metadata).to include(
          "family" => "gpt", "type" => "chat", "modalities" => {"input" => %w[text image], "output" => %w[text]},
          "capabilities" => include("function_calling"),
          "pricing" => {
            "text_tokens" => {"standard" => {"input_per_million" => 2, "output_per_million" => 8}},
            "prices" => contain_exactly(
              include("meter" => "input", "amount" => "2"), include("meter" => "output", "amount" => "8")
            )
          }
        )
      end

      it "offers what providers list, and what is only documented if its provider is configured" do
        LLMModel.sync!
        expect(available).to eq(%w[claude-opus-4-5 gpt-4.1 o4-mini])

        configure(mistral_api_key: "sk-mistral", mistral_api_base: server.url("mistral"))
        server.on("mistral", json({object: "list", data: [{id: "codestral-2508"}]}))
        expect(counts(LLMModel.sync!)).to eq(inserted: 1, restored: 1, unchanged: 3)
        expect(available).to eq(%w[claude-opus-4-5 codestral-2508 gpt-4.1 mistral-large-latest o4-mini])
      end

      it "writes nothing when nothing has changed, and reads with one statement" do
        LLMModel.sync!
        before = contents
        sent = Databases.statements { expect(counts(LLMModel.sync!)).to eq(unchanged: 4) }

        expect(sent).to contain_exactly(start_with("SELECT"))
        expect(contents).to eq(before)
      end

      it "writes only the rows that differ, with one statement" do
        LLMModel.sync!
        server.on("models_dev", models_dev(input_price: 1.5))
        before = contents

        expect(writes { expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 3) })
          .to contain_exactly(start_with("UPDATE"))
        expect(row("gpt-4.1").metadata.dig("pricing", "text_tokens", "standard", "input_per_million")).to eq(1.5)
        expect((contents - before).map { |changed| changed["model_id"] }).to eq(["gpt-4.1"])
      end

      it "marks a model that went away unavailable, deletes nothing, and takes it back" do
        LLMModel.sync!
        server.on("openai", openai("gpt-4.1"))

        expect(writes { expect(counts(LLMModel.sync!)).to eq(made_unavailable: 1, unchanged: 3) })
          .to contain_exactly(start_with("UPDATE"))
        expect(LLMModel.count).to eq(4)
        expect(row("o4-mini")).to have_attributes(available: false, name: "o4-mini")

        server.on("openai", openai("gpt-4.1", "o4-mini"))
        expect(counts(LLMModel.sync!)).to eq(restored: 1, unchanged: 3)
        expect(row("o4-mini").available).to be(true)
      end

      it "keeps availability in line with the registry for rows that are not selected" do
        server.on("openai", openai("gpt-4.1", "text-embedding-3-small"))
        LLMModel.sync!
        server.on("openai", openai("gpt-4.1"))
        expect(counts(LLMModel.sync!(&:chat_models))).to include(made_unavailable: 1)
        server.on("openai", openai("gpt-4.1", "text-embedding-3-small"))
        expect(counts(LLMModel.sync!(&:chat_models))).to include(restored: 1)
        expect(available).to include("text-embedding-3-small")
      end

      it "keeps only what the block selects" do
        server.on("openai", openai("gpt-4.1", "text-embedding-3-small"))
        LLMModel.sync! { |models| models.by_provider(:openai).chat_models }

        expect(LLMModel.pluck(:model_id)).to eq(["gpt-4.1"])
      end

      it "leaves the rows of a provider that failed as they are" do
        LLMModel.sync!
        LLMModel.where(provider: "openai").update_all(name: "Mine", available: false)
        before = contents
        server.on("openai", status(500))
        server.on("anthropic", anthropic("claude-opus-4-5", "claude-sonnet-5"))

        result = LLMModel.sync!
        expect(result.report[:openai].status).to eq(:failed)
        expect(counts(result)).to eq(inserted: 1, unchanged: 2)
        expect(contents.first(4)).to eq(before)
      end

      it "marks what went away while no process remembered the listing" do
        LLMModel.sync!
        server.on("openai", openai("gpt-4.1"))
        RubyLLM.models.forget! # as a scheduled process starts

        expect(counts(LLMModel.sync!)).to include(made_unavailable: 1)
        expect(row("o4-mini").available).to be(false)
      end

      it "leaves rows of providers that it does not ask as they are" do
        LLMModel.create!(
          provider: "house", model_id: "tuned", name: "Our own", available: true, metadata: {"team" => "search"}
        )
        before = row("tuned").attributes
        LLMModel.sync!

        expect(row("tuned").attributes).to eq(before)
      end

      it "raises when all providers failed, and does not touch the table" do
        LLMModel.sync!
        before = contents
        %w[openai anthropic].each { |source| server.on(source, status(500)) }

        sent = Databases.statements { expect { LLMModel.sync! }.to raise_error(RubyLLM::Native::RefreshError) }
        expect(sent).to be_empty
        expect(contents).to eq(before)
      end

      it "holds no transaction of its own while providers answer" do
        expect(transaction_open_while_openai_answers { LLMModel.sync! }).to be(false)
      end

      it "never writes is_default, the app's columns and keys of metadata, and created_at" do
        LLMModel.sync!
        born = Time.utc(2025, 1, 1)
        row("gpt-4.1").tap { |model| model.metadata["tags"] = {"team" => 7} }.update!(
          is_default: true, note: "ours", created_at: born
        )
        id = row("gpt-4.1").id
        expect(counts(LLMModel.sync!)).to eq(unchanged: 4)

        server.on("models_dev", models_dev(input_price: 3))
        LLMModel.sync!
        expect(row("gpt-4.1")).to have_attributes(id: id, is_default: true, note: "ours", created_at: born)
        expect(row("gpt-4.1").metadata).to include("tags" => {"team" => 7})
        expect(row("gpt-4.1").metadata.dig("pricing", "text_tokens", "standard", "input_per_million")).to eq(3)
      end

      it "saves models in hand without asking anyone and without marking others" do
        RubyLLM.models.refresh!
        LLMModel.create!(provider: "openai", model_id: "gpt-3", name: "GPT-3", available: true)
        asked = server.requests("openai").size

        result = LLMModel.save_models(RubyLLM.models.by_provider(:openai))
        expect(counts(result)).to eq(inserted: 2)
        expect(result.report).to be_nil
        expect(available).to eq(%w[gpt-3 gpt-4.1 o4-mini])
        expect(server.requests("openai").size).to eq(asked)
      end

      it "writes thousands of rows in slices of 500" do
        server.on("openai", openai(*(1..1200).map { |number| "gpt-#{number}" }))

        expect(writes { expect(LLMModel.sync!(only: %i[openai]).inserted).to eq(1200) }.size).to eq(3)
        server.on("openai", openai("gpt-1"))
        expect(writes { expect(LLMModel.sync!(only: %i[openai]).made_unavailable).to eq(1199) }.size).to eq(3)
      end

      it "works with a table that has only the required columns" do
        ActiveRecord::Base.connection.change_table(:llm_models) do |table|
          table.remove :metadata, :context_window, :max_output_tokens, :last_synced_at, :created_at, :updated_at
        end
        LLMModel.reset_column_information

        expect(counts(LLMModel.sync!)).to eq(inserted: 4)
        expect(counts(LLMModel.sync!)).to eq(unchanged: 4)
      end

      it "makes uuid keys where the database does not" do
        create_table(primary_key: (database.name == "PostgreSQL") ? :uuid : :string)
        LLMModel.reset_column_information
        LLMModel.sync!
        ids = LLMModel.order(:model_id).ids
        server.on("models_dev", models_dev(input_price: 3))

        expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 3)
        expect(LLMModel.order(:model_id).ids).to eq(ids).and(all(match(/\A\h{8}-\h{4}-\h{4}-\h{4}-\h{12}\z/)))
      end

      it "sees and writes all rows whatever the default scope" do
        LLMModel.sync!
        server.on("openai", openai("gpt-4.1"))
        LLMModel.sync!
        LLMModel.class_eval { default_scope { where(available: true, note: "shown") } }

        expect(counts(LLMModel.sync!)).to eq(unchanged: 3)
        expect(LLMModel.unscoped.where(note: "shown")).to be_empty
      end

      # The job as applications write it by hand today: find or build a row, keep the model as metadata, mark what was
      # not found.
      it "serves a hand-written job unchanged" do
        job = lambda do
          RubyLLM.models.refresh!
          found = RubyLLM.models.chat_models.filter_map do |model|
            record = LLMModel.find_or_initialize_by(provider: model.provider, model_id: model.id)
            record.assign_attributes(name: model.name, context_window: model.context_window,
              max_output_tokens: model.max_output_tokens,
              metadata: model.to_h, available: true, last_synced_at: Time.now)
            record.id if record.save
          end
          LLMModel.where.not(id: found).update_all(available: false)
        end

        job.call
        expect(available).to eq(%w[claude-opus-4-5 gpt-4.1 mistral-large-latest o4-mini])
        expect(row("gpt-4.1")).to have_attributes(name: "GPT-4.1", context_window: 1_047_576)
        expect(row("gpt-4.1").metadata).to include("id" => "gpt-4.1", "family" => "gpt")

        server.on("openai", openai("gpt-4.1"))
        job.call
        expect(available).to eq(%w[claude-opus-4-5 gpt-4.1 mistral-large-latest])

        # The table can be handed over to sync! as it is: the job's keys of metadata stay beside ours.
        expect(LLMModel.sync!.inserted).to eq(0)
        expect(row("gpt-4.1").metadata).to include("id" => "gpt-4.1", "status" => nil)
      end
    end
  end

  [%w[active_record ruby_llm_native], %w[ruby_llm_native active_record]].each do |first, second|
    it "is there when #{first} is loaded before #{second}" do
      program = <<~RUBY
        require "#{first}"
        require "#{second}"
        ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ":memory:")
        class LLMModel < ActiveRecord::Base
          acts_as_llm_model
        end
        print LLMModel.respond_to?(:sync!)
      RUBY
      expect(Subprocess.capture(program).first).to eq("true")
    end
  end
end
