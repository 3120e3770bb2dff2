# frozen_string_literal: true

require "delegate"

module RubyLLM
  module Native
    module BesideRubyLLM
      # Our options on `RubyLLM.config`, beside ruby_llm's own. Names, defaults and checks are those of {Native::Configuration}.
      module Options
        # ruby_llm 2.x always asks the published catalogue.
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
            configuration.define_method(:"#{name}=") { |value| instance_variable_set(:"@#{name}", Configuration.accept(name, value)) }
          end
          configuration.include(Extras)
          existing = RubyLLM.instance_variable_get(:@config)
          added.each { |name, default| existing.public_send(:"#{name}=", default) } if existing
        end

        # What was set before ruby_llm came, into its own configuration.
        def carry_over(old, config)
          old.changed.each { |name, value| config.public_send(:"#{name}=", value) if config.respond_to?(:"#{name}=") }
        end

        def defaults
          defaults = {**Configuration.own_options, native_refresh: true}
          Edition.two? ? {**defaults, published_models_url: PUBLISHED} : defaults
        end
        private_class_method :defaults

        # The program's configuration, as our registry reads it.
        #
        # @return [Settings] the same one as long as RubyLLM.config is the same
        def settings
          config = RubyLLM.config
          @settings = Settings.new(config) unless @settings&.of?(config)
          @settings
        end

        # What our registry asks of a configuration beyond its options.
        module Extras
          include Configuration::Words

          # @return [Credentials] what is fetched with these options; a copy of the configuration has its own
          def credentials
            @credentials = Credentials.new(self) unless @credentials&.of?(self)
            @credentials
          end

          # 1.16 would show its keys; 2.x has this of its own.
          def inspect
            shown = instance_variables.map { |name| "#{name}=#{instance_variable_get(name).inspect}" }
            "#<#{self.class.name} #{shown.join(", ")}>"
          end
        end

        # The configuration as our registry reads it: what it logs goes where ruby_llm logs.
        class Settings < SimpleDelegator
          # What {Preferences} are made of.
          NAMES = [*Configuration.own_options.keys.grep_v(/\Arefresh_/)].freeze
          private_constant :NAMES

          def of?(config)
            __getobj__.equal?(config)
          end

          def logger
            RubyLLM.logger
          end

          # ruby_llm's configuration counts no changes: another number for other values.
          #
          # @return [Integer]
          def version
            NAMES.map { |name| public_send(name) }.hash
          end
        end
      end
    end
  end
end
