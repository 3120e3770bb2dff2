# frozen_string_literal: true

require "minitest"
require_relative "../testing"
require_relative "turns"

module RubyLLM
  module Native
    module Testing
      TURNS = Turns.new
      private_constant :TURNS

      # The helpers in every test. A test leaves no stubs or models behind. Tests in parallel threads run one at a time.
      #
      # @api private
      module Hooks
        include Helpers

        def before_setup
          TURNS.take
          @ruby_llm_native_before = Testing.checkpoint
          super
        end

        # If another module's before_setup has raised first, there is nothing to restore.
        def after_teardown
          super
        ensure
          if @ruby_llm_native_before
            Testing.restore(@ruby_llm_native_before)
            TURNS.give_back
          end
        end
      end
    end
  end
end

Minitest::Test.include RubyLLM::Native::Testing::Hooks
