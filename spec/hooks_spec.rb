# frozen_string_literal: true

require "logger"
require "stringio"
require_relative "support/refreshing"

RSpec.describe "RubyLLM::Native.on_refresh" do
  include_context "with a server for all sources"

  let(:told) { [] }

  before { @hook = RubyLLM::Native.on_refresh { |report| told << [report.failures.map(&:source), registry.size] } }
  after { RubyLLM::Native.forget_hook(@hook) }

  it "tells of every refresh when its models are in place, also of one in which all failed" do
    registry.refresh!(only: :openai)
    size = registry.size
    server.on("openai", status(503))
    expect { registry.refresh!(only: :openai) }.to raise_error(RubyLLM::Native::RefreshError)

    expect(told).to eq([[[], size], [[:openai], size]])
    expect(size).to be_positive
  end

  it "tells of endpoints by name, as progress and the log do" do
    log = StringIO.new
    logger = Logger.new(log, formatter: ->(*, text) { "#{text}\n" })
    own = Refreshing.configuration(server, only: %w[openai], logger: logger)
    own.endpoint :openai_eu, provider: :openai, base_url: server.url("openai_eu"), api_key: "key"
    own.endpoint :openai_us, provider: :openai, base_url: server.url("openai_us"), api_key: "key"
    server.on("openai_eu", json({data: [{id: "eu"}]}))
    server.on("openai_us", status(503))
    progress = []
    registry_for(own).refresh! { |source| progress << [source.source, source.status] }

    expect(told.first.first).to eq(%i[openai_us])
    expect(progress).to contain_exactly(%i[openai refreshed], %i[openai_eu refreshed], %i[openai_us failed])
    expect(log.string.lines).to match([
      "Refresh of openai_us failed: HTTP 503\n", /\ARefreshed: 3 sources asked in .* s, 1 failed \(openai_us\); /
    ])
  end

  it "is silent once it is forgotten" do
    RubyLLM::Native.forget_hook(@hook)

    expect { registry.refresh!(only: :openai) }.not_to(change { told })
  end

  it "needs a block" do
    expect { RubyLLM::Native.on_refresh }.to raise_error(ArgumentError, /needs a block/)
  end

  describe "a RefreshError" do
    def error_of(answers)
      answers.each { |source, code| server.on(source, status(code)) }
      registry.refresh!(only: answers.keys)
    rescue RubyLLM::Native::RefreshError => error
      error
    end

    it "is a CredentialsError when every provider refused its key, whatever a metadata source does" do
      expect(error_of("openai" => 401, "anthropic" => 403, "models_dev" => 503))
        .to be_a(RubyLLM::Native::CredentialsError).and(have_attributes(transient?: false))
    end

    it "is transient when any provider failed otherwise" do
      expect(error_of("openai" => 401, "anthropic" => 503))
        .to be_an_instance_of(RubyLLM::Native::RefreshError).and(have_attributes(transient?: true))
    end
  end
end
