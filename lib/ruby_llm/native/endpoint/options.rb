# frozen_string_literal: true

module RubyLLM
  module Native
    class Endpoint
      # Reads the options of one `config.endpoint`: each is checked, and what is nil or blank counts as not given.
      #
      # @api private
      class Options
        # What every endpoint has.
        COMMON = %i[
          provider api base_url headers query proxy ca_file request_timeout connect_timeout local optional
        ].freeze

        # The characters of a header's name.
        HEADER = /\A[!#$%&'*+.^_`|~0-9A-Za-z-]+\z/
        CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/n
        URL = %r{\A\s*https?://[^/?#\s]}i
        private_constant :HEADER, :CONTROL, :URL

        # @param definition [Definition] with its name, provider and API
        def initialize(definition)
          @name = definition.name
          @special = definition.special_options
        end

        # @param options [Hash{Symbol => Object}]
        # @return [Hash{Symbol => Object}] without those that are not given, but for a base URL
        # @raise [ConfigurationError] when an option is unknown or cannot have its value
        def read(options)
          unknown = options.keys - COMMON - @special
          refuse_unknown(unknown.first) if unknown.any?

          options.to_h { |option, value| [option, read_option(option, value)] }
            .reject { |option, value| value == {} || (value.nil? && option != :base_url) }
        end

        private

        def read_option(option, value)
          return if value.nil? || (value.is_a?(String) && value.strip.empty?)

          case option
          when :base_url then url(value)
          when :headers, :query then pairs(option, value)
          when :request_timeout, :connect_timeout then seconds(option, value)
          when :local, :optional then boolean(option, value)
          when :proxy then proxy(value)
          when :credential_provider then value
          else text(option, value)
          end
        end

        def url(value)
          text = value.to_s.strip
          return text.freeze if text.match?(URL)

          refuse("base_url must be an http or https URL, got #{Redactor.address(text).inspect}")
        end

        def text(option, value)
          refuse("#{option} must be a String, got a value of #{value.class}") if value.respond_to?(:each)

          value.to_s.dup.freeze
        end

        def proxy(value)
          refuse("proxy must be a URL, or false for none, got true") if value == true

          value && value.to_s.dup.freeze
        end

        def seconds(option, value)
          number = Float(value, exception: false)
          return number if number&.positive? && number.finite?

          refuse("#{option} must be a positive number of seconds, got #{value.inspect}")
        end

        def boolean(option, value)
          return value if [true, false].include?(value)

          refuse("#{option} must be true or false, got #{value.inspect}")
        end

        # Values are credentials, so no message says one.
        def pairs(option, value)
          refuse("#{option} must be a Hash of Strings, got #{value.class}") unless value.is_a?(Hash)

          pairs = value.to_h { |name, text| [name.to_s, text_of(option, name, text)] }
          pairs.compact.freeze
        end

        def text_of(option, name, text)
          kind = (option == :headers) ? "header" : "query parameter"
          return if text.nil?

          unless [String, Symbol, Numeric].any? { |type| text.is_a?(type) }
            refuse("the #{kind} #{name} must be a String, got #{text.class}")
          end
          check_name(kind, name.to_s)
          text = text.to_s
          refuse("the #{kind} #{name} must not contain control characters: remove them") if text.b.match?(CONTROL)
          text.strip.empty? ? nil : text.dup.freeze
        end

        def check_name(kind, name)
          valid = (kind == "header") ? name.match?(HEADER) : !name.empty? && !name.b.match?(CONTROL)
          refuse("#{name.inspect} cannot be the name of a #{kind}") unless valid
        end

        def refuse_unknown(option)
          known = COMMON + @special
          likely = Suggestions.spelled(option.to_s, known.map(&:to_s)).first
          hint = likely ? "Did you mean #{likely}?" : "It may have #{known.join(", ")}"
          refuse("there is no option #{option}. #{hint}")
        end

        def refuse(sentence)
          raise ConfigurationError, "endpoint #{@name}: #{sentence}"
        end
      end
      private_constant :Options
    end
  end
end
