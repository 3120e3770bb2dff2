# frozen_string_literal: true

require "ruby_llm_native"
require_relative "../support/persistence_context"

# Whatever a table cannot take costs itself alone: the value, or the row.
RSpec.describe "What a table of models cannot take" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      let(:connection) { ActiveRecord::Base.connection }

      def change_table(&block)
        connection.change_table(:llm_models, &block)
        LLMModel.reset_column_information
      end

      # What models.dev says of models of OpenAI's; facts are JSON, so that numbers arrive as they are written.
      def state(models)
        rows = models.map { |id, facts| %("#{id}":{"id":"#{id}","name":"#{id.upcase}",#{facts}"tool_call":true}) }
        server.on("models_dev", json(%({"openai":{"models":{#{rows.join(",")}}}})))
        server.on("openai", openai(*models.keys))
      end

      def left_out(result)
        result.left_out.map { |each| each.values_at(:model_id, :column) }
      end

      # Writes nothing, and does not fail.
      def settled(unchanged:, **others)
        before = contents
        result = LLMModel.sync!
        expect(counts(result)).to eq(unchanged: unchanged, **others)
        expect(contents).to eq(before)
        result
      end

      [
        ["a limit past its integer", "context_window", %("limit":{"context":3000000001},)],
        ["an output limit past its integer", "max_output_tokens", %("limit":{"output":9000000000000000000},)],
        ["a price past its decimal", "input_price", %("cost":{"input":12345678901,"output":2},)],
        ["a price that its decimal would make free", "output_price", %("cost":{"input":1,"output":1e-30},)],
        ["a family longer than its column", "family", %("family":"#{"longish" * 60}",)]
      ].each do |what, column, facts|
        it "leaves out #{what}, and says so once" do
          change_table { |table| table.change :family, :string, limit: 40 }
          change_table do |table|
            %i[context_window max_output_tokens].each { |name| table.change name, :integer, limit: 4 }
          end
          state("gpt-a" => %("family":"a",), "gpt-b" => facts, "gpt-c" => %("family":"c",))
          result = LLMModel.sync!

          expect(counts(result)).to eq(inserted: 3)
          expect(left_out(result)).to eq([["gpt-b", column]])
          expect(result.to_s).to match(%r{; left out #{column} of openai/gpt-b: \S.* does not fit \w+})
          expect(row("gpt-b")[column]).to be_nil
          expect(row("gpt-b").name).to eq("GPT-B")
          expect(row("gpt-c").family).to eq("c")
          expect(settled(unchanged: 3).left_out).to be_empty
        end
      end

      it "compares without the value if there is no fingerprint" do
        change_table { |table| table.remove :fingerprint }
        change_table { |table| table.change :context_window, :integer, limit: 4 }
        state("gpt-a" => %("limit":{"context":3000000001},"cost":{"input":1e15,"output":1},), "gpt-b" => "")
        expect(left_out(LLMModel.sync!)).to contain_exactly(%w[gpt-a context_window], %w[gpt-a input_price])
        settled(unchanged: 2)
      end

      [
        "7e-98765", "-4e777", "0e-30000", "1.#{"3" * 30_000}", %("a\\u0000b"), %({"k\\u0000":1}), %("\\ud83d alone")
      ].each do |value|
        it "keeps what not every database takes in its metadata as text: #{value[0, 20]}" do
          state("gpt-a" => "", "gpt-b" => %("odd":#{value},), "gpt-c" => "")
          expect(counts(LLMModel.sync!)).to eq(inserted: 3)
          expect(row("gpt-b").metadata.dig("stated", "models_dev", "odd"))
            .to be_a(value.start_with?("{") ? Hash : String)
          expect(row("gpt-b").metadata["capabilities"]).to include("function_calling")
          settled(unchanged: 3)
        end
      end

      it "keeps numbers that every database takes as numbers" do
        state("gpt-a" => %("odd":[1e5,1.5e-7,123456789012345678901234567890,-0.25,"1e-99999"],))
        LLMModel.sync!
        expect(row("gpt-a").metadata.dig("stated", "models_dev", "odd"))
          .to eq([1e5, 1.5e-7, 123_456_789_012_345_678_901_234_567_890, -0.25, "1e-99999"])
      end

      it "keeps a price that no Float can be near as text" do
        state("gpt-a" => %("cost":{"input":1e390,"output":0.083333333333333331},))
        expect(counts(LLMModel.sync!)).to eq(inserted: 1)
        expect(row("gpt-a").metadata.dig("pricing", "text_tokens", "standard"))
          .to eq("input_per_million" => "1e390", "output_per_million" => 0.08333333333333333)
      end

      it "leaves out a row whose id is longer than its column, and writes the others" do
        change_table { |table| table.change :model_id, :string, limit: 12, null: false }
        state("gpt-a" => "", "gpt-longer-than-that" => "", "gpt-c" => "")
        result = LLMModel.sync!

        expect(counts(result)).to eq(inserted: 2)
        expect(left_out(result)).to eq([%w[gpt-longer-than-that model_id]])
        expect(left_out(settled(unchanged: 2))).to eq([%w[gpt-longer-than-that model_id]])
      end

      it "leaves out rows that a CHECK of the application's refuses" do
        change_table { |table| table.check_constraint "model_id NOT LIKE '%old%'", name: "no_old_ones" }
        state("gpt-a" => "", "gpt-old" => "", "gpt-old-2" => "", "gpt-z" => "")
        result = LLMModel.sync!

        expect(counts(result)).to eq(inserted: 2)
        expect(left_out(result)).to eq([["gpt-old", nil], ["gpt-old-2", nil]])
        expect(result.left_out.map { |each| each[:reason] }).to all(include("no_old_ones"))
        expect(left_out(settled(unchanged: 2)).size).to eq(2)
      end

      it "leaves out the value alone where a CHECK refuses that" do
        change_table { |table| table.check_constraint "context_window < 50000", name: "small_ones" }
        state(
          "gpt-a" => %("limit":{"context":8000},), "gpt-b" => %("limit":{"context":90000,"output":400},"family":"b",)
        )
        result = LLMModel.sync!

        expect(counts(result)).to eq(inserted: 2)
        expect(left_out(result)).to eq([%w[gpt-b context_window]])
        expect(row("gpt-b")).to have_attributes(
          context_window: nil, max_output_tokens: 400, family: "b", metadata: include("family" => "b")
        )
        settled(unchanged: 2)
      end

      it "leaves a row that a CHECK refuses to change as it was, except for its availability" do
        change_table { |table| table.check_constraint "name <> 'GPT-B' OR family IS NULL", name: "not_both" }
        change_table { |table| table.check_constraint "name NOT LIKE 'Wrong%'", name: "no_wrong" }
        state("gpt-a" => "", "gpt-b" => "")
        LLMModel.sync!
        server.on("openai", openai("gpt-a"))
        server.on(
          "models_dev",
          json({openai: {models: {"gpt-b": {id: "gpt-b", name: "Wrong"}, "gpt-a": {id: "gpt-a", name: "Right"}}}})
        )
        result = LLMModel.sync!

        expect(counts(result)).to eq(updated: 1, made_unavailable: 1)
        expect(row("gpt-a").name).to eq("Right")
        expect(row("gpt-b")).to have_attributes(name: "GPT-B", available: false)
      end

      it "leaves out rows that a unique index of the application's refuses" do
        change_table { |table| table.index :name, unique: true }
        server.on("openai", openai("gpt-a", "gpt-b", "gpt-c"))
        names = {"gpt-a": "Same", "gpt-b": "Same", "gpt-c": "C"}
        server.on("models_dev", json({openai: {models: names.to_h { |id, name| [id, {id: id, name: name}] }}}))
        result = LLMModel.sync!

        expect(counts(result)).to eq(inserted: 2)
        expect(left_out(result)).to eq([["gpt-b", nil]])
        expect(left_out(settled(unchanged: 2))).to eq([["gpt-b", nil]])
      end

      it "takes the class's default for a column that must not be null, and says which row has none" do
        change_table { |table| table.string :owner }
        connection.change_column_null(:llm_models, :owner, false)
        LLMModel.reset_column_information
        expect(LLMModel.sync!.left_out.map { |each| each[:reason] })
          .to all(match(/owner/)).and(have_attributes(size: 3))
        expect(LLMModel.count).to eq(0)

        LLMModel.attribute :owner, :string, default: "platform"
        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
        expect(LLMModel.distinct.pluck(:owner)).to eq(["platform"])
        server.on("models_dev", models_dev(input_price: 5))
        expect(counts(LLMModel.sync!)).to eq(updated: 1, unchanged: 2)
      end

      it "takes the class's default for each row if they differ, and a key that the class makes" do
        change_table { |table| table.string :token }
        LLMModel.attribute :token, :string, default: -> { SecureRandom.hex(4) }
        LLMModel.attribute :id, default: -> { SecureRandom.random_number(1 << 30) }
        LLMModel.sync!

        expect(LLMModel.distinct.pluck(:token)).to have_attributes(size: 3).and(all(match(/\A\h{8}\z/)))
        expect(LLMModel.ids).to all(be > 3)
      end

      it "takes a default where a column of ours must not be null" do
        change_table do |table|
          table.change :family, :string, null: false, default: "unknown"
          table.change :context_window, :integer, null: false, default: 0
        end
        change_table { |table| table.remove :fingerprint }
        expect(counts(LLMModel.sync!)).to eq(inserted: 3)
        expect(row("o4-mini")).to have_attributes(family: "unknown", context_window: 0)
        settled(unchanged: 3)
      end

      it "leaves out rows whose provider is not a word of an enum" do
        change_table do |table|
          table.remove_index %i[provider model_id]
          table.remove :provider
        end
        change_table do |table|
          table.integer :provider
          table.index %i[provider model_id], unique: true
        end
        LLMModel.enum :provider, {openai: 1, anthropic: 2}
        result = LLMModel.sync!

        expect(counts(result)).to eq(inserted: 2)
        expect(result.left_out).to eq([{provider: "mistral", model_id: "mistral-large-latest", column: "provider",
                                        reason: '"mistral" does not fit the enum openai, anthropic'}])
        expect(LLMModel.pluck(:provider)).to eq(%w[openai openai])
        settled(unchanged: 2)
      end

      it "leaves out a type that is not a word of an enum" do
        %i[integer string].each do |kind|
          change_table do |table|
            table.remove :model_type
            table.column :model_type, kind
          end
          LLMModel.delete_all
          LLMModel.enum :model_type, ((kind == :integer) ? {embedding: 7} : {embedding: "e"}), prefix: "#{kind}_of"
          server.on("openai", openai("gpt-4.1", "text-embedding-3-small"))
          result = LLMModel.sync!

          expect(left_out(result)).to contain_exactly(%w[gpt-4.1 model_type], %w[mistral-large-latest model_type])
          expect(row("text-embedding-3-small").model_type).to eq("embedding")
          settled(unchanged: 3)
        end
      end

      it "leaves alone what a sibling of the class has under that key" do
        change_table { |table| table.string :type }
        stub_const("HostedModel", Class.new(LLMModel))
        stub_const("OwnModel", Class.new(LLMModel))
        OwnModel.create!(provider: "openai", model_id: "o4-mini", name: "Our own", metadata: {"tag" => "ours"})
        OwnModel.create!(provider: "house", model_id: "tuned", name: "Tuned")
        before = OwnModel.order(:id).map(&:attributes)
        result = HostedModel.sync!

        expect(counts(result)).to eq(inserted: 2)
        expect(result.left_out).to match([include(provider: "openai", model_id: "o4-mini", column: nil)])
        expect(counts(HostedModel.sync!)).to eq(unchanged: 2)
        expect(OwnModel.order(:id).map(&:attributes)).to eq(before)
      end

      it "increments a row's lock_version, so that an older copy of it is stale" do
        change_table { |table| table.integer :lock_version, null: false, default: 0 }
        LLMModel.sync!
        copies = %w[gpt-4.1 o4-mini mistral-large-latest].to_h { |id| [id, row(id)] }
        server.on("models_dev", models_dev(input_price: 3))
        server.on("openai", openai("gpt-4.1"))
        LLMModel.sync!

        expect(%w[gpt-4.1 o4-mini mistral-large-latest].map { |id| row(id).lock_version }).to eq([1, 1, 0])
        expect { copies["gpt-4.1"].update!(note: "mine") }.to raise_error(ActiveRecord::StaleObjectError)
        expect { copies["o4-mini"].update!(note: "mine") }.to raise_error(ActiveRecord::StaleObjectError)
        copies["mistral-large-latest"].update!(note: "mine")
      end

      it "leaves metadata that is not an object as it is" do
        LLMModel.sync!
        LLMModel.where(model_id: "gpt-4.1").update_all(["metadata = ?, fingerprint = NULL", '["ours", "alone"]'])
        result = LLMModel.sync!

        expect(counts(result)).to eq(updated: 1, unchanged: 2)
        expect(row("gpt-4.1").metadata).to eq(%w[ours alone])
        expect(result.remarks)
          .to eq(["left out metadata of openai/gpt-4.1: must be an object, got Array: it stays as it is"])
        settled(unchanged: 3)
      end

      it "leaves such metadata as it is beside one other row that changes" do
        LLMModel.sync!
        LLMModel.where(model_id: %w[mistral-large-latest o4-mini]).update_all(fingerprint: nil)
        LLMModel.where(model_id: "o4-mini").update_all(["metadata = ?", '["ours", "alone"]'])

        expect(counts(LLMModel.sync!)).to eq(updated: 2, unchanged: 1)
        expect(row("o4-mini").metadata).to eq(%w[ours alone])
        expect(row("mistral-large-latest").metadata).to include("type" => "chat")
      end
    end
  end
end
