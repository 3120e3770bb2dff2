# frozen_string_literal: true

module RubyLLM
  module Native
    module KnownEndpoints
      # Base URLs with variables, as models.dev writes them: "https://${DATABRICKS_HOST}/ai-gateway/mlflow/v1".
      #
      # Keys are sent there, so a known endpoint is asked over TLS, or on this machine.
      #
      # @api private
      module BaseURL
        VARIABLE = /\$\{(\w+)\}/
        TLS = %r{\Ahttps://[\w.:\[\]-]+(?:/[^\s?#]*)?\z}i
        LOOPBACK = %r{\Ahttp://(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?:/[^\s?#]*)?\z}i
        PLACE = /(\A|:\/\/|)#{VARIABLE}/
        PART = /\A[\w.:-]+\z/
        private_constant :TLS, :LOOPBACK, :PLACE, :PART

        module_function

        # @return [Array<String>] the names of the variables in it
        def variables(text)
          text.scan(VARIABLE).flatten.uniq
        end

        # @return [Boolean] whether it leads to this machine
        def local?(url)
          url.match?(LOOPBACK)
        end

        # @return [Boolean] whether it is a URL to which a key may be sent
        def safe?(url)
          url.match?(TLS) || local?(url)
        end

        # @see KnownEndpoints.expand
        def expand(template, settings, name:)
          values = variables(template).to_h { |variable| [variable, setting(settings, variable)] }
          missing = values.select { |_, value| value.empty? }.keys
          raise ConfigurationError, sentence(name, missing) if missing.any?

          url = template.gsub(PLACE) { "#{$1}#{filled($2, values[$2], $~)}" }
          return url if safe?(url)

          raise ConfigurationError, "The base URL of #{name} must begin with https://, " \
            "or with http:// on this machine, got #{Configuration.show(:base_url, url)}"
        end

        def setting(settings, variable)
          settings[option(variable)].to_s.strip.sub(%r{/+\z}, "")
        end

        # The whole beginning of a URL, or a host or another part of one. A host is often given with its scheme.
        def filled(variable, value, place)
          return value if place.begin(0).zero?

          value = value.sub(%r{\Ahttps?://}i, "") if place[1] == "://"
          return value if value.match?(PART)

          raise ConfigurationError, "#{option(variable)} must be a part of a URL, without / and blanks, " \
            "got #{Configuration.show(option(variable), Redactor.address(value))}"
        end

        def sentence(name, missing)
          options = missing.map { |variable| "#{option(variable)}: \"…\"" }.join(", ")
          "The base URL of #{name} needs #{missing.map { |variable| option(variable) }.join(" and ")}: " \
            "give it, as in config.endpoint #{name.to_sym.inspect}, #{options}"
        end

        def option(variable)
          variable.downcase.to_sym
        end

        private_class_method :setting, :filled, :sentence
      end
    end
  end
end
