# frozen_string_literal: true

require "json"
require "ruby_llm_native"
require_relative "../support/persistence_context"

RSpec.describe "A table's rows" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      def ids(scope)
        scope.order(:model_id).pluck(:model_id)
      end

      def day(from_now)
        (Time.now.utc + (from_now * 86_400)).strftime("%Y-%m-%d")
      end

      before do
        server.on("openai", json({data: [
          {id: "gone-soon", shutdown_date: day(30), deprecation_replacement_model: "plain"},
          {id: "gone-later", shutdown_date: day(300)}, {id: "overdue", shutdown_date: "2024-01-01"},
          {id: "deprecated", deprecated: true}, {id: "since", deprecated_at: day(-3)},
          {id: "until", deprecated_at: day(3)},
          {id: "plain", supported_parameters: %w[seed], license: "mit"}
        ]}))
        LLMModel.sync!
      end

      it "are found by the dates of their models" do
        expect(ids(LLMModel.retiring(within: 90 * 86_400))).to eq(%w[gone-soon overdue])
        expect(ids(LLMModel.retiring(within: 365 * 86_400).for_provider(:openai)))
          .to eq(%w[gone-later gone-soon overdue])
        expect(ids(LLMModel.deprecated_models.available)).to eq(%w[deprecated overdue since])
      end

      it "have only what is stated" do
        expect(row("gone-soon").metadata["life_cycle"])
          .to eq("retires_at" => day(30), "replacements" => [{"kind" => "successor", "id" => "plain"}])
        expect(row("plain").metadata).to include("parameters" => {"seed" => {}}, "license" => "mit")
        expect(row("plain").metadata.keys).not_to include("life_cycle", "reasoning", "data_policy", "open_weights")
      end
    end
  end
end
