# frozen_string_literal: true

require "delegate"

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
          @settings = Settings.new(config) unless @settings&.of?(config)
          @settings
        end

        # What the registry needs of a configuration beyond its options.
        module Extras
          include Configuration::Words

          # @return [Credentials] fetched with these options; a copy of the configuration has its own
          def credentials
            @credentials = Credentials.new(self) unless @credentials&.of?(self)
            @credentials
          end

          # 1.16 would show its keys; 2.x has an `inspect` that does not.
          def inspect
            shown = instance_variables.map do |name|
              value = instance_variable_get(name)
              option = name.to_s.delete_prefix("@").to_sym
              "#{name}=#{value.is_a?(String) ? Configuration.show(option, value) : value.inspect}"
            end
            "#<#{self.class.name} #{shown.join(", ")}>"
          end
        end

        # A configuration as the registry reads it, which logs where ruby_llm logs.
        #
        # In a program's specs the configuration may be a Struct or a double that lacks this gem's options: an option
        # that is missing or has an invalid value has its default.
        class Settings < SimpleDelegator
          # The options that determine {Preferences}.
          NAMES = [*Configuration.own_options.keys.grep_v(/\Arefresh_/)].freeze
          private_constant :NAMES

          def initialize(config)
            super
            @whole = config.is_a?(Extras)
            # A double that answers to every name says nothing.
            @answers = !@whole && !config.respond_to?(:no_option_has_this_name)
          end

          Options.defaults.each do |name, default|
            define_method(name) { @whole ? __getobj__.public_send(name) : stated(name, default) }
          end

          def of?(config)
            __getobj__.equal?(config)
          end

          def logger
            @whole ? RubyLLM.logger : stated(:logger, nil)
          end

          def credentials
            @whole ? __getobj__.credentials : @credentials ||= Credentials.new(self)
          end

          # ruby_llm's configuration has no version, so this is a digest of the values.
          #
          # @return [Integer]
          def version
            NAMES.map { |name| public_send(name) }.hash
          end

          private

          def stated(name, default)
            config = __getobj__
            (@answers && config.respond_to?(name)) ? Configuration.accept(name, config.public_send(name)) : default
          rescue ConfigurationError, NoMethodError
            default
          end
        end
      end
    end
  end
end
