# frozen_string_literal: true

module RubyLLM
  module Native
    # Decides whether an endpoint may be asked over the network. In a test suite it may not, where the suite forbids it:
    # WebMock and VCR cannot see libcurl's requests, so their rules are checked here before each request.
    #
    # Neither gem is required. `config.allow_real_requests` allows everything.
    #
    # @example
    #   RequestGuard.new(RubyLLM.config).refusal(RubyLLM.config.endpoints[:openai])
    #   # => "WebMock forbids real requests to api.openai.com, … stub the source with RubyLLM::Native::Testing, …"
    #
    # @api private
    class RequestGuard
      # What to do about a refusal.
      WAY_OUT = "stub the source with RubyLLM::Native::Testing, or set config.allow_real_requests"

      # @param configuration [Configuration]
      def initialize(configuration)
        @configuration = configuration
      end

      # @param endpoint [Endpoint]
      # @return [String, nil] why it must not be asked; nil when it may be
      def refusal(endpoint)
        return if @configuration.allow_real_requests || !watched?

        reason = endpoint.hosts.lazy.map { |url| parse(url) }.filter_map { |uri| vcr(uri) || webmock(uri) }.first
        "#{reason}, and it cannot see those of RubyLLM::Native, which use libcurl: #{WAY_OUT}" if reason
      end

      private

      def watched?
        defined?(::VCR::LibraryHooks) || defined?(::WebMock::HttpLibAdapters::NetHttpAdapter)
      end

      def parse(url)
        require "uri" # here, since most programs have neither gem
        uri = url && URI.parse(url)
        uri if uri&.hostname
      rescue URI::InvalidURIError
        nil # the request itself will say what is wrong with it
      end

      # VCR is turned on by default; that matters only when it has hooked into something or a cassette is inserted.
      def vcr(uri)
        return unless defined?(::VCR::LibraryHooks) && ::VCR.turned_on?

        cassette = ::VCR.current_cassette
        return unless cassette || ::VCR::LibraryHooks.constants(false).any?
        return if uri && ::VCR.request_ignorer.ignore?(::VCR::Request.new(:get, uri.to_s))
        return "VCR's cassette #{cassette.name.to_s.inspect} would have to hold requests to #{host(uri)}" if cassette

        "VCR forbids real requests to #{host(uri)}" unless ::VCR.real_http_connections_allowed?
      end

      def webmock(uri)
        return unless defined?(::WebMock::HttpLibAdapters::NetHttpAdapter) && webmock_enabled?

        "WebMock forbids real requests to #{host(uri)}" unless ::WebMock.net_connect_allowed?(uri&.to_s)
      end

      # `require "webmock"` alone changes nothing; WebMock.enable! does.
      def webmock_enabled?
        !::Net::HTTP.equal?(::WebMock::HttpLibAdapters::NetHttpAdapter::OriginalNetHTTP)
      end

      def host(uri)
        return "a host of the source's own" unless uri

        (uri.port == uri.default_port) ? uri.hostname : "#{uri.hostname}:#{uri.port}"
      end
    end
    private_constant :RequestGuard
  end
end
