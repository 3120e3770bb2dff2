# frozen_string_literal: true

require "logger"
require "ruby_llm_native"
require "stringio"
require_relative "../support/persistence_context"

# What goes wrong around the lease: locked rows, wrong clocks, stores that cannot be written, connections that drop.
RSpec.describe "The lease of a sync" do
  let(:shared_sync) { RubyLLM::Native::Persistence.const_get(:SharedSync) }
  let(:log) { StringIO.new }

  before { RubyLLM.config.logger = Logger.new(log) }

  # @return [Array(Object, Float)] what the block returns, and how many seconds it took
  def timed
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    [yield, Process.clock_gettime(Process::CLOCK_MONOTONIC) - start]
  end

  # Another connection locks the lease's row until the block ends.
  #
  # @param finished [Boolean] whether it then also says that the work is done, as the holder would
  def while_locked(finished: false)
    locked, over = Thread::Queue.new, Thread::Queue.new
    thread = Thread.new do
      LLMRegistry.transaction do
        LLMRegistry.lock.pick(:id)
        locked << true
        over.pop
        finished ? LLMRegistry.update_all(lease_until: nil) : raise(ActiveRecord::Rollback)
      end
    end
    locked.pop
    yield(-> { over << true })
  ensure
    over << true
    thread.join
  end

  # As another process would that is not there any more.
  def left_behind(token, until_)
    store.release(store.claim(60))
    LLMRegistry.update_all(lease_token: token, lease_until: until_)
  end

  def token(seconds, work = nil)
    ["0" * 32, seconds, *work].join(" ")
  end

  # What a sync of LLMModel without options is for.
  def work
    LLMModel.sync!
    store.lease.work
  end

  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      it "counts from when it was got, and says in its token how long it lasts and what for" do
        store.claim(7.2, "some work, in words")

        expect(store.lease)
          .to have_attributes(work: "some work, in words", length: 8, until: be_within(2).of(Time.now + 7.2))
        expect(store.lease.token).to match(/\A\h{32} 8 some work, in words\z/)
      end

      describe "of a process whose clock was ahead when it was killed", :aggregate_failures do
        [60, 86_400, 40_000_000].each do |ahead|
          it "holds nobody off for longer than it may last: #{ahead} seconds" do
            left_behind(token(1, work), Time.now.utc + 1 + ahead)
            result, seconds = timed { LLMModel.sync! }

            expect(result).to have_attributes(joined?: false, skipped?: false, unchanged: 3)
            expect(seconds).to be_between(1, 20)
          end
        end

        it "is waited for as long even by a process that would not wait, since it may be alive" do
          left_behind(token(1, work), Time.now.utc + 3600)
          result, seconds = timed { LLMModel.sync!(skip_if_running: true) }

          expect(result).to have_attributes(skipped?: false, unchanged: 3)
          expect(seconds).to be_between(1, 20)
        end

        it "is joined when its holder is alive and finishes" do
          mine = token(60, work)
          left_behind(mine, Time.now.utc + 3600)
          waiting = Thread.new { LLMModel.sync!(skip_if_running: true) }
          sleep(0.05) until waiting.status == "sleep"
          sleep(0.5) # it may have been the database that it waited for
          store.release(mine)

          expect(waiting.value).to be_joined
        end
      end

      it "belongs to its holder for as long as the holder said, not as others would take it" do
        RubyLLM.config.refresh_timeout = 0.1
        store.claim(600, work)

        expect(LLMModel.sync!(skip_if_running: true)).to be_skipped
        expect(store.claim(1)).to be_nil
      end

      describe "whose store cannot be written" do
        before do
          LLMModel.sync!
          case database.name
          when "SQLite" then ActiveRecord::Base.connection.execute(<<~SQL)
            CREATE TRIGGER full_disk BEFORE UPDATE OF catalog ON llm_registries
            BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
          SQL
          when "PostgreSQL" then ActiveRecord::Base.connection.execute(<<~SQL)
            CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger AS
            $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$ LANGUAGE plpgsql;
            CREATE TRIGGER full_disk BEFORE UPDATE OF catalog ON llm_registries EXECUTE FUNCTION full_disk();
          SQL
          else ActiveRecord::Base.connection.change_column(:llm_registries, :catalog, :binary, limit: 20)
          end
        rescue ActiveRecord::ActiveRecordError
          # MariaDB refuses to cut what is there: an empty table can be narrowed.
          LLMRegistry.delete_all
          ActiveRecord::Base.connection.change_column(:llm_registries, :catalog, :binary, limit: 20)
        end

        after { ActiveRecord::Base.connection.execute("DROP TRIGGER full_disk") if database.name == "SQLite" }

        it "is not finished, and that is said each time" do
          %w[o5 o6].each do |id|
            server.on("openai", openai("gpt-4.1", id))
            LLMModel.sync!
            expect(store.lease).to have_attributes(token: nil, until: nil)
          end

          unwritten = /WARN.*The registry in the table of LLMRegistry, row default cannot be written: /
          expect(log.string.lines.grep(unwritten).size).to eq(2)
        end

        it "is joined by nobody: a process that waited does its own work" do
          server.on("openai", openai("gpt-4.1", "o5", delay: 0.5))
          results = Array.new(2) do
            in_process(database) do
              LLMModel.sync!.then { |result| "#{result.joined?} #{RubyLLM.models.map(&:id).include?("o5")}" }
            end
          end
          told = results.map { |_, line| line.gets }
          results.each { |pid, _| Process.wait(pid) }

          expect(told).to eq(["false true\n"] * 2)
        end
      end

      next if database.name == "SQLite" # no locks of rows, no connection that could drop

      describe "whose row another transaction has locked" do
        it "is not waited for" do
          store.release(store.claim(60))
          while_locked { expect(timed { store.claim(60) }).to match([nil, be < 5]) }
          expect(store.claim(60)).to be_a(String)
        end

        it "skips who would not wait, whether somebody holds it or not", :aggregate_failures do
          same = work
          [
            [nil, nil], [token(60, same), nil], [token(60, same), Time.now.utc - 5],
            [token(60, same), Time.now.utc + 50]
          ].each do |lease|
            left_behind(*lease)
            while_locked { expect(timed { LLMModel.sync!(skip_if_running: true) }).to match([be_skipped, be < 5]) }
          end
        end

        it "is taken when the row is free, for all its time" do
          RubyLLM.config.refresh_timeout = 3
          left_behind(token(1, work), Time.now.utc - 5)
          server.on("openai", lambda do |_request|
            @left = store.lease_until - Time.now
            openai("gpt-4.1", "o5")
          end)
          while_locked do |unlock|
            waiting = Thread.new { LLMModel.sync! }
            sleep(1.5)
            unlock.call
            expect(waiting.value).to have_attributes(joined?: false, inserted: 1)
          end
          expect(@left).to be_between(31, 33)
        end

        it "is joined by who could not ask for it before it was finished" do
          mine = token(60, work)
          left_behind(mine, Time.now.utc + 60)
          asked = server.requests("openai").size
          while_locked(finished: true) do |unlock|
            waiting = Thread.new { LLMModel.sync! }
            sleep(0.05) until waiting.status == "sleep"
            sleep(0.5)
            unlock.call
            expect(waiting.value).to be_joined
          end
          expect(server.requests("openai").size).to eq(asked)
        end

        it "is not joined by who asked when it had been finished" do
          left_behind(token(60, work), nil)
          while_locked do |unlock|
            waiting = Thread.new { LLMModel.sync! }
            sleep(0.5)
            unlock.call
            expect(waiting.value).to have_attributes(joined?: false, unchanged: 3)
          end
        end

        it "is given up before anybody is asked when that lasts longer than any lease" do
          stub_const("#{shared_sync}::GRACE", 0.5)
          RubyLLM.config.refresh_timeout = 0.5
          store.release(store.claim(60))
          while_locked do
            expect { LLMModel.sync! }
              .to raise_error(
                ActiveRecord::LockWaitTimeout, /row default has been locked by another transaction for more than 1 s/
              )
          end
          expect(server.requests("openai")).to be_empty
        end
      end

      describe "whose connection drops" do
        # As by a server that is restarted: our side does not know yet.
        define_method(:drop_connection) do
          postgresql = database.name == "PostgreSQL"
          own_id = postgresql ? "SELECT pg_backend_pid()" : "SELECT CONNECTION_ID()"
          id = ActiveRecord::Base.connection.select_value(own_id)
          Thread.new do
            ActiveRecord::Base.connection_pool.with_connection do |other|
              other.execute(postgresql ? "SELECT pg_terminate_backend(#{id})" : "KILL #{id}")
            end
          end.join
          sleep(0.1)
        end

        it "is given back over a new one" do
          token = store.claim(60)
          drop_connection

          expect(store.release(token)).to be(true)
          expect(store.lease).to have_attributes(token: token, until: nil)
        end

        it "is given back after a sync whose connection drops once the table has been read" do
          LLMModel.sync!
          drop = ->(*, event) { drop_connection if event[:sql].match?(/\ASELECT.*fingerprint/) }
          result = ActiveSupport::Notifications.subscribed(drop, "sql.active_record") { LLMModel.sync! }

          expect(result.unchanged).to eq(3)
          expect(store.lease).to have_attributes(work: be_a(String), until: nil)
          expect(log.string).not_to include("could not be given back")
        end
      end

      next unless database.name.start_with?("MariaDB")

      describe "where the server takes no statement that is as large as the registry" do
        before do
          @limit = ActiveRecord::Base.connection.select_value("SELECT @@global.max_allowed_packet")
          ActiveRecord::Base.connection.execute("SET GLOBAL max_allowed_packet = #{1 << 20}")
          ActiveRecord::Base.connection_pool.disconnect!
        end

        after do
          ActiveRecord::Base.connection_pool.disconnect!
          ActiveRecord::Base.connection.execute("SET GLOBAL max_allowed_packet = #{@limit}")
          ActiveRecord::Base.connection_pool.disconnect!
        end

        it "names the limit each time, and what it must be" do
          2.times do |round|
            server.on("openai", openai(*Array.new(3000) { |number| "model-#{round}-#{number}-#{"x" * 60}" }))
            RubyLLM.models.refresh!
          end

          unwritten = "cannot be written: max_allowed_packet of the database is 1 MB, and the registry needs"
          expect(log.string.scan(/#{unwritten} a statement of \d+ MB\. Set/).size).to eq(2)
        end
      end
    end
  end
end
