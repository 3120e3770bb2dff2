# frozen_string_literal: true

# The table of models of ruby_llm 2.1, with all columns and indexes that its generator makes.
module RubyLLMTable
  module_function

  def create(database)
    json = (database.adapter_name == "PostgreSQL") ? :jsonb : :json
    database.create_table(:ruby_llm_models, force: true) do |table|
      %i[model_id name provider].each { |column| table.string column, null: false }
      table.string :family, index: true
      table.datetime :model_created_at
      table.integer :context_window
      table.integer :max_output_tokens
      table.date :knowledge_cutoff
      {modalities: {}, capabilities: [], pricing: {}, metadata: {}}.each do |column, default|
        table.column column, json, default: default
      end
      table.datetime :unlisted_at
      table.timestamps
      table.index %i[provider model_id], unique: true
      table.index :provider
      %i[capabilities modalities].each { |column| table.index column, using: :gin } if json == :jsonb
    end
  end
end
