# frozen_string_literal: true

require "logger"
require "ruby_llm_native"
require "stringio"
require_relative "../support/persistence_context"

# Columns that the generated table lacks, and that are filled where an app has added them.
RSpec.describe "The further price columns of a table of models" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      let(:prices) { %w[batch_input_price batch_output_price cache_read_price] }
      let(:catalogue) do
        {
          "gpt-4.1" => {cost: {input: 2, output: 8, cache_read: "0.5000000001"}, batch: {input: 1, output: 4}},
          "o4-mini" => {cost: {input: 1.1, output: 4.4}, batch: {input: 0, output: 0.25}},
          "whisper-1" => {cost: {input: 6, output: 7, cache_read: 0}}
        }
      end

      before { server.on("models_dev", stated(catalogue)) }

      def stated(models)
        models = models.to_h do |id, of|
          modes = of[:batch] ? {batch: {cost: of[:batch], provider: {body: {service_tier: "batch"}}}} : {}
          [id, {id: id, name: id, cost: of[:cost], experimental: {modes: modes}}]
        end
        json({openai: {models: models}})
      end

      def add_columns(*names, precision: 20, scale: 10)
        ActiveRecord::Base.connection.change_table(:llm_models) do |table|
          names.each { |name| table.decimal name, precision: precision, scale: scale }
        end
        LLMModel.reset_column_information
      end

      def amounts(id, names = prices)
        row(id).attributes.values_at(*names)
      end

      it "are filled, and null where nothing is stated of batches or the cache" do
        server.on("openai", openai("gpt-4.1", "o4-mini", "whisper-1"))
        add_columns(*prices)
        LLMModel.sync!

        expect(amounts("gpt-4.1")).to eq([1, 4, BigDecimal("0.5000000001")])
        expect(amounts("o4-mini")).to eq([0, BigDecimal("0.25"), nil]) # 0 is free
        expect(amounts("whisper-1")).to eq([nil, nil, 0])
        expect(amounts("gpt-4.1", %w[input_price output_price])).to eq([2, 8])
      end

      it "are filled by the next sync after they were added, although no source has anything new" do
        LLMModel.sync!
        expect(LLMModel.sync!.updated).to eq(0)
        add_columns(*prices)

        expect(LLMModel.sync!.updated).to eq(LLMModel.count)
        expect(amounts("gpt-4.1")).to eq([1, 4, BigDecimal("0.5000000001")])
        expect(LLMModel.sync!.updated).to eq(0)
      end

      it "follow a price that changes alone" do
        add_columns(*prices)
        LLMModel.sync!
        catalogue["gpt-4.1"][:batch][:output] = 3
        server.on("models_dev", stated(catalogue))

        expect(LLMModel.sync!.updated).to eq(1)
        expect(amounts("gpt-4.1")).to eq([1, 3, BigDecimal("0.5000000001")])
      end

      it "are compared where no fingerprint tells that a row is right" do
        ActiveRecord::Base.connection.change_table(:llm_models) { |table| table.remove :fingerprint }
        add_columns(*prices)
        LLMModel.sync!
        LLMModel.where(model_id: "gpt-4.1").update_all(batch_input_price: 9)

        expect(LLMModel.sync!.updated).to eq(1)
        expect(amounts("gpt-4.1")).to eq([1, 4, BigDecimal("0.5000000001")])
      end

      it "have other names, or none, as the class says" do
        LLMModel.sync!
        add_columns("cached_price", *prices)
        LLMModel.update_all(batch_output_price: 77)
        named = Class.new(ActiveRecord::Base) { self.table_name = "llm_models" }
        stub_const("LLMModel", named)
        named.acts_as_llm_model columns: {cache_read_price: :cached_price, batch_output_price: nil}
        LLMModel.sync!

        expect(amounts("gpt-4.1", %w[cached_price batch_input_price])).to eq([BigDecimal("0.5000000001"), 1])
        expect(LLMModel.pluck(:batch_output_price, :cache_read_price).uniq).to eq([[77, nil]])
      end

      it "are left out, and named, where a price does not fit" do
        add_columns(*prices, precision: 6, scale: 2)
        catalogue["gpt-4.1"][:batch][:input] = 0.001
        catalogue["gpt-4.1"][:cost][:cache_read] = 12_345
        server.on("models_dev", stated(catalogue))

        left_out = LLMModel.sync!.left_out.map { |one| one.values_at(:model_id, :column) }
        expect(left_out).to contain_exactly(%w[gpt-4.1 batch_input_price], %w[gpt-4.1 cache_read_price])
        expect(amounts("gpt-4.1")).to eq([nil, 4, nil])
      end
    end
  end
end
