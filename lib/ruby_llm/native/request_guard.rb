# frozen_string_literal: true

require "uri"

module RubyLLM
  module Native
    # Whether a source may be asked over the network. In a test suite it may not where the suite forbids it: WebMock
    # and VCR cannot see libcurl's requests, so their rules are asked for here, each time anew, before any request is
    # formed.
    #
    # Neither gem is needed. `config.allow_real_requests` lets everything through.
    #
    # @example
    #   RequestGuard.new(RubyLLM.config).refusal(Plan::KNOWN["openai"])
    #   # => "WebMock forbids real requests to api.openai.com, … stub the source with RubyLLM::Native::Testing, …"
    class RequestGuard
      WAY_OUT = "stub the source with RubyLLM::Native::Testing, or set config.allow_real_requests"

      # Their own URLs have the region in the host.
      REGIONAL = %w[bedrock vertexai].freeze
      private_constant :WAY_OUT, :REGIONAL

      # @param configuration [Configuration]
      # @param forbidden [Boolean] whatever WebMock and VCR say: sources are stubbed, and this one is not
      def initialize(configuration, forbidden: false)
        @configuration = configuration
        @forbidden = forbidden
      end

      # @param source [Hash] one of {SOURCES}
      # @return [String, nil] why it must not be asked; nil when it may
      def refusal(source)
        return if @configuration.allow_real_requests
        return "#{source[:name]} is not stubbed, and RubyLLM::Native::Testing lets no real request out: #{WAY_OUT}" if @forbidden

        reason = addresses(source).lazy.map { |url| parse(url) }.filter_map { |uri| vcr(uri) || webmock(uri) }.first
        "#{reason}, and it cannot see those of RubyLLM::Native, which go through libcurl: #{WAY_OUT}" if reason
      end

      private

      # Where its requests go; nil for a host that only they tell: no rule for single hosts lets that one through.
      def addresses(source)
        bases = source[:settings].select { |setting| setting[:base_url] || setting[:name].end_with?("_api_base") }
        bases.map { |setting| @configuration.public_send(setting[:name])&.to_s || (source[:base_url] unless REGIONAL.include?(source[:slug])) }
      end

      def parse(url)
        uri = url && URI.parse(url)
        uri if uri&.hostname
      rescue URI::InvalidURIError
        nil # asking will say what is wrong with it
      end

      # Turned on is how VCR begins; it matters where it has hooked into something, or a cassette is in.
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

      # `require "webmock"` alone replaces nothing; WebMock.enable! does.
      def webmock_enabled?
        !::Net::HTTP.equal?(::WebMock::HttpLibAdapters::NetHttpAdapter::OriginalNetHTTP)
      end

      def host(uri)
        return "a host of the source's own" unless uri

        (uri.port == uri.default_port) ? uri.hostname : "#{uri.hostname}:#{uri.port}"
      end
    end
  end
end
