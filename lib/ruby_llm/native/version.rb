# frozen_string_literal: true

module RubyLLM
  module Native
    # @return [String] the version of this gem
    VERSION = "0.1.0"
  end
end
