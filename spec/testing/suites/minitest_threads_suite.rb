# frozen_string_literal: true

# An app's suite whose tests run in parallel threads, in a process of its own: each sees its own stubs and models,
# whatever the others do.

ENV["N"] = "4" # threads
require "minitest/autorun"
require "ruby_llm/native/testing/minitest"

RubyLLM.configure do |config|
  config.openai_api_key = "no-real-key"
  config.openai_api_base = "#{ENV.fetch("SERVER")}/openai"
  config.models_dev_url = nil
end

# A test helper of the app's that may fail before any of ours has begun.
module BrokenSetup
  def before_setup
    raise "no fixtures" if name.include?("broken")

    super
  end
end

class ThreadsTest < Minitest::Test
  parallelize_me!
  prepend BrokenSetup

  8.times do |number|
    define_method(:"test_stub_#{number}") do
      assert_equal(0, RubyLLM.models.size)
      stub_source(:openai, models: [{id: "stub-#{number}"}])
      sleep(0.02)
      RubyLLM.models.refresh!
      sleep(0.02)

      assert_equal(["stub-#{number}"], RubyLLM.models.map(&:id))
    end

    define_method(:"test_models_#{number}") do
      use_models([{provider: :openai, id: "model-#{number}"}])
      sleep(0.02)

      assert_equal(["model-#{number}"], RubyLLM.models.map(&:id))
      with_models([{provider: :openai, id: "inner"}]) { assert(RubyLLM.models.find("inner")) }
    end

    define_method(:"test_broken_#{number}") { flunk }
  end
end
