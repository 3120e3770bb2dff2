# frozen_string_literal: true

require "ruby_llm_native"
require "ruby_llm/native/persistence"
require_relative "../support/persistence_context"

RSpec.describe "Rows written in bulk" do
  tables = RubyLLM::Native.const_get(:Database)
  storable = tables::StorableJson

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "on a database", database

      let(:numbers) do
        ActiveRecord::Base.connection.create_table(:numbers, force: true) do |table|
          table.integer :number, null: false
          table.string :note
          table.index :number, unique: true
        end
        Class.new(ActiveRecord::Base) { self.table_name = "numbers" }
      end

      after { ActiveRecord::Base.connection.drop_table(:numbers, if_exists: true) }

      define_method(:writer) do |**options|
        tables::BulkWriter.new(numbers, numbers.connection, ["number"], **options)
      end

      # @return [Array] the rows that were refused
      def write(rows, **options)
        bulk = writer(**options)
        refused = []
        numbers.transaction do
          insert = ->(batch) { bulk.insert(batch) { |number| [numbers.connection.quote(number)] } }
          bulk.write(rows, insert) { |row, _error| refused << row }
        end
        refused
      end

      it "are found by halving when the database refuses them, and all others are written" do
        sent = Databases.statements do
          expect(write([*1..40, nil, *41..80, 7, *81..100])).to contain_exactly(nil, 7)
        end

        expect(numbers.order(:number).pluck(:number)).to eq([*1..100])
        expect(sent.grep(/INSERT/).size).to be < 35
      end

      it "change alone: a row that is given no value for a column keeps its own" do
        numbers.insert_all!([1, 2, 3, 4].map { |id| {id: id, number: id, note: "old"} })
        new = {"note" => "'new'"}
        changed = writer.update(1 => new, 2 => {"number" => "20"}, 3 => {**new, "number" => "30"})

        expect(changed).to eq(3)
        expect(numbers.order(:id).pluck(:number, :note)).to eq([[1, "new"], [20, "old"], [30, "new"], [4, "old"]])
      end

      it "cost no more failures than allowed: what is left of a failing batch is refused whole" do
        refused = nil
        sent = Databases.statements { refused = write([nil] * 50 + [1, 2, 3], failures: 10) }

        expect(sent.grep(/INSERT/).size).to be <= 20
        expect(refused).to eq([nil] * 50 + [1, 2, 3])
        expect(numbers.count).to eq(0)
      end

      it "are distinguished from all other errors when refused; those are raised" do
        expect do
          numbers.transaction do
            writer.write([1], ->(_) { numbers.connection.execute("SELECT nothing FROM nowhere") })
          end
        end.to raise_error(ActiveRecord::StatementInvalid, /nowhere/)
      end
    end
  end

  {
    '{"a":1,"b":[2.5,-0.1,1e10,"1e999"]}' => '{"a":1,"b":[2.5,-0.1,1e10,"1e999"]}',
    '{"a":1e999,"b":-2.5E-400}' => '{"a":"1e999","b":"-2.5E-400"}',
    "[0e99999,1E+308,1e-307]" => '["0e99999","1E+308",1e-307]',
    %([#{"1" * 300},#{"2" * 301}]) => %([#{"1" * 300},"#{"2" * 301}"]),
    '["\\\\ud800 stays","\\ud800 alone","\\ud83d\\ude00 pair","\\udc00\\ud800"]' =>
      '["\\\\ud800 stays","\\ufffd alone","\\ud83d\\ude00 pair","\\ufffd\\ufffd"]',
    '{"k\\u0000":"v\\\\u0000 \\u0000"}' => '{"k\\ufffd":"v\\\\u0000 \\ufffd"}'
  }.each do |given, kept|
    it "keeps #{given[0, 40]} as every database takes it" do
      expect(storable.of(given)).to eq(kept)
    end
  end
end
