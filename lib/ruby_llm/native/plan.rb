# frozen_string_literal: true

require "digest/sha2" # not autoloaded: on Ruby 3.1 that would end a fiber of a scheduler

module RubyLLM
  module Native
    # What one refresh will do: which endpoints it asks, with which settings and proxies, and which it skips and why.
    # Metadata sources are asked as endpoints, too.
    #
    # Made from the configuration at the time of the call. It does not hold the sheets: a refresh that has to wait for
    # another one uses the sheets that are current when its turn comes.
    #
    # @example
    #   Plan.new(RubyLLM.config, only: :openai).skipped["mistral"]  # => :excluded
    #
    # @api private
    class Plan
      # The sources that can be asked, by slug, in the order in which reports list them.
      KNOWN = SOURCES.select { |source| source[:askable] }.to_h { |source| [source[:slug].to_s, source] }.freeze

      class << self
        # @return [Network, Testing::Answers] how sources are asked: a plan keeps the one of its time
        attr_accessor :transport

        # @param source [Hash] of {SOURCES}
        # @yieldparam setting [Hash] one that it needs
        # @yieldreturn [Object] whether there is a value for it
        # @return [Symbol, nil] the first setting that it still needs; nil when it is configured
        def missing_setting(source)
          missing = replaced = nil # each new process asks this of all sources: find, break and return make objects
          source[:settings].each { |setting| replaced = true if setting[:instead] && yield(setting) }
          source[:settings].each do |setting|
            next if missing || !setting[:required] || (replaced && setting[:supplied])

            missing = setting[:name] unless yield(setting)
          end
          return missing if missing

          # Those that can replace one another.
          either = source[:settings].select { |setting| setting[:either] }
          either.first&.fetch(:name) if either.none? { |setting| yield(setting) }
        end
      end

      self.transport = Network

      # @return [Hash{String => Endpoint}] everything that could be asked, by name, metadata sources included
      attr_reader :endpoints

      # @return [Array<String>] names of those that are asked
      attr_reader :asked

      # @return [Hash{String => Symbol}] names of those that are not asked, with :excluded or what they lack
      attr_reader :skipped

      # @return [Hash{String => String}] names of those that fail before they are asked, with the reason: no
      #   credentials, or a test suite that forbids requests
      attr_reader :failed

      # @return [Float] seconds for the whole refresh
      attr_reader :timeout

      # @param only [Symbol, String, Array, nil] ask only these endpoints, or all of these providers
      # @param remote_only [Boolean] skip local endpoints, such as Ollama's
      # @param timeout [Numeric, nil] seconds for the whole refresh; nil: the configured `refresh_timeout`
      # @raise [ArgumentError] when `only` names an unknown endpoint or `timeout` is not positive
      def initialize(configuration, only: nil, remote_only: false, timeout: nil)
        @configuration = configuration
        @transport = self.class.transport
        @proxies = Proxies.new(configuration.http_proxy)
        @timeout = seconds(timeout || configuration.refresh_timeout)
        @endpoints = Endpoints.of(configuration, @transport.stubbed).freeze
        wanted = only && Selection.new(@endpoints).names(only)
        @skipped = @endpoints.transform_values { |each| reason_to_skip(each, wanted, remote_only) }.compact.freeze
        refused, found = prepare(@endpoints.except(*@skipped.keys))
        requests = @endpoints.except(*@skipped.keys, *refused.keys)
          .to_h { |name, endpoint| [name, request(endpoint, found.fetch(name, {}))] }
        @failed = refused.merge(requests.transform_values { |request| unusable(request) }.compact).freeze
        @requests = requests.except(*@failed.keys).freeze
        @asked = @requests.keys.freeze
        @options = options.freeze
      end

      # @param sheets [Hash{String => String}] the last sheet of each source
      # @return [Hash] the keywords of Run.open but for `before` and `now`: requests in the order of {#asked}, and the
      #   sheets of the sources that are not asked
      def keywords(sheets)
        requests = @requests.map { |name, request| {source: name, sheet: sheets[name], **request} }
        {requests: requests, held: sheets.except(*asked).values, **@options}
      end

      # A registry would grow without end where endpoints come and go, one for each customer.
      #
      # @param sheets [Hash{String => String}] the last sheet of each source
      # @return [Hash{String => String}] those that a registry has room for after this refresh: where they are too many,
      #   without those of endpoints that are not configured, the oldest first, and then others that are not asked
      def within_limit(sheets)
        others = sheets.except(*asked)
        surplus = others.size + asked.size - MOST_SOURCES
        return sheets unless surplus.positive?

        sheets.except(*others.min_by(surplus) { |name, sheet|
          head = Native.block_head(sheet)
          [(head[:provider] && !@endpoints.key?(name)) ? 0 : 1, head[:fetched_at].to_i]
        }.map(&:first))
      end

      # @param name [String] of an endpoint that is not in {#asked}
      # @return [Hash{Symbol => Object}] the facts of its {Outcome} that tell why
      def why_not_asked(name)
        reason, error = skipped[name], failed[name]
        reason ? {status: :skipped, reason: reason} : {status: :failed, error: error, error_status: :bad_setting}
      end

      # Equal for plans that would do the same. It is a digest, so that no secret outlives the plan.
      #
      # @return [String]
      def key
        @key ||= Digest::SHA256.new.then do |digest|
          feed(digest, [@requests, @options, @skipped, @failed])
          (digest << PADDING).digest
        end
      end

      # A digest keeps the last bytes it was given in memory: these hold no secret.
      PADDING = "\0" * 64
      private_constant :PADDING

      # Shows no settings.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name} asks #{asked.join(", ")}>"
      end

      private

      # Each string is fed as it is, after its length, so that no copy of a key stays in freed memory.
      def feed(digest, value)
        case value
        when Hash then feed(digest, value.to_a)
        when Array
          digest << "[#{value.size}"
          value.each { |part| feed(digest, part) }
        when String then digest << "#{value.bytesize}:" << value
        when MemoryTransport then digest << value.object_id.to_s
        else digest << value.inspect
        end
      end

      def seconds(timeout)
        number = Float(timeout, exception: false)
        return number if number&.positive? && number.finite?

        raise ArgumentError, "timeout must be a positive number of seconds, got #{timeout.inspect}"
      end

      def reason_to_skip(endpoint, wanted, remote_only)
        return :excluded if wanted && !wanted.include?(endpoint.name.to_s)
        return :excluded if remote_only && endpoint.local?

        endpoint.missing unless @transport.for(endpoint, configured: false)
      end

      # Requests are refused before credentials are fetched, since fetching them is a request, too.
      #
      # @param endpoints [Hash{String => Endpoint}]
      # @return [Array(Hash{String => String}, Hash{String => Hash})] why some fail before they are asked, and settings
      #   by name
      def prepare(endpoints)
        real = endpoints.reject { |_, endpoint| @transport.for(endpoint, configured: true) }
        refused = real.transform_values { |endpoint| @transport.refusal(endpoint, @configuration) }.compact
        found, failed = @configuration.credentials.gather(real.except(*refused.keys))
        [refused.merge(failed), found]
      end

      def request(endpoint, found)
        {**endpoint.request(@proxies, found), transport: @transport.for(endpoint, configured: true)}
      end

      # C strings end at the first NUL, so such a setting cannot be sent. Only its own source fails.
      def unusable(request)
        texts = {"the base URL" => request[:base_url], "the proxy" => request[:proxy], **request[:settings]}
        name, = texts.find { |_name, text| text&.b&.include?("\0") }
        "#{name} must not contain a NUL byte: remove it" if name
      end

      def options
        {
          timeout: timeout, request_timeout: @configuration.refresh_request_timeout.to_f,
          connections: @configuration.refresh_connections, documented: DocumentedProviders.of(@configuration),
          connect_timeout: @configuration.refresh_connect_timeout.to_f, retries: @configuration.refresh_retries,
          ca_file: file(@configuration.ca_file, "SSL_CERT_FILE"), ca_path: file(@configuration.ca_path, "SSL_CERT_DIR"),
          user_agent: "ruby_llm_native/#{VERSION} (gzip)" # Google compresses only for agents that contain this word
        }
      end

      def file(configured, variable)
        path = (configured || ENV.fetch(variable, nil)).to_s
        path.empty? ? nil : path
      end
    end
    private_constant :Plan
  end
end
