# frozen_string_literal: true

# An app's suite with the helpers for Minitest, run in a process of its own. Its tests run in the order of their names.

require "minitest/autorun"
require "ruby_llm/native/testing/minitest"

RubyLLM.configure do |config|
  config.openai_api_key = "no-real-key"
  config.openai_api_base = "#{ENV.fetch("SERVER")}/openai"
  config.models_dev_url = "#{ENV.fetch("SERVER")}/models_dev/api.json"
end

class RegistryTest < Minitest::Test
  def self.test_order
    :alpha
  end

  def setup
    @in_setup = RubyLLM.models.size
  end

  def test_1_a_source_answers
    stub_source(:openai, models: [{id: "gpt-4.1", type: :chat}])
    RubyLLM.models.refresh!

    assert_equal(["gpt-4.1"], RubyLLM.models.map(&:id))
    assert_includes(RubyLLM.models.last_refresh[:models_dev].error, "RubyLLM::Native::Testing")
  end

  def test_2_nothing_is_left_of_it
    assert_equal(0, @in_setup)
    error = assert_raises(RubyLLM::Native::RefreshError) { RubyLLM.models.refresh! }
    assert_match(/OpenAI is not stubbed/, error.message)
  end

  def test_3_models_are_put_in_place
    use_models([{provider: :openai, id: "o3"}])

    assert_equal("o3", RubyLLM.models.find("o3").id)
  end

  def test_4_they_are_gone
    assert_nil(RubyLLM.models["o3"])
  end
end
