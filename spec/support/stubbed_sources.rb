# frozen_string_literal: true

require "ruby_llm/native/testing"

# The helpers lock the network as soon as they are loaded: here only in the examples that are about them.
RubyLLM::Native.const_get(:Plan).transport = RubyLLM::Native.const_get(:Network)

# Examples in which no source is asked over the network, and the process's registry is their own.
RSpec.shared_context "with stubbed sources" do
  include RubyLLM::Native::Testing::Helpers

  around do |example|
    RubyLLM::Native.const_get(:Plan).transport = RubyLLM::Native::Testing::Answers.new
    RubyLLM::Native::Testing.isolate { example.run }
  ensure
    RubyLLM::Native.const_get(:Plan).transport = RubyLLM::Native.const_get(:Network)
  end
end
