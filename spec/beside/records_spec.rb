# frozen_string_literal: true

require_relative "beside_helper"
require_relative "../support/databases"

# ruby_llm's table of models, written by us and by ruby_llm: the rows must be the same.
RSpec.describe "ruby_llm's table of models", unless: Beside.alone? do
  before(:context) do
    %w[
      payload_helpers record model model_methods tool_call
      tool_call_methods usage batch chat_methods message_methods acts_as
    ].each do |name|
      require "ruby_llm/active_record/#{name}"
    rescue LoadError
      nil # not of this version
    end
    ActiveRecord::Base.include(RubyLLM::ActiveRecord::ActsAs)
  end

  def create_tables
    database = ActiveRecord::Base.connection
    json = (database.adapter_name == "PostgreSQL") ? :jsonb : :json
    database.drop_table(:chats, if_exists: true)
    database.create_table(table_name, force: true) do |table|
      table.string :model_id, null: false
      table.string :name, null: false
      table.string :provider, null: false
      table.string :family
      table.datetime :model_created_at
      table.integer :context_window
      table.integer :max_output_tokens
      table.date :knowledge_cutoff
      {modalities: {}, capabilities: [], pricing: {}, metadata: {}}.each do |name, default|
        table.column name, json, default: default
      end
      table.datetime :unlisted_at if Beside.v2?
      table.boolean :enabled, default: true, null: false # an application's own
      table.timestamps
      table.index %i[provider model_id], unique: true
    end
    database.create_table(:chats) { |table| table.references :model, foreign_key: {to_table: table_name} }
  end

  def table_name
    Beside.v2? ? :ruby_llm_models : :models
  end

  # The table's class, as a program has it.
  def new_class
    return RubyLLM::ActiveRecord::Model.tap(&:reset_column_information) if Beside.v2?

    Class.new(ActiveRecord::Base) do
      self.table_name = "models"
      self.inheritance_column = nil
      def self.name = "Model"
      acts_as_model
    end
  end

  def rows(without: %w[id created_at updated_at])
    table.unscoped.order(:provider, :model_id).map { |row| row.attributes.except(*without) }
  end

  def save = table.save_to_database
  def save_by_ruby_llm = table.save_to_database_of_ruby_llm

  def writes(statements)
    statements.grep(/\A\s*(?:INSERT|UPDATE|DELETE)/i)
  end

  # Facts of every kind: the bundle's, and some that only a refresh has.
  def take_models(*more)
    RubyLLM::Models.instance_variable_set(
      :@instance, RubyLLM::Models.new(RubyLLM::Models.new.all.first(300).push(*more))
    )
  end

  let(:mine) do
    Beside.entry(id: "mine", name: "Mine <&> Ünïcode \"quoted\"",
      family: "house", created_at: "2025-01-02 03:04:05 UTC", context_window: 1,
      knowledge_cutoff: "2024-05-06", modalities: {input: %w[text], output: %w[text]}, capabilities: %w[streaming],
      pricing: {text_tokens: {standard: {input_per_million: 0.15, output_per_million: 2}}},
      metadata: {nested: {list: [1, 2.5, nil, true]}, text: "a\\b"})
  end

  Databases.all.select { |database| %w[SQLite PostgreSQL].include?(database.name) }.each do |database|
    context "on #{database.name}" do
      before(:context) { skip "needs #{database.missing.join(", ")}" if database.missing.any? }

      before do
        database.connect
        create_tables
        take_models(mine)
      end

      let!(:table) { new_class }

      it "has the same rows as if ruby_llm had saved" do
        save_by_ruby_llm
        expected = rows
        table.delete_all
        save
        expect(rows).to eq(expected)
        expect(expected.size).to eq(301)
      end

      it "inserts many rows a statement, and reads with one" do
        statements = Databases.statements { save }
        expect(writes(statements).size).to eq(1)
        expect(statements.size).to be <= 4
      end

      it "changes what differs and nothing else, as ruby_llm does" do
        spoil = lambda do
          table.where(model_id: "mine").update_all(name: "Another", metadata: {"theirs" => 1}, enabled: false)
          table.where(provider: "anthropic").limit(1).update_all(pricing: {}, knowledge_cutoff: nil)
        end
        save_by_ruby_llm
        spoil.call
        save_by_ruby_llm
        expected = rows
        spoil.call
        statements = Databases.statements { save }
        expect(rows).to eq(expected)
        expect(writes(statements).size).to eq(1)
        expect(table.find_by(model_id: "mine").enabled).to be(false)
      end

      it "sends nothing but questions when nothing has changed" do
        save
        expect(writes(Databases.statements { save })).to eq([])
        before = rows(without: [])
        save
        expect(rows(without: [])).to eq(before)
      end

      it "sees what others have changed since it saved" do
        save
        table.where(model_id: "mine").update_all(name: "Another")
        save
        expect(table.find_by(model_id: "mine").name).to eq(mine.name)
      end

      describe "in the next process" do
        before do
          RubyLLM.config.registry_path = @folder
          save
        end

        # What a process remembers by itself.
        def begin_process
          table.remove_instance_variable(:@native_saved)
        end

        it "knows by one question that nothing has changed, and then as before" do
          begin_process
          statements = Databases.statements { save }
          expect(statements.size).to eq(1)
          expect(statements.first).to match(/\ASELECT/)
          expect(Databases.statements { save }.size).to eq(1)
        end

        it "sees what others have changed, also without a trace in updated_at" do
          begin_process
          table.where(model_id: "mine").update_all(capabilities: %w[streaming vision])
          save
          expect(table.find_by(model_id: "mine").capabilities).to eq(%w[streaming])
          begin_process
          table.where(model_id: "mine").update_all(model_created_at: mine.created_at + 0.5)
          save
          expect(table.find_by(model_id: "mine").model_created_at).to eq(mine.created_at)
          begin_process
          table.where(model_id: "mine").delete_all
          save
          expect(table.count).to eq(301)
        end

        it "sees what the models say now" do
          begin_process
          take_models(Beside.entry(**mine.to_h, context_window: 2))
          save
          expect(table.find_by(model_id: "mine").context_window).to eq(2)
        end

        it "does not care for the application's own columns" do
          begin_process
          table.where(model_id: "mine").update_all(enabled: false)
          expect(Databases.statements { save }.size).to eq(1)
          expect(table.find_by(model_id: "mine").enabled).to be(false)
        end

        it "compares if what is remembered cannot be read" do
          begin_process
          path = Dir[File.join(@folder, "saved-*")].fetch(0)
          File.write(path, "nonsense")
          expect(writes(Databases.statements { save })).to eq([])
          expect(File.read(path)).to match(/\A\h{64}\z/)
        end
      end

      it "remembers in the class alone where the registry has no file" do
        save
        expect(Dir[File.join(@folder, "**/saved-*")]).to eq([])
      end

      it "saves over what ruby_llm has saved, and the other way round, without a change" do
        save_by_ruby_llm
        expect(writes(Databases.statements { save })).to eq([])
        expect(writes(Databases.statements { save_by_ruby_llm })).to eq([])
      end

      it "refreshes by the class, under both names" do
        allow(RubyLLM::Native.registry).to receive(:refresh!).and_return(RubyLLM::Native.registry)
        RubyLLM.config.model_registry_store = table if Beside.v2?
        %i[refresh! refresh].each { |name| table.public_send(name) }
        expect(RubyLLM::Native.registry).to have_received(:refresh!).twice
        expect(table.count).to be >= 301
      end

      it "writes all rows but those that the database refuses, and tries these again" do
        ActiveRecord::Base.connection.add_check_constraint(table_name, "model_id <> 'refused'", name: "not_this")
        take_models(*%w[kept-1 refused kept-2].map { |id| Beside.entry(id: id, name: id) })
        2.times do
          save
          expect(table.unscoped.where(model_id: %w[kept-1 kept-2 refused]).order(:model_id).pluck(:model_id))
            .to eq(%w[kept-1 kept-2])
        end
        ActiveRecord::Base.connection.remove_check_constraint(table_name, name: "not_this")
        save
        expect(table.unscoped.where(model_id: "refused").count).to eq(1)
      end

      it "changes all rows but those that the database refuses to change" do
        ids = %w[kept-1 refused kept-2]
        take_models(*ids.map { |id| Beside.entry(id: id, name: id) })
        save
        ActiveRecord::Base.connection.add_check_constraint(table_name, "name <> 'New refused'", name: "not_this")
        take_models(*ids.map { |id| Beside.entry(id: id, name: "New #{id}") })
        save
        expect(table.unscoped.where(model_id: ids).order(:model_id).pluck(:name))
          .to eq(["New kept-1", "New kept-2", "refused"])
      end

      it "writes a row of which a fact is refused by no database" do
        odd = {"nul" => "a\u0000b", "huge" => 1e300 * 1e300, "small" => 1e-320, "tiny" => 2}
        take_models(Beside.entry(id: "odd", name: "Odd", metadata: odd), Beside.entry(id: "even", name: "Even"))
        2.times { save }

        expect(table.unscoped.where(model_id: %w[odd even]).count).to eq(2)
        expect(table.unscoped.find_by(model_id: "odd").metadata)
          .to include("nul" => "a\ufffdb", "tiny" => 2, "huge" => nil)
      end

      it "raises what ruby_llm raises for a model without a name" do
        take_models(Beside.entry(id: "nameless", name: nil))
        expect { save }.to raise_error(ActiveRecord::RecordInvalid, /[Nn]ame/)
        expect(table.count).to eq(0)
      end

      it "leaves rows to ruby_llm where the application has callbacks", if: Beside.one? do
        seen = []
        table.before_save { seen << model_id }
        save
        expect(seen.size).to eq(301)
      end

      it "leaves rows to ruby_llm where the application has validations, types or writers of its own",
        if: Beside.one? do
        changes = {
          validation: ->(model) { model.validates(:name, uniqueness: true) },
          type: ->(model) { model.normalizes(:name, with: ->(name) { name.strip }) },
          writer: ->(model) { model.define_method(:name=) { |name| super(name.to_s.upcase) } },
          concern: ->(model) { model.include(Module.new { define_method(:name=) { |name| super(name.to_s.upcase) } }) }
        }
        changes.each_value do |change|
          changed = new_class.tap(&change)
          allow(changed).to receive(:save_to_database_of_ruby_llm)
          changed.save_to_database
          expect(changed).to have_received(:save_to_database_of_ruby_llm)
        end
      end

      it "deletes what is gone and marks what is still in use, as ruby_llm does", if: Beside.v2? do
        save
        ActiveRecord::Base.connection
          .execute("INSERT INTO chats (model_id) SELECT id FROM ruby_llm_models WHERE model_id = 'mine'")
        gone = table.where.not(model_id: "mine").first
        take_models
        RubyLLM.models.instance_variable_get(:@models).delete_if do |model|
          model.id == gone.model_id && model.provider == gone.provider
        end
        save
        expect(table.where(id: gone.id)).to be_empty
        expect(table.find_by(model_id: "mine").unlisted_at).to be_within(60).of(Time.now)
        take_models(mine)
        save
        expect(table.find_by(model_id: "mine").unlisted_at).to be_nil
      end

      it "never deletes a row", if: Beside.one? do
        save
        take_models
        save
        expect(table.count).to eq(301)
      end

      it "reads them again" do
        save
        read = Beside.v2? ? table.read : table.all.map(&:to_llm)
        expect(read.find { |model| model.id == "mine" }.to_h.except(:metadata)).to eq(mine.to_h.except(:metadata))
      end
    end
  end
end
