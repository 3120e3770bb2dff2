# frozen_string_literal: true

require "ruby_llm_native"
require_relative "../support/persistence_context"

RSpec.describe "A row of LLMModel" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      before do
        server.on("openai", openai("gpt-4.1", "o4-mini", "text-embedding-3-small", "gpt-image-1", "whisper-1"))
        LLMModel.sync!
      end

      def ids(scope)
        scope.order(:model_id).pluck(:model_id)
      end

      it "is found by type, provider, availability and what it supports, and scopes chain" do
        expect(ids(LLMModel.chat)).to eq(%w[gpt-4.1 mistral-large-latest o4-mini])
        expect(ids(LLMModel.embedding)).to eq(%w[text-embedding-3-small])
        expect(ids(LLMModel.image)).to eq(%w[gpt-image-1])
        expect(ids(LLMModel.transcription)).to eq(%w[whisper-1])
        expect(ids(LLMModel.unavailable)).to eq(%w[mistral-large-latest])
        expect(ids(LLMModel.for_provider(:mistral, "xai"))).to eq(%w[mistral-large-latest])
        expect(ids(LLMModel.available.chat.for_provider(:openai).supporting(:vision, :function_calling))).to eq(%w[gpt-4.1])
        expect(ids(LLMModel.supporting(:ocr))).to be_empty
      end

      it "finds the same models by metadata where there is no column for the type" do
        ActiveRecord::Base.connection.remove_column(:llm_models, :model_type)
        LLMModel.reset_column_information

        expect(ids(LLMModel.chat)).to eq(%w[gpt-4.1 mistral-large-latest o4-mini])
        row("o4-mini").make_default!
        expect(LLMModel.default_for(:chat).model_id).to eq("o4-mini")
      end

      it "takes what it is asked for as a value, whatever it holds" do
        expect(ids(LLMModel.supporting("vision') OR 1=1 --"))).to be_empty
        expect(ids(LLMModel.of_llm_type("chat' OR '1'='1"))).to be_empty
      end

      it "gives the registry's model, or nil, or raises" do
        expect(row("gpt-4.1").to_llm).to eq(RubyLLM.models.find("gpt-4.1", provider: :openai))
        LLMModel.create!(provider: "house", model_id: "tuned", name: "Our own")
        expect(row("tuned").to_llm).to be_nil
        expect { row("tuned").to_llm! }.to raise_error(RubyLLM::ModelNotFoundError)
      end

      it "must have a provider, a name and an id that is the provider's only one" do
        blank = LLMModel.new
        expect(blank).not_to be_valid
        expect(blank.errors.attribute_names).to contain_exactly(:provider, :name, :model_id)
        expect(LLMModel.new(provider: "openai", model_id: "gpt-4.1", name: "x")).not_to be_valid
        expect(LLMModel.new(provider: "azure", model_id: "gpt-4.1", name: "x")).to be_valid
      end

      it "becomes the one default of its type" do
        expect(LLMModel.default_for(:chat)).to be_nil
        row("text-embedding-3-small").make_default!
        row("gpt-4.1").make_default!
        expect(row("o4-mini").make_default!.is_default).to be(true)

        expect(ids(LLMModel.default)).to eq(%w[o4-mini text-embedding-3-small])
        expect(LLMModel.default_for(:chat).model_id).to eq("o4-mini")
      end

      it "is one default also when many are made it at once" do
        3.times do
          LLMModel.update_all(is_default: false)
          start = Thread::Queue.new
          threads = ids(LLMModel.chat).cycle.first(6).map { |id| Thread.new { start.pop && row(id).make_default! } }
          6.times { start << true }
          threads.each(&:value)

          expect(LLMModel.default.count).to eq(1)
        end
      end

      it "leaves scopes alone that the class has already" do
        own = Class.new(ActiveRecord::Base) do
          self.table_name = "llm_models"
          scope :chat, -> { where(model_id: "o4-mini") }
        end
        own.acts_as_llm_model

        expect(ids(own.chat)).to eq(%w[o4-mini])
      end

      next unless database.name == "PostgreSQL"

      it "is found through the GIN index on metadata" do
        ActiveRecord::Base.connection.execute(<<~SQL)
          INSERT INTO llm_models (provider, model_id, name, available, metadata, created_at, updated_at)
          SELECT 'filler', 'model-' || n, 'Model ' || n, true,
                 jsonb_build_object('type', 'chat', 'capabilities',
                                    jsonb_build_array('streaming', CASE WHEN n % 500 = 0 THEN 'ocr' ELSE 'batch' END)),
                 now(), now()
          FROM generate_series(1, 20000) AS n
        SQL
        ActiveRecord::Base.connection.execute("VACUUM ANALYZE llm_models")

        expect(LLMModel.supporting(:ocr).count).to eq(40)
        expect(LLMModel.supporting(:ocr).explain.inspect).to match(/Bitmap Index Scan on index_llm_models_on_metadata/)
        expect(LLMModel.where("metadata @> ?", {capabilities: ["ocr"]}.to_json).explain.inspect).to match(/index_llm_models_on_metadata/)
      end
    end
  end

  it "names the classes that are tables of models, for tasks" do
    stub_const("ThisLLMModel", Class.new(ActiveRecord::Base))
    ThisLLMModel.acts_as_llm_model

    expect(RubyLLM::Native::Persistence.models).to include("ThisLLMModel")
    hide_const("ThisLLMModel")
    expect(RubyLLM::Native::Persistence.models).not_to include("ThisLLMModel")
  end
end
