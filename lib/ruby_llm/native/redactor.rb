# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    # Removes the credentials of a configuration from texts that do not come from a refresh. Texts of a refresh have
    # already been redacted by the core. This calls the core with the same rules, so it finds every encoding of a
    # secret, and logins in malformed addresses.
    #
    # @example
    #   Redactor.new(RubyLLM.config).call("key sk-… was refused")  # => "key [secret] was refused"
    #
    # @api private
    class Redactor
      # Options that are addresses.
      ADDRESSES = /_(base|url)\z/

      # Options that are credentials. The id of an organization or project is not one: it is part of addresses.
      CREDENTIALS = /_(key|secret|token|password)\z/
      private_constant :CREDENTIALS

      # @param address [String] a base URL or a proxy, possibly malformed
      # @param proxy [Boolean] whether it is a proxy: it has no path, so all before its last @ is its login
      # @return [String] with "[hidden]" instead of its login, query and fragment
      # @example
      #   Redactor.address("https://me:secret@host/v1?key=1")  # => "https://[hidden]@host/v1?[hidden]"
      def self.address(address, proxy: false)
        Native.hide_login(address, proxy).scrub("?").sub("[secret]", "[hidden]").sub(/([?#]).+/m, "\\1[hidden]")
      end

      # @param configuration [Configuration]
      def initialize(configuration)
        @configuration = configuration
      end

      # @param text [String]
      # @return [String] UTF-8 without control characters
      def call(text)
        defined = @configuration.defined_endpoints.values
        proxies = [@configuration.http_proxy, *defined.filter_map(&:proxy), *environment].compact.map(&:to_s)
        secrets = options(CREDENTIALS) + defined.flat_map(&:secrets)
        addresses = options(ADDRESSES) + defined.flat_map(&:addresses)
        Native.redact(text.to_s, secrets.flat_map { |value| [value, *account(value)] }, addresses, proxies)
      end

      # Shows nothing.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name}>"
      end

      private

      def options(pattern)
        Configuration.own_options.keys.grep(pattern).filter_map { |name| @configuration.public_send(name) }.grep(String)
      end

      # The parts of a service account's key that are secrets themselves.
      def account(value)
        return [] unless value.lstrip.start_with?("{")

        JSON.parse(value).values_at("private_key", "private_key_id").grep(String)
      rescue JSON::ParserError
        []
      end

      def environment
        %w[http_proxy https_proxy].flat_map { |name| [ENV.fetch(name, nil), ENV.fetch(name.upcase, nil)] }
      end
    end
  end
end
