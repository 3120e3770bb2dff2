# frozen_string_literal: true

require "digest"
require "json"
require "stringio"

module RubyLLM
  module Native
    # Settings that are not written in a configuration but fetched with what is: an access token for Vertex AI, keys
    # for Bedrock.
    #
    # Each {Configuration} has its own, and with it its own token, which is used again until a minute before it
    # expires. Fetching is bounded by the refresh's connect and request timeouts for each attempt; googleauth itself
    # tries again up to five times.
    #
    # @example
    #   config.credentials.gather(["vertexai"])  # => [{"vertexai" => {"vertexai_access_token" => "…"}}, {}]
    class Credentials
      # What cannot be had, said without any secret.
      class Missing < Error
      end

      SCOPES = %w[https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/generative-language.retriever].freeze
      PROVIDED = %w[bedrock_api_key bedrock_secret_key bedrock_session_token].freeze
      GOOGLE = "https://oauth2.googleapis.com"
      MARGIN = 60 # seconds
      private_constant :SCOPES, :PROVIDED, :GOOGLE, :MARGIN

      # @param configuration [Configuration]
      def initialize(configuration)
        @configuration = configuration
        @lock = Mutex.new
      end

      # @return [Boolean] whether these are that configuration's own
      def of?(configuration)
        @configuration.equal?(configuration)
      end

      # @return [Boolean] whether {#gather} gives that setting, so that it need not be configured
      def supply?(setting)
        !@configuration.bedrock_credential_provider.nil? && PROVIDED.include?(setting.to_s)
      end

      # Fetch what those sources need. One that cannot be served does not keep another from it.
      #
      # @param slugs [Array<String>]
      # @return [Array(Hash{String => Hash{String => String, nil}}, Hash{String => String})] settings by source, and
      #   why others failed
      def gather(slugs)
        failed = {}
        found = slugs.to_h do |slug|
          [slug, settings_of(slug)]
        rescue Missing => error
          failed[slug] = error.message
          [slug, {}]
        end
        [found, failed]
      end

      # Shows nothing of what it holds.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name}>"
      end

      private

      def settings_of(slug)
        case slug
        when "bedrock" then supply?(PROVIDED.first) ? provided : {}
        when "vertexai" then @configuration.vertexai_access_token ? {} : {"vertexai_access_token" => google_token}
        else {}
        end
      end

      # All three, so that none of them is mixed with one that is configured.
      def provided
        keys = begin
          @configuration.bedrock_credential_provider.credentials
        rescue => error
          raise Missing, "bedrock_credential_provider raised #{error.class}" # its message is not ours to show
        end
        values = %i[access_key_id secret_access_key session_token].map { |name| keys.public_send(name)&.to_s if keys.respond_to?(name) }
        raise Missing, "bedrock_credential_provider gave no access key and secret" if values.first(2).any? { |value| value.to_s.empty? }

        PROVIDED.zip(values).to_h
      end

      def google_token
        key = @configuration.vertexai_service_account_key&.to_s
        @lock.synchronize do
          load_googleauth
          authority = key && Digest::SHA256.digest(key)
          @google = google_credentials(key) unless @google && @authority == authority
          @authority = authority
          fetch(@google)
        end
      end

      def load_googleauth
        require "googleauth"
      rescue LoadError
        raise Missing, "Vertex AI needs the gem googleauth to fetch an access token: add it to the Gemfile, or set vertexai_access_token"
      end

      def google_credentials(key)
        return ::Google::Auth.get_application_default(SCOPES, default_connection: connection) unless key

        account = JSON.parse(key)
        credentials = ::Google::Auth::ServiceAccountCredentials.make_creds(json_key_io: StringIO.new(key), scope: SCOPES, default_connection: connection)
        uri = account["token_uri"]
        credentials.update!(token_credential_uri: uri, audience: uri) if uri # make_creds does not look at it
        credentials
      rescue JSON::ParserError, TypeError, NoMethodError, OpenSSL::PKey::PKeyError
        raise Missing, "vertexai_service_account_key is not the JSON text of a service account's key" # the reason may quote it
      rescue => error
        raise Missing, "No Google credentials: #{brief(error)}"
      end

      def fetch(credentials)
        if credentials.access_token.to_s.empty? || credentials.expires_within?(MARGIN)
          credentials.fetch_access_token!(connection: connection)
        end
        token = credentials.access_token.to_s
        token.empty? ? raise(Missing, "Google gave no access token") : token
      rescue Missing
        raise
      rescue => error
        raise Missing, "Google gave no access token: #{brief(error)}"
      end

      def connection
        options = {request: {open_timeout: @configuration.refresh_connect_timeout, timeout: @configuration.refresh_request_timeout}}
        proxy = Proxies.new(@configuration.http_proxy).for(GOOGLE) if @configuration.http_proxy
        options[:proxy] = proxy if proxy
        options[:ssl] = {ca_file: @configuration.ca_file.to_s} if @configuration.ca_file
        ::Faraday.new(options)
      end

      def brief(error)
        Redactor.new(@configuration).call(error.message.to_s.scrub("?")).squeeze(" ")[0, 200]
      end
    end
  end
end
