# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What a provider of another gem or of the program tells of itself, so that `config.endpoint` needs only its name.
      module ForeignEndpoint
        module_function

        # @param slug [String]
        # @return [KnownEndpoints::Endpoint, nil] nil if the provider is unknown or has no address
        def of(slug)
          provider = RubyLLM::Provider.providers[slug.to_sym]
          url = provider && address(provider)
          KnownEndpoints::Endpoint.known({"slug" => slug, "name" => slug, "base_url" => url, "keys" => []}) if url
        end

        # Where its chats go. A provider that lacks its key cannot be made, but its address needs no key.
        def address(provider)
          instance = provider.allocate
          instance.instance_variable_set(:@config, RubyLLM.config)
          url = instance.api_base.to_s
          url if url.match?(%r{\Ahttps?://}i)
        rescue StandardError, NotImplementedError
          nil
        end
        private_class_method :address
      end
      private_constant :ForeignEndpoint
    end
  end
end
