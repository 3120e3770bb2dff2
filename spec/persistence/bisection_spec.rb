# frozen_string_literal: true

require "ruby_llm_native"
require "ruby_llm/native/persistence"
require_relative "../support/persistence_context"

RSpec.describe "Rows that the database refuses" do
  bisection_class = RubyLLM::Native.const_get(:Bisection)
  storable = RubyLLM::Native.const_get(:StorableJson)

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "on a database", database

      let(:numbers) do
        ActiveRecord::Base.connection.create_table(:numbers, force: true) do |table|
          table.integer :number, null: false
          table.index :number, unique: true
        end
        Class.new(ActiveRecord::Base) { self.table_name = "numbers" }
      end

      after { ActiveRecord::Base.connection.drop_table(:numbers, if_exists: true) }

      def write(rows, **options)
        bisection = RubyLLM::Native.const_get(:Bisection).new(numbers, **options)
        numbers.transaction do
          bisection.call(rows) { |batch| numbers.insert_all!(batch.map { |number| {number: number} }) }
        end
      end

      it "are found by halving, and all others are written" do
        sent = Databases.statements do
          refused = write([*1..40, nil, *41..80, 7, *81..100])
          expect(refused.map(&:row)).to contain_exactly(nil, 7)
        end

        expect(numbers.order(:number).pluck(:number)).to eq([*1..100])
        expect(sent.grep(/INSERT/).size).to be < 35
      end

      it "cost no more statements than allowed: what is left of a failing batch is refused whole" do
        refused = nil
        sent = Databases.statements { refused = write([nil] * 50 + [1, 2, 3], failures: 10) }

        expect(sent.grep(/INSERT/).size).to be <= 20
        expect(refused.size + numbers.count).to eq(53)
      end

      it "are told from all other errors, which are raised" do
        expect do
          numbers.transaction do
            bisection_class.new(numbers).call([1]) { numbers.connection.execute("SELECT nothing FROM nowhere") }
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
