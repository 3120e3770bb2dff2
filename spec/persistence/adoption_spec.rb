# frozen_string_literal: true

require "logger"
require "ruby_llm_native"
require "stringio"
require_relative "../support/persistence_context"

RSpec.describe "A table that an app's own job has filled" do
  # As such a job leaves it: whatever the registry knew is available, and the fingerprint of no row is ours.
  def filled(*models, **more)
    models.each do |provider, id|
      LLMModel.create!(provider: provider, model_id: id, name: "By hand", available: true, **more)
    end
  end

  def adopt
    adoption = RubyLLM::Native::Persistence::Adoption.new(LLMModel)
    adoption.rewrite
    LLMModel.sync!
    adoption.withdraw
  end

  # What a table says that matters to those who choose a model.
  def table
    LLMModel.order(:provider, :model_id).pluck(
      :provider, :model_id, :name, :available, :unavailable_since, :input_price
    )
  end

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      it "is as a new one would be once it is adopted" do
        LLMModel.sync!
        new = table
        LLMModel.delete_all
        filled(%w[openai gpt-4.1], %w[mistral mistral-large-latest])

        expect(adopt).to eq("mistral" => 1)
        expect(table).to eq(new)
        expect(adopt).to eq({})
      end

      it "keeps rows of unknown providers, and marks rows of known ones that nobody states",
        :aggregate_failures do
        filled(
          %w[house-gateway gpt-4.1], %w[anthropic claude-of-old], %w[mistral mistral-of-old], %w[openai gpt-of-old]
        )

        expect(adopt).to eq("anthropic" => 1, "mistral" => 1)
        expect(LLMModel.where(name: "By hand").order(:provider).pluck(:provider, :available))
          .to eq([["anthropic", false], ["house-gateway", true], ["mistral", false], ["openai", false]])
        expect(LLMModel.where(model_id: "claude-of-old").pick(:unavailable_since)).to be_nil
      end

      it "rewrites rows that the old job has changed after the first sync" do
        LLMModel.sync!
        LLMModel.where(model_id: "gpt-4.1").update_all(name: "By hand", input_price: nil)

        adopt
        expect(row("gpt-4.1")).to have_attributes(name: "GPT-4.1", input_price: 2)
      end
    end
  end

  context "on one database" do
    include_context "with tables of models", Databases.all.first

    it "says which default is lost" do
      RubyLLM.config.logger = Logger.new(log = StringIO.new)
      filled(%w[mistral mistral-large-latest], is_default: true)
      adopt

      expect(log.string).to match(%r{ERROR.*LLMModel: the default mistral/mistral-large-latest is no longer available})
    end

    it "is left alone by a process in which no provider is configured" do
      filled(%w[openai gpt-4.1])
      RubyLLM.config.openai_api_key = nil

      expect { adopt }
        .to raise_error(
          RubyLLM::Native::Error,
          "No provider is configured in this process. Set the keys that the app uses, then run this again"
        )
      expect(available).to eq(["gpt-4.1"])
    end
  end
end
