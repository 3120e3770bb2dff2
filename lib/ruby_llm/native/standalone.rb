# frozen_string_literal: true

require_relative "http_errors"

# RubyLLM as an app knows it, when the ruby_llm gem is not loaded.
module RubyLLM
  # The parent of the ruby_llm gem's chat errors. Nothing raises it here; it exists so that an app's `rescue` works.
  class Error < StandardError; end unless const_defined?(:Error, false)

  # A setting that is invalid.
  class ConfigurationError < StandardError; end unless const_defined?(:ConfigurationError, false)

  # No model of that id, or not at that provider.
  class ModelNotFoundError < StandardError; end unless const_defined?(:ModelNotFoundError, false)

  # The errors for a provider's HTTP status, see {Native::Outcome#error_class}.
  Native::HttpErrors::NAMES.each { |name| const_set(name, Class.new(Error)) unless const_defined?(name, false) }

  @config = Native::Configuration.new
  @models = Native.registry

  class << self
    # @return [Native::Configuration]
    # @example
    #   RubyLLM.config.refresh_timeout  # => 60
    attr_reader :config

    # @return [Native::Registry]
    # @example
    #   RubyLLM.models.find("gpt-4.1")
    attr_reader :models

    # The same settings, with the block's changes, and a registry of their own: for one tenant.
    #
    # @yieldparam config [Native::Configuration] a copy
    # @return [Native::Context]
    # @example
    #   RubyLLM.context { |c| c.openai_api_key = tenant.openai_key }.models.refresh!
    def context
      Native::Context.new(config.dup.tap { |copy| yield copy if block_given? })
    end

    # @yieldparam config [Native::Configuration]
    # @return [void]
    # @raise [Native::UnknownOption] when an option does not exist
    # @example
    #   RubyLLM.configure { |c| c.anthropic_api_key = ENV["ANTHROPIC_API_KEY"] }
    def configure
      Native.const_get(:Later).load!
      yield config
    end
  end
end
