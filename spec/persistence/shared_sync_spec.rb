# frozen_string_literal: true

require "logger"
require "ruby_llm_native"
require "stringio"
require_relative "../support/persistence_context"

RSpec.describe "LLMModel.sync! in several processes" do
  Databases.all.each do |database|
    context "on #{database.name}" do
      include_context "with tables of models", database

      describe "one process at a time" do
        it "asks once when eight processes sync at once, and all of them have what came" do
          server.on("openai", openai("gpt-4.1", "o4-mini", delay: 3))
          workers = Array.new(8) do
            in_process(database) do
              LLMModel.sync!.then { |result| "#{result.joined?} #{result.inserted} #{RubyLLM.models.size}" }
            end
          end
          told = workers.map { |_, line| line.gets }
          workers.each { |pid, _| Process.wait(pid) }

          expect(told.map(&:chomp).tally).to eq("false 3 3" => 1, "true 0 3" => 7)
          expect(server.requests("openai").size).to eq(1)
          expect(LLMModel.pluck(:model_id)).to contain_exactly("gpt-4.1", "o4-mini", "mistral-large-latest")
        end

        it "does nothing when it is told not to wait" do
          token = store.claim(60)
          result = LLMModel.sync!(skip_if_running: true)

          expect(result).to be_skipped
          expect(result.to_s).to eq("Not synced: another process is syncing")
          expect(server.requests("openai")).to be_empty
          store.release(token)
          expect(LLMModel.sync!(skip_if_running: true).inserted).to eq(3)
        end

        it "waits for a caller with other work, and then does its own" do
          theirs = store.claim(60, "something else")
          waiting = Thread.new { LLMModel.sync!(skip_if_running: true) }
          sleep(0.05) until waiting.status == "sleep"
          store.release(theirs)

          expect(waiting.value).to have_attributes(joined?: false, skipped?: false, inserted: 3)
        end

        it "says of its lease what it is for: the table and the options" do
          works = [{}, {only: [:openai]}, {configured_only: true}, {timeout: 7}].map do |options|
            LLMModel.sync!(**options)
            store.lease.work
          end

          expect(works).to all(match(/\A\h{16}\z/))
          expect(works.uniq.size).to eq(3)
          expect(works.last).to eq(works.first)
        end

        it "tells why a sync failed although the lease cannot be given back" do
          log = StringIO.new
          RubyLLM.config.logger = Logger.new(log)
          store.release(store.claim(60))
          server.on("openai", lambda do |_request|
            LLMRegistry.connection.rename_column(:llm_registries, :lease_token, :gone)
            status(500)
          end)

          expect { LLMModel.sync! }.to raise_error(RubyLLM::Native::RefreshError)
          expect(log.string)
            .to include(
              "The lease of the table of LLMRegistry, row default could not be released, and ends when it expires"
            )
        end

        it "leaves no connection with a thread of its own" do
          kept = Thread.new do
            [
              LLMModel.sync!.inserted, RubyLLM.models.catch_up(force: true),
              !!LLMModel.connection_pool.active_connection?
            ]
          end
          expect(kept.value).to eq([3, false, false])
        end

        it "does the work itself when the one it waited for has failed" do
          token = store.claim(60)
          waiting = Thread.new { LLMModel.sync! }
          sleep(0.05) until waiting.status == "sleep"
          store.release(token, finished: false)

          expect(waiting.value).to have_attributes(joined?: false, inserted: 3)
        end

        it "gives the lease back when the refresh fails" do
          server.on("openai", status(500))
          expect { LLMModel.sync! }.to raise_error(RubyLLM::Native::RefreshError)

          expect(store.lease).to have_attributes(token: nil, until: nil)
        end

        it "writes nothing when the lease was lost meanwhile" do
          LLMModel.sync!
          before = contents
          stamp = store.stamp
          answer = openai("gpt-4.1", "o5")
          other = nil
          server.on("openai", lambda do |_request|
            LLMRegistry.update_all(lease_until: Time.now.utc - 1) # its time passes
            other = store.claim(60)
            answer
          end)

          expect { LLMModel.sync! }.to raise_error(RubyLLM::Native::LeaseLost)
          expect(contents).to eq(before)
          expect(store.stamp).to eq(stamp)
          expect(store.holds?(other)).to be(true)
        end

        it "leaves the table as it was when it is killed while writing, and the lease free after its time" do
          LLMModel.sync!
          server.on("openai", openai("gpt-4.1", "o5"))
          before = contents
          pid, line = in_process(database) do |tell|
            stop = lambda do |*, event|
              next unless event[:sql].match?(/\AINSERT INTO.*llm_models/m)

              tell.puts("written")
              sleep
            end
            ActiveSupport::Notifications.subscribed(stop, "sql.active_record") { LLMModel.sync! }
          end
          expect(line.gets).to eq("written\n")
          Process.kill(:KILL, pid)
          Process.wait(pid)

          expect(contents).to eq(before)
          expect(LLMModel.sync!(skip_if_running: true)).to be_skipped
          LLMRegistry.update_all(lease_until: Time.now.utc - 1) # its time passes
          expect(counts(LLMModel.sync!(skip_if_running: true))).to eq(inserted: 1, made_unavailable: 1, unchanged: 2)
        end

        it "sends no statement and has no transaction open while providers answer" do
          expect(transaction_open_while_openai_answers { LLMModel.sync! }).to be(false)
        end
      end
    end
  end
end
