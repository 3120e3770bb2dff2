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
        expect(ids(LLMModel.available.chat.for_provider(:openai).supporting(:vision, :function_calling)))
          .to eq(%w[gpt-4.1])
        expect(ids(LLMModel.supporting(:ocr))).to be_empty
      end

      it "finds the same models by metadata if there is no column for the type" do
        ActiveRecord::Base.connection.remove_column(:llm_models, :model_type)
        LLMModel.reset_column_information

        expect(ids(LLMModel.chat)).to eq(%w[gpt-4.1 mistral-large-latest o4-mini])
        row("o4-mini").make_default!
        expect(LLMModel.default_for(:chat).model_id).to eq("o4-mini")
      end

      it "treats what it is asked for as a value, never as SQL" do
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

      it "says what it supports from its own columns, as the scope does" do
        RubyLLM.models.forget!
        all = %i[vision function_calling streaming ocr video batch].to_h do |name|
          [name, ids(LLMModel.supporting(name))]
        end

        expect(all[:vision]).to include("gpt-4.1")
        all.each do |name, found|
          expect(ids(LLMModel.all).select { |id| row(id).supports?(name) }).to eq(found), name.to_s
        end
        expect(LLMModel.new.supports?(:vision)).to be(false)
        expect(LLMModel.new(metadata: ["vision"]).supports?("vision")).to be(false)
      end

      it "is the cheapest of a scope by the sum of both prices, the preferred provider's first" do
        LLMModel.update_all(input_price: nil, output_price: nil)
        {
          "o4-mini" => [3, 1], "gpt-4.1" => [2, 2.5], "whisper-1" => [0, nil], "mistral-large-latest" => [1, 3]
        }.each do |id, prices|
          LLMModel.where(model_id: id).update_all(input_price: prices.first, output_price: prices.last)
        end

        expect(LLMModel.cheapest.model_id).to eq("o4-mini") # as much as Mistral's, and OpenAI is configured
        expect(LLMModel.unavailable.cheapest.model_id).to eq("mistral-large-latest")
        expect(LLMModel.order(:name).chat.where.not(model_id: %w[o4-mini mistral-large-latest]).cheapest.model_id)
          .to eq("gpt-4.1")
        expect(LLMModel.embedding.cheapest).to be_nil
      end

      it "is the cheapest by metadata where there are no columns for prices" do
        stated = {"gpt-4.1" => [2, 8], "o4-mini" => [1.5, 0.25], "whisper-1" => [0.001, nil]}
        models = stated.transform_values { |input, output| {cost: {input: input, output: output}.compact} }
        server.on("models_dev", json({openai: {models: models.to_h { |id, facts| [id, {id: id, name: id, **facts}] }}}))
        ActiveRecord::Base.connection.change_table(:llm_models) { |table| table.remove :input_price, :output_price }
        LLMModel.reset_column_information
        LLMModel.sync!

        expect(LLMModel.cheapest.model_id).to eq("o4-mini")
        expect(LLMModel.where.not(model_id: "o4-mini").cheapest.model_id).to eq("gpt-4.1")
      end

      it "does not become the default while it is not available, unless that is asked for" do
        row("o4-mini").make_default!
        stale = row("mistral-large-latest").tap { |model| model.available = true }

        expect { stale.make_default! }
          .to raise_error(
            RubyLLM::Native::Error, %r{\Amistral/mistral-large-latest is not available.*even_if_unavailable: true}
          )
        expect(ids(LLMModel.default)).to eq(%w[o4-mini])
        expect(row("mistral-large-latest").make_default!(even_if_unavailable: true).is_default).to be(true)
        expect(ids(LLMModel.default)).to eq(%w[mistral-large-latest])
      end

      it "increments the lock_version of both rows when the default changes" do
        ActiveRecord::Base.connection.add_column(:llm_models, :lock_version, :integer, null: false, default: 0)
        LLMModel.reset_column_information
        row("o4-mini").make_default!
        row("gpt-4.1").make_default!

        expect(%w[o4-mini gpt-4.1 whisper-1].map { |id| row(id).lock_version }).to eq([2, 1, 0])
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
          threads = ids(LLMModel.available.chat).cycle.first(6).map do |id|
            Thread.new { start.pop && row(id).make_default! }
          end
          6.times { start << true }
          threads.each(&:value)

          expect(LLMModel.default.count).to eq(1)
        end
      end

      it "leaves alone scopes that the class already has" do
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
        expect(LLMModel.where("metadata @> ?", {capabilities: ["ocr"]}.to_json).explain.inspect)
          .to match(/index_llm_models_on_metadata/)
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
