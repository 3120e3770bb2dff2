# frozen_string_literal: true

require "ruby_llm_native"
require_relative "../support/persistence_context"

# Tables that are not as the generator makes them: refused in one sentence before anybody is asked, or served.
RSpec.describe "The shape of a table of models" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      let(:connection) { ActiveRecord::Base.connection }
      let(:key) { %i[provider model_id] }
      let(:database_name) {
        connection.adapter_name.then { |name|
          if name.match?(/postg/i)
            :postgresql
          else
            (name.match?(/sqlite/i) ? :sqlite : :mysql)
          end
        }
      }

      def change_table(&block)
        connection.change_table(:llm_models, &block)
        LLMModel.reset_column_information
      end

      def expect_refusal(message)
        expect { LLMModel.sync! }.to raise_error(RubyLLM::Native::Error, message)
        expect(server.requests("openai")).to be_empty
        expect { LLMModel.save_models([]) }.to raise_error(RubyLLM::Native::Error)
      end

      def without_primary_key(**options)
        columns = connection.columns(:llm_models).map(&:name) - ["id"]
        connection.create_table(:other_models, force: true, id: false, **options) do |table|
          columns.each { |name| table.column name, %w[available is_default].include?(name) ? :boolean : :string }
          table.index key, unique: true
        end
        LLMModel.table_name = "other_models"
        LLMModel.reset_column_information
      end

      after { connection.drop_table(:other_models, if_exists: true) }

      it "needs a primary key" do
        without_primary_key
        expect_refusal("other_models must have a primary key of one column, got none")
      end

      it "needs a primary key of one column" do
        [%w[provider model_id], %w[model_id name]].each do |columns|
          without_primary_key
          LLMModel.primary_key = columns
          shape = "a primary key of one column, got one of 2: #{columns.join(", ")}"
          expect_refusal(/\Aother_models must have #{shape}\. Add/)
        end
      end

      it "needs a unique index on both columns, and on no other" do
        change_table { |table| table.remove_index key }
        expect_refusal("llm_models needs a unique index on model_id and provider")
        change_table { |table| table.index key }
        expect_refusal("llm_models needs a unique index on model_id and provider")
        change_table { |table| table.index [:model_id, :provider, :note], unique: true, name: "wider" }
        expect_refusal("llm_models needs a unique index on model_id and provider; wider is on model_id, provider, note")
      end

      it "needs a unique index on all rows" do
        skip "MariaDB has no such indexes" if database_name == :mysql

        change_table { |table| table.remove_index key }
        change_table { |table| table.index key, unique: true, where: "available", name: "in_part" }
        expect_refusal("llm_models needs a unique index on model_id and provider; in_part is partial: it has a WHERE")
      end

      it "needs a unique index that is looked at with each row" do
        skip "Only PostgreSQL has such constraints" if database_name != :postgresql

        {"DEFERRABLE INITIALLY DEFERRED" => "late", "DEFERRABLE" => "later"}.each do |how, name|
          change_table { |table| table.remove_index key } if connection.index_exists?(:llm_models, key)
          connection.execute("ALTER TABLE llm_models ADD CONSTRAINT #{name} UNIQUE (model_id, provider) #{how}")
          LLMModel.reset_column_information
          expect_refusal(/\Allm_models needs a unique index on model_id and provider; late is DEFERRABLE/)
        end
        change_table { |table| table.index key, unique: true }
        connection.execute("ALTER TABLE llm_models DROP CONSTRAINT late, DROP CONSTRAINT later")
        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
      end

      it "is not asked about its indexes again before the class forgets its columns" do
        LLMModel.sync!
        asked = lambda do
          sent = []
          note = ->(*, event) { sent << event[:sql] if event[:name] == "SCHEMA" }
          ActiveSupport::Notifications.subscribed(note, "sql.active_record") { LLMModel.save_models(RubyLLM.models) }
          sent
        end
        expect(asked.call).to be_empty
        LLMModel.reset_column_information
        expect(asked.call).not_to be_empty
        expect(asked.call).to be_empty
      end

      it "may have one of our columns as its primary key" do
        LLMModel.sync!
        LLMModel.primary_key = "model_id"
        expect(counts(LLMModel.sync!)).to eq(unchanged: 3)
        server.on("models_dev", models_dev(input_price: 3))
        expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 2)
        expect(row("gpt-4.1")).to have_attributes(provider: "openai", name: "GPT-4.1", input_price: 3)
      end

      it "does not write columns of our names that the database computes" do
        change_table { |table| table.remove :family, :input_price }
        expression = {postgresql: "lower(name)", sqlite: "lower(name)", mysql: "lower(name)"}.fetch(database_name)
        change_table do |table|
          table.virtual :family, type: :string, as: expression, stored: true
          table.virtual :shout, type: :string, as: "upper(name)", stored: true
        end
        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
        expect(row("gpt-4.1")).to have_attributes(family: "gpt-4.1", shout: "GPT-4.1", context_window: 1_047_576)
        server.on("models_dev", json({openai: {models: {"gpt-4.1": {id: "gpt-4.1", name: "Other"}}}}))
        LLMModel.sync!
        expect(row("gpt-4.1")).to have_attributes(family: "other", shout: "OTHER")
        change_table { |table| table.remove :fingerprint }
        expect(counts(LLMModel.sync!)).to include(unchanged: be >= 2)
      end

      it "leaves out ids that differ only in case if the table takes them for one" do
        case database_name
        when :mysql
          change_table { |table| table.change :model_id, :string, null: false, collation: "utf8mb4_general_ci" }
        when :sqlite
          change_table { |table| table.change :model_id, :string, null: false, collation: "NOCASE" }
        else
          change_table { |table| table.index "provider, lower(model_id)", unique: true, name: "in_any_case" }
        end
        server.on("openai", openai("GPT-x", "gpt-X", "gpt-x", "gpt-y"))
        result = LLMModel.sync!(only: [:openai])

        expect(counts(result)).to eq(inserted: 2)
        expect(result.left_out.map { |each| each.values_at(:model_id, :column) })
          .to eq([["gpt-X", nil], ["gpt-x", nil]])
        expect(LLMModel.order(:id).pluck(:model_id)).to eq(%w[GPT-x gpt-y])
        before = contents
        expect(counts(LLMModel.sync!(only: [:openai]))).to eq(unchanged: 2)
        expect(contents).to eq(before)
      end

      it "counts a row that another writer made meanwhile as updated" do
        known = RubyLLM.models.refresh!.to_a
        late = Enumerator.new do |models|
          Thread.new do
            LLMModel.create!(provider: "openai", model_id: "o4-mini", name: "x", metadata: {"tag" => 1})
          end.join
          known.each { |model| models << model }
        end
        result = LLMModel.save_models(late)

        expect(counts(result)).to eq(inserted: 2, restored: 1)
        expect(result.left_out).to be_empty
        expect(row("o4-mini").metadata).to include("tag" => 1, "type" => "chat")
      end

      # What the trigger says of the row NEW before it is written; on SQLite afterwards.
      def shouting
        case database_name
        when :postgresql
          <<~SQL
            CREATE OR REPLACE FUNCTION shout() RETURNS trigger AS
            $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$ LANGUAGE plpgsql;
            CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON llm_models FOR EACH ROW EXECUTE FUNCTION shout()
          SQL
        when :sqlite
          "CREATE TRIGGER shout AFTER INSERT ON llm_models " \
          "BEGIN UPDATE llm_models SET name = upper(name) WHERE id = NEW.id; END/" \
          "CREATE TRIGGER shout_again AFTER UPDATE ON llm_models " \
          "BEGIN UPDATE llm_models SET name = upper(name) WHERE id = NEW.id; END"
        else
          "CREATE TRIGGER shout BEFORE INSERT ON llm_models FOR EACH ROW SET NEW.name = UPPER(NEW.name)/" \
          "CREATE TRIGGER shout_again BEFORE UPDATE ON llm_models FOR EACH ROW SET NEW.name = UPPER(NEW.name)"
        end
      end

      def dropping(event)
        case database_name
        when :postgresql
          <<~SQL
            CREATE OR REPLACE FUNCTION lose() RETURNS trigger AS
            $$ BEGIN RETURN CASE WHEN NEW.model_id = 'o4-mini' THEN NULL ELSE NEW END; END $$
            LANGUAGE plpgsql;
            CREATE TRIGGER lose BEFORE #{event} ON llm_models FOR EACH ROW EXECUTE FUNCTION lose()
          SQL
        when :sqlite
          "CREATE TRIGGER lose BEFORE #{event} ON llm_models " \
          "WHEN NEW.model_id = 'o4-mini' BEGIN SELECT RAISE(IGNORE); END"
        else
          "CREATE TRIGGER lose BEFORE #{event} ON llm_models FOR EACH ROW " \
          "BEGIN IF NEW.model_id = 'o4-mini' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'lost'; END IF; END"
        end
      end

      [true, false].each do |fingerprint|
        describe fingerprint ? "with a fingerprint" : "without a fingerprint" do
          before { change_table { |table| table.remove :fingerprint } unless fingerprint }

          it "says once that a trigger changes what is written, and leaves it" do
            shouting.split("/").each { |statement| connection.execute(statement) }
            result = LLMModel.sync!

            expect(counts(result)).to eq(inserted: 3)
            expect(result.altered).to contain_exactly(
              {provider: "openai", model_id: "o4-mini", columns: ["name"]},
              {provider: "mistral", model_id: "mistral-large-latest", columns: ["name"]}
            )
            expect(result.remarks).to eq(["the database changed name of mistral/mistral-large-latest, openai/o4-mini"])
            before = contents
            second = LLMModel.sync!
            expect(counts(second)).to eq(unchanged: 3)
            expect(second.remarks).to be_empty
            expect(contents).to eq(before)
          end

          it "does not count a row as inserted that a trigger drops" do
            connection.execute(dropping("INSERT"))
            2.times do |time|
              result = LLMModel.sync!
              expect(counts(result)).to eq(time.zero? ? {inserted: 2} : {unchanged: 2})
              expect(result.left_out).to match([include(provider: "openai", model_id: "o4-mini", column: nil)])
            end
          end

          it "does not count a change that a trigger drops" do
            LLMModel.sync!
            connection.execute(dropping("UPDATE"))
            server.on("openai", openai("gpt-4.1"))
            2.times do
              result = LLMModel.sync!
              expect(counts(result)).to eq(unchanged: 2)
              expect(result.left_out).to match([include(model_id: "o4-mini", column: "available")])
            end
            expect(row("o4-mini").available).to be(true)
          end
        end
      end
    end
  end
end
