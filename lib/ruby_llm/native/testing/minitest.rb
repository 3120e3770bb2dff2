# frozen_string_literal: true

require "minitest"
require_relative "../testing"

module RubyLLM
  module Native
    module Testing
      # The helpers in every test, which leaves no stub and no model behind.
      module Hooks
        include Helpers

        def before_setup
          @ruby_llm_native_before = Testing.checkpoint
          super
        end

        def after_teardown
          super
        ensure
          Testing.restore(@ruby_llm_native_before)
        end
      end
    end
  end
end

Minitest::Test.include RubyLLM::Native::Testing::Hooks
