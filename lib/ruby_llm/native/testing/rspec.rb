# frozen_string_literal: true

require "rspec/core"
require_relative "../testing"

RSpec.configure do |config|
  config.include RubyLLM::Native::Testing::Helpers
  config.around { |example| RubyLLM::Native::Testing.isolate { example.run } }
end
