# frozen_string_literal: true

require "logger"
require_relative "support/listings"

# What a call of `refresh!` asks for, raises, keeps to itself and tells.
RSpec.describe "a call of refresh!" do
  include_context "with a server for all sources"
  include Listings

  describe "who is asked" do
    it "is only the named source, and the others keep their models" do
      registry.refresh!
      server.on("openai", json(fixture("openai/good_dropped")))
      registry.refresh!(only: :openai)

      expect(server.requests("mistral").size).to eq(1)
      others = registry.last_refresh.reject { |outcome| outcome.source == :openai }
      expect(others.map { |outcome| [outcome.status, outcome.reason] }.uniq).to eq([%i[skipped excluded]])
      expect(outcome(:mistral)).to have_attributes(count: 9, kept: 9)
      expect(listed(:mistral).size).to eq(9)
    end

    it "may be named by strings and in a list" do
      registry.refresh!(only: ["openai", :xai])

      expect(registry.last_refresh.select(&:asked?).map(&:source)).to eq(%i[openai xai])
    end

    it "does not include the user's own machine with remote_only" do
      registry.refresh!
      registry.refresh!(remote_only: true)

      expect(server.requests("ollama").size).to eq(1)
      expect(outcome(:ollama)).to have_attributes(status: :skipped, reason: :excluded, count: 6, kept: 6)
    end

    it "must be known: else the known ones are named" do
      known = "openai, anthropic, gemini, mistral, deepseek, openrouter, xai, ollama, models_dev, "
      expect { registry.refresh!(only: %i[openai opneai]) }
        .to raise_error(ArgumentError, /\AUnknown source: opneai \(known: #{known}/)
      expect(server.requests("openai")).to be_empty
    end

    it "does not include a source whose setting is missing, and the report names it" do
      config.openai_api_key = "  "
      config.ollama_api_base = nil
      config.models_dev_url = nil
      registry.refresh!

      expect(outcome(:openai))
        .to have_attributes(status: :skipped, reason: :openai_api_key, note: "openai_api_key is not set")
      expect(outcome(:ollama)).to have_attributes(status: :skipped, reason: :ollama_api_base)
      expect(outcome(:models_dev)).to have_attributes(status: :skipped, reason: :models_dev_url)
      expect(server.requests("openai") + server.requests("ollama") + server.requests("models_dev")).to be_empty
      expect(outcome(:mistral).status).to eq(:refreshed)
    end
  end

  describe "when it raises" do
    it "is because every provider that was asked failed, and the error has the report" do
      (ReplayServer::PATHS.keys - ["models_dev"]).each { |source| server.on(source, status(500)) }

      expect { registry.refresh! }
        .to raise_error(RubyLLM::Native::RefreshError, /openai \(HTTP 500\).*ollama \(HTTP 500\)/) { |error|
          expect(error.report).to be(registry.last_refresh)
          expect(error.report.failures.size).to eq(8)
        }
      expect(registry["gpt-5.4"]).to be_a(RubyLLM::Native::Model)
    end

    it "is not because the metadata source failed beside a provider that did not" do
      server.on("models_dev", status(500))

      expect { registry.refresh! }.not_to raise_error
      expect(outcome(:models_dev).status).to eq(:failed)
    end

    it "is because the metadata source failed when nobody else was asked" do
      server.on("models_dev", status(500))

      expect { registry.refresh!(only: :models_dev) }.to raise_error(RubyLLM::Native::RefreshError)
    end

    it "is with strict because any source failed, and what the others said is taken in" do
      server.on("xai", status(500))

      expect { registry.refresh!(strict: true) }
        .to raise_error(RubyLLM::Native::RefreshError, "The refresh failed: xai (HTTP 500)")
      expect(listed(:openai).size).to eq(12)
    end

    it "is not with strict because a source had no model or nothing new" do
      registry.refresh!
      server.on("xai", json(fixture("xai/empty")))

      expect { registry.refresh!(strict: true) }.not_to raise_error
      expect([outcome(:xai).status, outcome(:models_dev).status]).to eq(%i[empty unchanged])
    end

    describe "with nobody to ask" do
      let(:log) { StringIO.new }
      let(:nobody) do
        registry_for(RubyLLM::Native::Configuration.new.tap do |config|
          config.models_dev_url = nil
          config.logger = Logger.new(log)
        end)
      end

      it "is not, but the report and the log say so, with the settings that would help" do
        expect { nobody.refresh! }.not_to raise_error
        expect(nobody.last_refresh.map(&:status).uniq).to eq([:skipped])
        expect(nobody.last_refresh.to_s)
          .to match(/\ANo source was asked: none is configured; set one of openai_api_key, .*models_dev_url/)
        expect(log.string).to match(/\AW, .*No source was asked: none is configured; set one of openai_api_key, /)
      end

      it "is with strict" do
        expect { nobody.refresh!(strict: true) }
          .to raise_error(RubyLLM::Native::NobodyToAsk, /set one of openai_api_key/)
        expect { nobody.refresh!(only: :xai, strict: true) }
          .to raise_error(RubyLLM::Native::RefreshError, /; set one of xai_api_key\z/) { |error|
            expect(error).not_to be_transient
            expect(error.report.failures).to eq([])
          }
      end

      it "is with strict when the call leaves out all that are configured" do
        config = Refreshing.configuration(server, only: %w[ollama])
        expect { registry_for(config).refresh!(only: :ollama, remote_only: true, strict: true) }
          .to raise_error(RubyLLM::Native::NobodyToAsk,
            "No source was asked: the call excluded every configured source")
      end
    end
  end

  describe "a key" do
    # All that a person or a log may get to see of it.
    def everything_shown
      error = begin
        registry.refresh!
      rescue RubyLLM::Native::RefreshError => raised
        raised
      end
      report = registry.last_refresh
      [
        error.message, error.inspect, error.full_message(highlight: false),
        error.report.to_s, report.inspect, JSON.generate(report.to_h),
        report.map(&:inspect), report.map(&:error), report.map(&:note),
        registry.inspect, registry.to_s, config.inspect, config.to_s
      ].flatten.join("\n")
    end

    it "is never shown, not even when the server sends it back" do
      Refreshing::KEYS.each do |source, key|
        server.on(source, status(401, body: {error: {message: "Incorrect API key provided: #{key}, sorry"}}))
      end
      server.on("ollama", status(500))
      shown = everything_shown

      expect(shown).to include("Incorrect API key provided: [secret], sorry")
      Refreshing::KEYS.each_value { |key| expect(shown).not_to include(key) }
    end

    it "is not shown in part when the message is cut in the middle of it" do
      (120..260).step(7) do |length|
        server.on("openai", status(401, body: {error: {message: "#{"x" * length}#{Refreshing::KEYS["openai"]}"}}))
        refresh_only(:openai)

        expect(outcome(:openai).error).to include("xxx")
        expect(outcome(:openai).error).not_to include("key-")
      end
    end

    it "is not shown by the address that a redirect points to" do
      server.on("openai", redirect(to: "http://elsewhere.example/?key=#{Refreshing::KEYS["openai"]}"))
      registry.refresh!

      expect(registry.last_refresh.to_s).to include("redirected to elsewhere.example")
      expect(registry.last_refresh.to_s).not_to include(Refreshing::KEYS["openai"])
    end

    it "is not shown when it cannot be sent" do
      config.openai_api_key = "key-with-a\nline-break"
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, error_status: :bad_setting, attempts: 0)
      expect(registry.last_refresh.to_s + config.inspect).not_to match(/key-with-a|line-break/)
    end
  end

  describe "its block" do
    let(:run_class) { RubyLLM::Native.const_get(:Run) }

    it "gets each source as it ends, on the thread that called" do
      progress = []
      threads = []
      registry.refresh! do |event|
        progress << event
        threads << Thread.current
      end

      expect(progress.to_h { |event| [event.source, [event.status, event.rows]] }).to include(
        openai: [:refreshed, 12], anthropic: [:refreshed, 6],
        gemini: [:refreshed, 7], mistral: [:refreshed, 11], deepseek: [:refreshed, 4],
        ollama: [:refreshed, 6]
      )
      expect(progress.map(&:source)).to match_array(ReplayServer::PATHS.keys.map(&:to_sym))
      expect(progress).to all(have_attributes(bytes: be_positive, duration: be_between(0, 10)))
      expect(threads.uniq).to eq([Thread.current])
    end

    it "hears of fast sources before slow ones have ended" do
      server.on("openai", json(fixture("openai/good"), delay: 0.4))
      order = []
      registry.refresh!(only: %i[openai xai]) { |event| order << event.source }

      expect(order).to eq(%i[xai openai])
    end

    # Each return costs a wait for the interpreter's lock where other threads are busy.
    it "is what makes the refresh return to Ruby before its end" do
      server.on("openai", json(fixture("openai/good"), delay: 0.2))
      calls = []
      tracing = TracePoint.new(:c_call) { |point| calls << point.method_id if point.defined_class == run_class }
      tracing.enable { registry.refresh!(only: %i[openai xai]) }

      expect(calls - %i[outcome]).to eq(%i[finish close])
      expect(registry.last_refresh.select(&:asked?).map(&:status).uniq).to eq(%i[refreshed])
    end

    it "cancels the refresh when it raises, and nothing has changed" do
      registry.refresh!
      before = [registry.view, registry.last_refresh]
      server.on("openai", json(fixture("openai/good_dropped")))
      server.on("anthropic", stall)

      expect { registry.refresh! { raise "enough" } }.to raise_error(RuntimeError, "enough")
      expect([registry.view, registry.last_refresh]).to match([be(before[0]), be(before[1])])
      expect(registry.refresh!(only: :openai).unlisted.map(&:id)).to eq(["o4-mini"])
    end

    it "cancels the refresh when it is left by break" do
      server.on("anthropic", stall)

      expect(registry.refresh! { break :left }).to eq(:left)
      expect(registry).to be_empty
      expect(registry.refresh!(only: :openai).size).to eq(12)
    end

    it "cannot start another refresh" do
      expect { registry.refresh! { registry.refresh! } }.to raise_error(RubyLLM::Native::ReentrantRefresh)
      expect(registry).to be_empty
    end

    it "may read the models there were" do
      registry.refresh!
      server.on("openai", json(fixture("openai/good_dropped")))
      seen = []
      registry.refresh! { seen << registry.find("o4-mini").listed? }

      expect(seen.uniq).to eq([true])
    end
  end
end
