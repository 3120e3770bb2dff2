# frozen_string_literal: true

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
