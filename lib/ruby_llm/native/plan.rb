# frozen_string_literal: true

require "digest/sha2" # not autoloaded: on Ruby 3.1 that would end a fiber of a scheduler

module RubyLLM
  module Native
    # What one refresh will do: which sources it asks, with which settings and proxies, and which it skips and why.
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
        # @param configuration [Configuration]
        # @return [Symbol, nil] the first setting that the source still needs; nil when it is configured
        # @example
        #   Plan.missing_setting(Plan::KNOWN["openai"], RubyLLM.config)  # => :openai_api_key
        def missing_setting(source, configuration)
          missing = nil # each new process asks this of all sources, and find, break and return would make objects
          source[:settings].each do |setting|
            next if missing || !setting[:required]

            name = setting[:name]
            missing = name if configuration.public_send(name).nil? && !configuration.credentials.supply?(name)
          end
          missing || missing_either(source, configuration)
        end

        private

        # The first of the settings that can replace one another, when none of them is set.
        def missing_either(source, configuration)
          either = source[:settings].select { |setting| setting[:either] }
          either.first&.fetch(:name) if either.none? { |setting| configuration.public_send(setting[:name]) }
        end
      end

      self.transport = Network

      # @return [Array<String>] slugs of the sources that are asked
      attr_reader :asked

      # @return [Hash{String => Symbol}] slugs of the sources that are not asked, with :excluded or the missing setting
      attr_reader :skipped

      # @return [Hash{String => String}] slugs of the sources that fail before they are asked, with the reason: no
      #   credentials, or a test suite that forbids requests
      attr_reader :failed

      # @return [Float] seconds for the whole refresh
      attr_reader :timeout

      # @param only [Symbol, String, Array, nil] ask only these sources
      # @param remote_only [Boolean] skip local sources, such as Ollama
      # @param timeout [Numeric, nil] seconds for the whole refresh; nil: the configured `refresh_timeout`
      # @raise [ArgumentError] when `only` names an unknown source or `timeout` is not positive
      def initialize(configuration, only: nil, remote_only: false, timeout: nil)
        @configuration = configuration
        @transport = self.class.transport
        @proxies = Proxies.new(configuration.http_proxy)
        @timeout = seconds(timeout || configuration.refresh_timeout)
        wanted = only && known(Array(only))
        reasons = KNOWN.transform_values { |source| reason_to_skip(source, wanted, remote_only) }
        @skipped = reasons.compact.freeze
        @failed, found = prepare(reasons.keys - @skipped.keys)
        slugs = reasons.keys - @skipped.keys - @failed.keys
        requests = slugs.to_h { |slug| [slug, request(KNOWN[slug], found.fetch(slug, {}))] }
        @failed = @failed.merge(requests.transform_values { |request| unusable(request) }.compact)
        @requests = requests.except(*@failed.keys).freeze
        @asked = @requests.keys.freeze
        @options = options.freeze
      end

      # @param sheets [Hash{String => String}] the last sheet of each source
      # @return [Hash] the keywords of Run.open but for `before` and `now`: requests in the order of {#asked}, and the
      #   sheets of the sources that are not asked
      def keywords(sheets)
        requests = @requests.map { |slug, request| {source: slug, sheet: sheets[slug], **request} }
        {requests: requests, held: sheets.except(*asked).values, **@options}
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

      def known(names)
        names = names.map(&:to_s)
        unknown = names - KNOWN.keys
        return names if unknown.empty?

        raise ArgumentError, "Unknown source: #{unknown.join(", ")} (known: #{KNOWN.keys.join(", ")})"
      end

      def reason_to_skip(source, wanted, remote_only)
        return :excluded if wanted && !wanted.include?(source[:slug].to_s)
        return :excluded if remote_only && source[:local]
        return if @transport.for(source[:slug].to_s, configured: false)

        self.class.missing_setting(source, @configuration)
      end

      # Requests are refused before credentials are fetched, since fetching them is a request, too.
      #
      # @return [Array(Hash{String => String}, Hash{String => Hash})] why sources fail before they are asked, and
      #   settings by source
      def prepare(slugs)
        real = slugs.reject { |slug| @transport.for(slug, configured: true) }
        refused = real.to_h { |slug| [slug, @transport.refusal(KNOWN[slug], @configuration)] }.compact
        found, failed = @configuration.credentials.gather(real - refused.keys)
        [refused.merge(failed), found]
      end

      def request(source, found)
        urls, others = source[:settings].partition { |setting| setting[:base_url] }
        settings = others.filter_map { |setting| [setting[:name].to_s, value(setting)] if value(setting) }.to_h
        base_url = urls.filter_map { |setting| value(setting) }.first
        {
          base_url: base_url, settings: settings.merge(found).compact,
          proxy: @proxies.for(base_url || source[:base_url]),
          transport: @transport.for(source[:slug].to_s, configured: true)
        }
      end

      # C strings end at the first NUL, so such a setting cannot be sent. Only its own source fails.
      def unusable(request)
        texts = {"the base URL" => request[:base_url], "the proxy" => request[:proxy], **request[:settings]}
        name, = texts.find { |_name, text| text&.b&.include?("\0") }
        "#{name} must not contain a NUL byte: remove it" if name
      end

      def value(setting)
        @configuration.public_send(setting[:name])&.to_s
      end

      def options
        {
          timeout: timeout, connections: @configuration.refresh_connections,
          documented: DocumentedProviders.of(@configuration), request_timeout: @configuration.refresh_request_timeout.to_f,
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
