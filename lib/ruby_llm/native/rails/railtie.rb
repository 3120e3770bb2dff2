# frozen_string_literal: true

require "rails/railtie"
require "active_support/ordered_options"

module RubyLLM
  module Native
    # Makes the registry at home in a Rails app: settings, logger, events, tasks, and fresh models at the start of
    # each request and job.
    #
    # What is set in `config.ruby_llm_native` is copied into RubyLLM.config, before the app's initializers run and,
    # where an initializer changed it, after them.
    #
    # @example In config/application.rb
    #   config.ruby_llm_native.refresh_timeout = 20
    class Railtie < ::Rails::Railtie
      config.ruby_llm_native = ActiveSupport::OrderedOptions.new

      # @return [void]
      # @raise [UnknownOption] when there is no such option
      def self.copy(options)
        options.each { |name, value| RubyLLM.config.public_send(:"#{name}=", value) }
      end

      initializer "ruby_llm_native.settings", before: :load_config_initializers do |app|
        RubyLLM.config.logger ||= ::Rails.logger
        Railtie.copy(@copied = app.config.ruby_llm_native.to_h)
      end

      initializer "ruby_llm_native.later_settings", after: :load_config_initializers do |app|
        Railtie.copy(app.config.ruby_llm_native.to_h.reject { |name, value| @copied.key?(name) && @copied[name].equal?(value) })
      end

      initializer "ruby_llm_native.events" do
        require_relative "events"
        Native.on_refresh { |report| Events.notify(report) }
      end

      # Here and not at a look-up: that may happen in a transaction, or in a thread that never gives its connection
      # back.
      initializer "ruby_llm_native.freshness" do |app|
        require_relative "freshness"
        app.executor.to_run { Freshness.ensure! }
      end

      rake_tasks do
        load File.expand_path("tasks.rake", __dir__)
        load File.expand_path("../tasks/llm_models.rake", __dir__)
      end
    end
  end
end
