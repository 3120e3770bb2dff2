# frozen_string_literal: true

module RubyLLM
  module Native
    module KnownEndpoints
      # Which known endpoints an environment has the keys of.
      #
      # @see KnownEndpoints.in_environment
      # @api private
      class Environment
        # @param index [Index]
        # @param env [#[]]
        def initialize(index, env)
          @index = index
          @env = env
        end

        # @return [Hash{String => Hash{Symbol => String}}]
        def settings(only: nil, except: nil)
          wanted = only && slugs(only)
          unwanted = slugs(except)
          @index.endpoints.each_with_object({}) do |endpoint, found|
            next if unwanted.include?(endpoint.slug) || (wanted && !wanted.include?(endpoint.slug))

            options = options_of(endpoint, named: !wanted.nil?)
            found[endpoint.slug] = options if endpoint.complete?(options)
          end
        end

        private

        def slugs(names)
          Array(names).map { |name| @index.fetch(KnownEndpoints.normalise(name)).slug }
        end

        def options_of(endpoint, named:)
          return {} if endpoint.local? && !named

          endpoint.settings.each_with_object({}) do |(option, texts), options|
            text = texts.find { |candidate| usable?(candidate, named) }
            options[option] = text.gsub(BaseURL::VARIABLE) { value($1) } if text
          end
        end

        def usable?(text, named)
          BaseURL.variables(text).all? do |variable|
            !value(variable).empty? && (named || !@index.ambiguous.include?(variable))
          end
        end

        def value(variable)
          @env[variable].to_s.strip
        end
      end
    end
  end
end
