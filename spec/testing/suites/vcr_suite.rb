# frozen_string_literal: true

# An app's suite with VCR over WebMock, run in a process of its own: SERVER is where all sources are. "mistral" alone
# may be asked there.

require "tmpdir"
require "vcr"
require "ruby_llm_native"

RSpec.describe "an app's suite with VCR" do
  before(:all) do
    @cassettes = Dir.mktmpdir
    VCR.configure do |config|
      config.cassette_library_dir = @cassettes
      config.hook_into :webmock
    end
    RubyLLM.configure do |config|
      config.models_dev_url = nil
      config.refresh_retries = 0
      config.openai_api_key = config.mistral_api_key = "no-real-key"
      config.openai_api_base = "#{ENV.fetch("SERVER")}/openai"
      config.mistral_api_base = "#{ENV.fetch("SERVER")}/mistral"
    end
  end

  after(:all) { FileUtils.remove_entry(@cassettes) }

  after do
    VCR.configure do |config|
      config.allow_http_connections_when_no_cassette = false
      config.unignore_hosts("127.0.0.1")
    end
    RubyLLM.config.allow_real_requests = nil
  end

  def error_of(source)
    RubyLLM.models.refresh!(only: source)
    nil
  rescue RubyLLM::Native::RefreshError => error
    error.message
  end

  it "is told that nothing is let out without a cassette" do
    expect(error_of(:openai)).to match(/VCR forbids real requests to 127\.0\.0\.1:\d+, and .*RubyLLM::Native::Testing/)
  end

  %i[once all new_episodes none].each do |mode|
    it "is told that a cassette would not hold a refresh, recording #{mode}" do
      VCR.use_cassette("models", record: mode) do
        expect(error_of(:openai))
          .to match(
            /VCR's cassette "models" would have to hold requests to 127\.0\.0\.1:\d+, and .*RubyLLM::Native::Testing/
          )
      end
      expect(Dir.children(@cassettes)).to be_empty
    end
  end

  it "may ask hosts that VCR ignores, in a cassette and without one" do
    VCR.configure { |config| config.ignore_hosts("127.0.0.1") }
    expect(error_of(:mistral)).to be_nil
    VCR.use_cassette("models") { expect(error_of(:mistral)).to be_nil }
  end

  it "may ask everybody without a cassette when VCR says so, but not in one" do
    VCR.configure { |config| config.allow_http_connections_when_no_cassette = true }
    expect(error_of(:mistral)).to be_nil
    VCR.use_cassette("models") { expect(error_of(:openai)).to include("VCR's cassette") }
  end

  it "obeys WebMock when VCR is off" do
    VCR.turned_off do
      expect(error_of(:openai)).to include("WebMock forbids")
      WebMock.allow_net_connect!
      expect(error_of(:mistral)).to be_nil
    ensure
      WebMock.disable_net_connect!
    end
  end

  it "may ask when it says so" do
    RubyLLM.config.allow_real_requests = true
    VCR.use_cassette("models") { expect(error_of(:mistral)).to be_nil }
  end
end
