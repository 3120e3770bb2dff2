# frozen_string_literal: true

require "digest"
require "json"

module RubyLLM
  module Native
    # Settings that are fetched instead of configured: an access token for Vertex AI, keys for Bedrock. {SOURCES} names
    # the supplier of a source and the settings that it can fetch.
    #
    # Each {Configuration} has its own instance, and so its own tokens, one for each endpoint. A token is reused until a
    # minute before it expires.
    # The refresh's connect and request timeouts bound each attempt to fetch one; googleauth retries up to five times.
    #
    # @example
    #   config.credentials.gather(Endpoints.of(config))  # => [{"vertexai" => {"vertexai_access_token" => "…"}}, {}]
    #
    # @api private
    class Credentials
      # Why credentials could not be fetched. The message contains no secrets.
      class Missing < Error
      end

      SCOPES = %w[
        https://www.googleapis.com/auth/cloud-platform
        https://www.googleapis.com/auth/generative-language.retriever
      ].freeze

      # By source: its supplier, and the settings that are fetched.
      SUPPLIED = Ractor.make_shareable(SOURCES.select { |source| source[:supplier] }.to_h { |source|
        settings = source[:settings].select { |setting| setting[:supplied] }
        [source[:slug], [source[:supplier], settings.map { |setting| setting[:name].to_s }]]
      })

      # What the credentials of an AWS credential provider respond to, in the order of the settings.
      KEYS = %i[access_key_id secret_access_key session_token].freeze
      GOOGLE = "https://oauth2.googleapis.com"
      MARGIN = 60 # seconds
      private_constant :SCOPES, :SUPPLIED, :KEYS, :GOOGLE, :MARGIN

      # @param configuration [Configuration]
      def initialize(configuration)
        @configuration = configuration
        @lock = Mutex.new
        @google = {}
      end

      # @return [Boolean] whether these credentials belong to that configuration
      def belong_to?(configuration)
        @configuration.equal?(configuration)
      end

      # @return [Boolean] whether {#gather} supplies that option of a provider, so that it need not be configured
      def supply?(setting)
        !@configuration.bedrock_credential_provider.nil? && SUPPLIED.each_value.any? do |supplier, names|
          supplier == :aws_credentials && names.include?(setting.to_s)
        end
      end

      # Fetch what these endpoints need. One whose credentials cannot be fetched does not affect the others.
      #
      # @param endpoints [Hash{String => Endpoint}] by name
      # @return [Array(Hash{String => Hash{String => String, nil}}, Hash{String => String})] settings by name, and why
      #   the others failed
      def gather(endpoints)
        failed = {}
        found = endpoints.to_h do |name, endpoint|
          [name, settings_of(endpoint)]
        rescue Missing => error
          failed[name] = error.message
          [name, {}]
        end
        [found, failed]
      end

      # Shows nothing that it holds.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name}>"
      end

      private

      def settings_of(endpoint)
        supplier, names = SUPPLIED[endpoint.api.to_s] unless endpoint.supplied_otherwise?
        case supplier
        when :aws_credentials then endpoint.supply ? names.zip(aws_keys(endpoint)).to_h : {}
        when :google_token
          names.reject { |name| endpoint.setting(name) }.to_h { |name| [name, google_token(endpoint)] }
        else {}
        end
      end

      # All three at once, so that they are never mixed with configured ones.
      def aws_keys(endpoint)
        keys = begin
          endpoint.supply.credentials
        rescue => error
          raise Missing, "#{endpoint.supply_option} raised #{error.class}" # its message may contain a secret
        end
        values = KEYS.map { |name| keys.public_send(name)&.to_s if keys.respond_to?(name) }
        if values.first(2).any? { |value| value.to_s.empty? }
          raise Missing, "#{endpoint.supply_option} must return an access key and a secret, got none"
        end

        values
      end

      def google_token(endpoint)
        key = endpoint.supply&.to_s
        @lock.synchronize do
          load_googleauth
          authority = key && Digest::SHA256.digest(key)
          known_authority, credentials = @google[endpoint.name]
          unless credentials && known_authority == authority
            credentials = google_credentials(key, endpoint.supply_option)
            @google[endpoint.name] = [authority, credentials]
          end
          fetch(credentials)
        end
      end

      def load_googleauth
        require "googleauth"
        require "stringio"
      rescue LoadError
        raise Missing, "Vertex AI needs the googleauth gem to fetch an access token: " \
          "add it to the Gemfile, or set vertexai_access_token"
      end

      def google_credentials(key, option)
        return ::Google::Auth.get_application_default(SCOPES, default_connection: connection) unless key

        account = JSON.parse(key)
        credentials = ::Google::Auth::ServiceAccountCredentials.make_creds(
          json_key_io: StringIO.new(key), scope: SCOPES, default_connection: connection
        )
        uri = account["token_uri"]
        credentials.update!(token_credential_uri: uri, audience: uri) if uri # make_creds ignores it
        credentials
      rescue JSON::ParserError, TypeError, NoMethodError, OpenSSL::PKey::PKeyError
        # The error's own message is left out: it may quote the key.
        raise Missing, "#{option} must be a service account's key in JSON"
      rescue => error
        raise Missing, "No Google credentials were found: #{brief(error)}"
      end

      def fetch(credentials)
        if credentials.access_token.to_s.empty? || credentials.expires_within?(MARGIN)
          credentials.fetch_access_token!(connection: connection)
        end
        token = credentials.access_token.to_s
        token.empty? ? raise(Missing, "Google returned no access token") : token
      rescue Missing
        raise
      rescue => error
        raise Missing, "Google returned no access token: #{brief(error)}"
      end

      def connection
        connect, request = @configuration.refresh_connect_timeout, @configuration.refresh_request_timeout
        options = {request: {open_timeout: connect, timeout: request}}
        proxy = Proxies.new(@configuration.http_proxy).for(GOOGLE) if @configuration.http_proxy
        options[:proxy] = proxy if proxy
        options[:ssl] = {ca_file: @configuration.ca_file.to_s} if @configuration.ca_file
        ::Faraday.new(options)
      end

      def brief(error)
        Redactor.new(@configuration).call(error.message.to_s.scrub("?")).squeeze(" ")[0, 200]
      end
    end
    private_constant :Credentials
  end
end
