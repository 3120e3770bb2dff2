# frozen_string_literal: true

require "delegate"

module RubyLLM
  module Native
    module BesideRubyLLM
      module Options
        # A configuration as the registry reads it, which logs where ruby_llm logs.
        #
        # In a program's specs the configuration may be a Struct or a double that lacks this gem's options: an option
        # that is missing or has an invalid value has its default.
        class Settings < SimpleDelegator
          # The options that determine {Preferences}.
          NAMES = (Configuration.own_options.keys.grep_v(/\Arefresh_/) - %i[defined_endpoints]).freeze
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

          def wraps?(config)
            __getobj__.equal?(config)
          end

          def logger
            @whole ? RubyLLM.logger : stated(:logger, nil)
          end

          def credentials
            @whole ? __getobj__.credentials : @credentials ||= Credentials.new(self)
          end

          # ruby_llm's configuration has no version, so this is a digest of the values. The endpoints are another object
          # when something has been defined: their values need not be looked at.
          #
          # @return [Integer]
          def version
            NAMES.map { |name| public_send(name) }.push(defined_endpoints.object_id).hash
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
