# frozen_string_literal: true

# The two tables with all their columns, as the documentation describes them.
module LLMTables
  module_function

  def create(connection)
    mysql = %w[Trilogy Mysql2].include?(connection.adapter_name)
    binary_text = mysql ? {collation: "utf8mb4_bin"} : {}
    create_models(connection, mysql, binary_text)
    create_registries(connection, mysql, binary_text)
  end

  def create_models(connection, mysql, binary_text)
    jsonb = connection.adapter_name == "PostgreSQL"
    connection.create_table(:llm_models, force: true) do |table|
      table.string :provider, null: false, **binary_text
      table.string :model_id, null: false, **binary_text
      table.string :name, null: false
      table.boolean :available, null: false, default: false
      table.boolean :is_default, null: false, default: false
      table.string :family
      table.string :model_type
      table.integer :context_window
      table.integer :max_output_tokens
      table.decimal :input_price, precision: 20, scale: 10
      table.decimal :output_price, precision: 20, scale: 10
      table.column :metadata, jsonb ? :jsonb : :json, **(mysql ? {} : {default: {}})
      table.datetime :unavailable_since
      table.datetime :last_synced_at
      table.string :fingerprint
      table.string :note
      table.timestamps
      table.index %i[provider model_id], unique: true
      table.index :metadata, using: :gin if jsonb
    end
  end

  def create_registries(connection, mysql, binary_text)
    blob = mysql ? {limit: (2**32) - 1} : {}
    connection.create_table(:llm_registries, force: true) do |table|
      table.string :name, null: false, **binary_text
      table.integer :format_version, null: false
      table.binary :catalog, **blob
      table.binary :sheets, **blob
      table.string :content_hash
      table.string :stamp
      table.datetime :stored_at
      table.string :lease_token
      table.datetime :lease_until
      table.timestamps
      table.index %i[name format_version], unique: true
    end
  end
end
