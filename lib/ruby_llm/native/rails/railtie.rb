# frozen_string_literal: true

require "rails/railtie"
require "active_support/ordered_options"

module RubyLLM
  module Native
    # Integrates the registry into a Rails app: settings, logger, events, tasks, and fresh models at the start of each
    # request and job.
    #
    # Settings in `config.ruby_llm_native` are copied to RubyLLM.config before the app's initializers run; those that an
    # initializer changes are copied again afterwards.
    #
    # @example In config/application.rb
    #   config.ruby_llm_native.refresh_timeout = 20
    class Railtie < ::Rails::Railtie
      config.ruby_llm_native = ActiveSupport::OrderedOptions.new
      config.eager_load_namespaces << Later

      # @api private
      # @return [void]
      # @raise [UnknownOption] when there is no such option
      def self.copy(options)
        options.each { |name, value| RubyLLM.config.public_send(:"#{name}=", value) }
      end

      initializer "ruby_llm_native.deprecator", before: :load_environment_config do |app|
        app.deprecators[:ruby_llm_native] = Native.deprecator if app.respond_to?(:deprecators) # Rails 7.1
      end

      initializer "ruby_llm_native.settings", before: :load_config_initializers do |app|
        RubyLLM.config.logger ||= ::Rails.logger
        Railtie.copy(@copied = app.config.ruby_llm_native.to_h)
      end

      initializer "ruby_llm_native.later_settings", after: :load_config_initializers do |app|
        settings = app.config.ruby_llm_native.to_h
        Railtie.copy(settings.reject { |name, value| @copied.key?(name) && @copied[name].equal?(value) })
      end

      initializer "ruby_llm_native.events" do
        require_relative "events"
        require_relative "log_subscriber"
        LogSubscriber.attach_to(:ruby_llm_native)
        Native.refresh_log = Events
      end

      # Not during a lookup, which may run in a transaction, or in a thread that never returns its connection.
      initializer "ruby_llm_native.freshness" do |app|
        require_relative "freshness"
        app.executor.to_run { Freshness.ensure! }
      end

      rake_tasks do
        load File.expand_path("llm_models.rake", __dir__)
        load File.expand_path("../tasks/diff.rake", __dir__)
      end
    end
  end
end
