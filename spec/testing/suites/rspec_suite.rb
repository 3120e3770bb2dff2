# frozen_string_literal: true

# An app's suite with the helpers for RSpec, beside WebMock, run in a process of its own. Its examples run in the
# order they have here.

require "webmock/rspec"
require "ruby_llm/native/testing/rspec"

RSpec.describe "an app's suite with the helpers", order: :defined do
  before(:all) do
    RubyLLM.configure do |config|
      config.openai_api_key = config.mistral_api_key = "no-real-key"
      config.openai_api_base = "#{ENV.fetch("SERVER")}/openai"
      config.mistral_api_base = "#{ENV.fetch("SERVER")}/mistral"
      config.models_dev_url = "#{ENV.fetch("SERVER")}/models_dev/api.json"
    end
  end

  it "has a source answer, and another one fail" do
    stub_source(:openai, models: [{id: "gpt-4.1", type: :chat}])
    fail_source(:mistral, status: 503)
    RubyLLM.models.refresh!
    expect(RubyLLM.models.chat_models.map(&:id)).to eq(%w[gpt-4.1])
    expect(RubyLLM.models.last_refresh[:mistral])
      .to have_attributes(status: :failed, error_class: RubyLLM::ServiceUnavailableError)
  end

  it "finds nothing left of the example before" do
    expect(RubyLLM.models.to_a).to be_empty
    expect { RubyLLM.models.refresh! }
      .to raise_error(RubyLLM::Native::RefreshError, /OpenAI is not stubbed, .*RubyLLM::Native::Testing/)
  end

  it "lets nothing out, whatever WebMock allows" do
    WebMock.allow_net_connect!
    expect { RubyLLM.models.refresh! }.to raise_error(RubyLLM::Native::RefreshError, /Mistral is not stubbed/)
  ensure
    WebMock.disable_net_connect!
  end

  it "puts models in place" do
    use_models([{provider: :anthropic, id: "claude-opus-4-5"}])
    expect(RubyLLM.models.map(&:id)).to eq(%w[claude-opus-4-5])
  end

  it "finds them gone" do
    expect(RubyLLM.models.to_a).to be_empty
  end
end
