# frozen_string_literal: true

# An app's suite with WebMock, run in a process of its own: SERVER is where all sources are. "mistral" alone may be
# asked there.

require "webmock/rspec"
require "ruby_llm_native"

RSpec.describe "an app's suite with WebMock" do
  before do
    RubyLLM.configure do |config|
      config.models_dev_url = nil
      config.refresh_retries = 0
      config.allow_real_requests = nil
      config.openai_api_key = config.mistral_api_key = "no-real-key"
      config.openai_api_base = "#{ENV.fetch("SERVER")}/openai"
      config.mistral_api_base = "#{ENV.fetch("SERVER")}/mistral"
    end
  end

  after do
    WebMock.enable!
    WebMock.disable_net_connect!
  end

  def error_of(source)
    RubyLLM.models.refresh!(only: source)
    nil
  rescue RubyLLM::Native::RefreshError => error
    error.message
  end

  it "is told what to do when a refresh would slip past WebMock" do
    address = ENV.fetch("SERVER").delete_prefix("http://")
    expect(error_of(:openai)).to eq(
      "The refresh failed: openai (WebMock forbids real requests to #{address}, and it cannot see those of " \
      "RubyLLM::Native, which use libcurl: stub the source with RubyLLM::Native::Testing, " \
      "or set config.allow_real_requests)"
    )
    expect(RubyLLM.models.last_refresh[:openai]).to have_attributes(status: :failed, attempts: 0)
  end

  it "is told so, too, when it has a WebMock stub of that address" do
    stub_request(:get, /openai/).to_return(body: '{"data":[{"id":"never-read"}]}')
    expect(error_of(:openai)).to include("RubyLLM::Native::Testing")
  end

  it "is told so when it allows another host" do
    WebMock.disable_net_connect!(allow: "example.org")
    expect(error_of(:openai)).to include("WebMock forbids")
  end

  it "may ask what WebMock itself lets through, at this host" do
    WebMock.disable_net_connect!(allow_localhost: true)
    expect(error_of(:mistral)).to be_nil
  end

  it "may ask what it lists, with its port" do
    WebMock.disable_net_connect!(allow: [ENV.fetch("SERVER").delete_prefix("http://")])
    expect(error_of(:mistral)).to be_nil
  end

  it "may ask everybody when WebMock lets all through, or is off" do
    WebMock.allow_net_connect!
    expect(error_of(:mistral)).to be_nil
    WebMock.disable_net_connect!
    WebMock.disable!
    expect(error_of(:mistral)).to be_nil
  end

  it "may ask when it says so" do
    RubyLLM.config.allow_real_requests = true
    expect(error_of(:mistral)).to be_nil
  end

  it "is not fooled by a source that has a second host" do
    WebMock.disable_net_connect!(allow_localhost: true)
    RubyLLM.configure do |config|
      config.bedrock_region = "nowhere-1"
      config.bedrock_api_key = config.bedrock_secret_key = "no-real-key"
      config.bedrock_api_base = "#{ENV.fetch("SERVER")}/bedrock"
    end
    expect(error_of(:bedrock)).to include("WebMock forbids real requests to a host of the source's own")
  end
end
