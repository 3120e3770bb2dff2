# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # This gem's options on `RubyLLM.config`, beside ruby_llm's own. Names, defaults and checks are those of
      # {Native::Configuration}.
      module Options
        # ruby_llm 2.x always asks the published registry.
        PUBLISHED = "https://rubyllm.com/models.json"
        private_constant :PUBLISHED

        module_function

        # @param configuration [Class] RubyLLM::Configuration
        # @return [void]
        def install(configuration)
          added = defaults.reject { |name, _| configuration.method_defined?(name) }
          added.each do |name, default|
            configuration.send(:option, name, default)
            configuration.send(:remove_method, :"#{name}=")
            configuration.define_method(:"#{name}=") do |value|
              instance_variable_set(:"@#{name}", Configuration.accept(name, value))
            end
          end
          configuration.include(Extras)
          existing = RubyLLM.instance_variable_get(:@config)
          added.each { |name, default| existing.public_send(:"#{name}=", default) } if existing.is_a?(configuration)
        end

        # Copies what was set before ruby_llm was loaded to ruby_llm's own configuration.
        def carry_over(old, config)
          old.changed.each { |name, value| config.public_send(:"#{name}=", value) if config.respond_to?(:"#{name}=") }
          config.defined_endpoints = old.defined_endpoints.transform_values { |each| each.owned_by(config.object_id) }
        end

        def defaults
          defaults = {**Configuration.own_options, native_refresh: true}
          LoadedVersion.v2? ? {**defaults, published_models_url: PUBLISHED} : defaults
        end

        # The program's configuration as the registry reads it: it has all of this gem's options, whatever object it is.
        #
        # @return [Settings] the same object as long as RubyLLM.config is the same
        def settings
          config = RubyLLM.config
          @settings = Settings.new(config) unless @settings&.wraps?(config)
          @settings
        end
      end
    end
  end
end

require_relative "options/extras"
require_relative "options/settings"
