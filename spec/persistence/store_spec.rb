# frozen_string_literal: true

require "logger"
require "ruby_llm_native"
require "stringio"
require_relative "../support/persistence_context"

RSpec.describe RubyLLM::Native::Stores::ActiveRecord do
  def bundle(*ids)
    sheet = sheet(:openai, {data: ids.map { |id| {id: id} }})
    RubyLLM::Native::StoredFile.dump(RubyLLM::Native::Catalog.merge([sheet]), {"openai" => sheet})
  end

  def stored(*columns)
    LLMRegistry.pick(*columns)
  end

  def expire_lease
    LLMRegistry.update_all(lease_until: Time.now.utc - 1)
  end

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      it "has nothing before anything was written" do
        expect([store.read, store.read_catalog, store.stamp, store.lease]).to all(be_nil)
      end

      it "gives back the bytes that were written last, under their stamp" do
        store.write(bundle("gpt-4.1"), "2026-01-13T09:00:00Z one")
        expect(store.write(bundle("gpt-4.1", "o4-mini"), "2026-01-13T10:00:00Z two")).to eq("2026-01-13T10:00:00Z two")

        expect(store.read).to eq(bundle("gpt-4.1", "o4-mini")).and(have_attributes(encoding: Encoding::BINARY))
        expect(store.stamp).to eq("2026-01-13T10:00:00Z two")
        expect(LLMRegistry.count).to eq(1)
      end

      it "is made by the class, for each name" do
        LLMRegistry.catalog_store(name: "staging").write(bundle("gpt-4.1"), "2026-01-13T09:00:00Z one")

        expect(LLMRegistry.catalog_store(name: "staging").stamp).to eq("2026-01-13T09:00:00Z one")
        expect(LLMRegistry.catalog_store).to have_attributes(name: "default", stamp: nil, record: LLMRegistry)
      end

      it "is also made by a class that has a method of its own for it" do
        own = Class.new(LLMRegistry) do
          def self.catalog_store(name: "own")
            super
          end
          acts_as_llm_registry
        end

        expect(own.catalog_store.name).to eq("own")
      end

      it "makes a stamp when it gets none: with the time first, and another one each time" do
        stamps = Array.new(2) { store.write(bundle("gpt-4.1"), nil) }

        expect(stamps.uniq.size).to eq(2)
        expect(Time.iso8601(stamps.last[/\A\S+/])).to be_within(60).of(Time.now)
        expect(store.stamp).to eq(stamps.last)
      end

      it "keeps the catalog apart from the sheets, so that a reader need not load them" do
        bytes = bundle("gpt-4.1")
        store.write(bytes, nil)
        catalog = nil
        sent = Databases.statements { catalog = store.read_catalog }

        expect(RubyLLM::Native::Catalog.load(catalog).size).to eq(1)
        expect(bytes).to start_with(catalog)
        expect(sent.size).to eq(1)
        expect(sent.first).not_to include("sheets")
        expect(stored(:content_hash)).to eq(RubyLLM::Native::Catalog.load(catalog).content_hash)
      end

      it "keeps megabytes" do
        ids = Array.new(8000) { |number| "model-#{number}-#{"x" * 40}" }
        bytes = bundle(*ids)
        store.write(bytes, nil)

        expect(bytes.bytesize).to be > 2_000_000
        expect(store.read == bytes).to be(true)
      end

      it "refuses what is not a registry" do
        expect { store.write("no registry, but long enough to have a head that could say something", nil) }
          .to raise_error(RubyLLM::Native::CatalogError)
        expect(store.read).to be_nil
      end

      it "touches: a new stamp and time, the same bytes, one statement" do
        store.write(bundle("gpt-4.1"), "2026-01-13T09:00:00Z one")
        LLMRegistry.update_all(stored_at: Time.utc(2026, 1, 1))

        expect(Databases.statements { store.touch("2026-01-13T10:00:00Z one") }.size).to eq(1)
        expect(store.stamp).to eq("2026-01-13T10:00:00Z one")
        expect(stored(:stored_at)).to be_within(60).of(Time.now)
        expect(store.read).to eq(bundle("gpt-4.1"))
      end

      it "keeps registries of other names and of other versions apart" do
        store.write(bundle("gpt-4.1"), "one")
        described_class.new("LLMRegistry", name: "tenant 7").write(bundle("o4-mini"), "two")
        LLMRegistry.insert!({name: "default",
                             format_version: RubyLLM::Native::FORMAT_VERSION + 1, stamp: "of another version",
                             created_at: Time.now, updated_at: Time.now})

        expect(store.stamp).to eq("one")
        expect(described_class.new("LLMRegistry", name: "tenant 7").stamp).to eq("two")
        expect(LLMRegistry.count).to eq(3)
      end

      it "is the process's registry: what one process refreshed another one has" do
        RubyLLM.models.refresh!
        RubyLLM.models.forget!
        sent = Databases.statements { expect(RubyLLM.models.find("o4-mini", provider: :openai)).to be_listed }

        expect(sent.size).to eq(2) # the stamp, the catalog
        expect(RubyLLM.models.source).to have_attributes(kind: :store, at: be_within(60).of(Time.now))
      end

      it "does not look at the table during lookups" do
        RubyLLM.config.registry_check_interval = 0.001
        RubyLLM.models.refresh!

        expect(Databases.statements { 3.times { RubyLLM.models.find("gpt-4.1") } }).to be_empty
      end

      it "says once that the table is missing, and the registry continues in memory" do
        ActiveRecord::Base.connection.drop_table(:llm_registries)
        LLMRegistry.reset_column_information
        log = StringIO.new
        RubyLLM.config.logger = Logger.new(log)

        expect([store.read, store.read_catalog, store.stamp, store.lease]).to all(be_nil)
        expect(log.string.lines.size).to eq(1)
        expect(log.string).to include("LLMRegistry has no table llm_registries").and include("bin/rails db:migrate")
        expect(RubyLLM.models.refresh!.size).to eq(3)
        expect { store.write(bundle("gpt-4.1"), nil) }.to raise_error(RubyLLM::Native::Error, /db:migrate/)

        LLMTables.create(ActiveRecord::Base.connection)
        expect(store.write(bundle("gpt-4.1"), "one")).to eq("one")
      end

      it "finds a table that is made after it was missed" do
        ActiveRecord::Base.connection.drop_table(:llm_registries)
        LLMRegistry.reset_column_information
        ActiveRecord::Base.connection.schema_cache.clear!
        RubyLLM.config.logger = Logger.new(StringIO.new)
        expect(store.stamp).to be_nil
        expect(LLMRegistry.table_exists?).to be(false)
        in_process(database) { LLMTables.create(ActiveRecord::Base.connection) }.then do |pid, line|
          line.gets && Process.wait(pid)
        end

        store.write(bundle("gpt-4.1"), "one")
        expect(store.stamp).to eq("one")
      end

      describe "the lease" do
        it "is one's own until it is given back" do
          token = store.claim(60)

          expect(store.claim(60)).to be_nil
          expect(store.holds?(token)).to be(true)
          expect(store.holds?("another")).to be(false)
          expect(store.lease_until).to be_within(5).of(Time.now + 60)
          expect(store.release(token)).to be(true)
          expect(store.holds?(token)).to be(false)
          expect(store.claim(60)).to be_a(String).and(satisfy { |other| other != token })
        end

        it "takes a locking look and an update when the row is there" do
          store.release(store.claim(60))

          expect(Databases.statements { store.claim(60) }).to match([start_with("SELECT"), start_with("UPDATE")])
        end

        it "is free after its time, and its holder finds out" do
          token = store.claim(60)
          expire_lease
          other = store.claim(60)

          expect(other).to be_a(String)
          expect(store.holds?(token)).to be(false)
          expect(store.release(token)).to be(false)
          expect { store.extend_lease(token, 30) }.to raise_error(RubyLLM::Native::LeaseLost)
          expect(store.holds?(other)).to be(true)
        end

        it "still belongs to its holder after its time, until another process takes it" do
          token = store.claim(60)
          expire_lease
          store.extend_lease(token, 30)

          expect(store.claim(60)).to be_nil
        end

        it "goes to one of many, with and without a row" do
          2.times do
            start = Thread::Queue.new
            threads = Array.new(8) { Thread.new { start.pop && store.claim(60) } }
            8.times { start << true }
            tokens = threads.map(&:value).compact

            expect(tokens.size).to eq(1)
            store.release(tokens.first)
          end
          expect(LLMRegistry.count).to eq(1)
        end

        it "lets its holder write, but no process that has lost it" do
          token = store.claim(60)
          store.hold(token) { store.write(bundle("gpt-4.1"), "one") }
          expire_lease
          store.claim(60)

          store.hold(token) do
            expect { store.write(bundle("o4-mini"), "two") }.to raise_error(RubyLLM::Native::LeaseLost)
            expect { store.touch("two") }.to raise_error(RubyLLM::Native::LeaseLost)
          end
          expect(store.stamp).to eq("one")
          expect(store.read).to eq(bundle("gpt-4.1"))
        end
      end
    end
  end

  it "does not need the class before it is used" do
    store = described_class.new("ThereIsNoSuchClass")

    expect(store.description).to eq("the table of ThereIsNoSuchClass, row default")
    expect(store.check_on_lookup?).to be(false)
    expect { store.read }.to raise_error(NameError, /ThereIsNoSuchClass/)
  end
end
