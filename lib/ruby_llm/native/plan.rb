# frozen_string_literal: true

require "digest/sha2" # the class itself: loading it at first use ends a fiber of a scheduler on Ruby 3.1

module RubyLLM
  module Native
    # What one refresh will do: whom it asks, with which settings and through which proxy, and whom it leaves out, and
    # why.
    #
    # Made from the configuration at the time of the call. It does not hold the sheets: a refresh that waited for
    # another one takes those that are there when its turn comes.
    #
    # @example
    #   Plan.new(RubyLLM.config, only: :openai).skipped["mistral"]  # => :excluded
    class Plan
      # The sources that can be asked, by slug, in the order of reports.
      KNOWN = SOURCES.select { |source| source[:askable] }.to_h { |source| [source[:slug].to_s, source] }.freeze

      class << self
        # @return [Testing::Answers, nil] what stubbed sources answer from memory; nil outside of tests
        attr_accessor :answers

        # @param source [Hash] of {SOURCES}
        # @param configuration [Configuration]
        # @return [Symbol, nil] the first setting that the source still needs; nil: it is configured
        # @example
        #   Plan.missing_setting(Plan::KNOWN["openai"], RubyLLM.config)  # => :openai_api_key
        def missing_setting(source, configuration)
          missing = source[:settings].find do |setting|
            setting[:required] && configuration.public_send(setting[:name]).nil? && !configuration.credentials.supply?(setting[:name])
          end
          (missing || missing_either(source, configuration))&.fetch(:name)
        end

        private

        # Of settings that stand for one another the first, when none is set.
        def missing_either(source, configuration)
          first = source[:settings].find { |setting| setting[:either] }
          first unless source[:settings].any? { |setting| setting[:either] && configuration.public_send(setting[:name]) }
        end
      end

      # @return [Array<String>] slugs of the sources that are asked
      attr_reader :asked

      # @return [Hash{String => Symbol}] slugs of those that are not, with :excluded or the name of the setting that
      #   is missing
      attr_reader :skipped

      # @return [Hash{String => String}] slugs of those that fail before they are asked, with the reason: no
      #   credentials, or a test suite that lets no request out
      attr_reader :failed

      # @return [Float] seconds for all of it
      attr_reader :timeout

      # @param only [Symbol, String, Array, nil] ask these sources alone
      # @param remote_only [Boolean] leave out sources on the user's own machines
      # @param timeout [Numeric, nil] seconds for all of it; nil: the configured `refresh_timeout`
      # @raise [ArgumentError] when `only` names an unknown source or `timeout` is not above 0
      def initialize(configuration, only: nil, remote_only: false, timeout: nil)
        @configuration = configuration
        @answers = self.class.answers
        @proxies = Proxies.new(configuration.http_proxy)
        @timeout = seconds(timeout || configuration.refresh_timeout)
        wanted = only && known(Array(only))
        reasons = KNOWN.transform_values { |source| reason_to_skip(source, wanted, remote_only) }
        @skipped = reasons.compact.freeze
        @failed, found = prepare(reasons.keys - @skipped.keys)
        questions = (reasons.keys - @skipped.keys - @failed.keys).map { |slug| question(KNOWN[slug], found.fetch(slug, {})) }
        @failed = @failed.merge(questions.to_h { |question| [question.first, unusable(question)] }.compact)
        @questions = questions.reject { |slug,| @failed.key?(slug) }.freeze
        @asked = @questions.map(&:first).freeze
        @options = options.freeze
      end

      # @param sheets [Hash{String => String}] the last sheet of each source
      # @return [Array<Array>] for {Run.open}
      def questions(sheets)
        @questions.map { |slug, base_url, settings, replies, proxy| [slug, base_url, settings, sheets[slug], replies, proxy] }
      end

      # @return [Array<String>] the sheets of those who are not asked
      def held(sheets)
        sheets.except(*asked).values
      end

      # @return [Hash] for {Run.open}
      def run_options(now)
        @options.merge(now: now)
      end

      # Equal for plans that would do the same. A digest, so that no secret outlives the plan.
      #
      # @return [String]
      def key
        @key ||= Digest::SHA256.new.then do |digest|
          feed(digest, [@questions, @options, @skipped, @failed])
          (digest << PADDING).digest
        end
      end

      # The last bytes that a digest has seen stay in its memory: these are nobody's.
      PADDING = "\0" * 64
      private_constant :PADDING

      # Shows no setting.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name} asks #{asked.join(", ")}>"
      end

      private

      # Each text as it is, and how long it is: no copy of a key is left in freed memory.
      def feed(digest, value)
        case value
        when Hash then feed(digest, value.to_a)
        when Array
          digest << "[#{value.size}"
          value.each { |part| feed(digest, part) }
        when String then digest << "#{value.bytesize}:" << value
        else digest << value.inspect
        end
      end

      def seconds(timeout)
        number = Float(timeout, exception: false)
        return number if number&.positive? && number.finite?

        raise ArgumentError, "timeout must be a number of seconds above 0, not #{timeout.inspect}"
      end

      def known(names)
        names = names.map(&:to_s)
        unknown = names - KNOWN.keys
        return names if unknown.empty?

        raise ArgumentError, "Unknown source: #{unknown.join(", ")}. Known are #{KNOWN.keys.join(", ")}"
      end

      def reason_to_skip(source, wanted, remote_only)
        return :excluded if wanted && !wanted.include?(source[:slug].to_s)
        return :excluded if remote_only && source[:local]
        return if replies(source[:slug].to_s, configured: false)

        self.class.missing_setting(source, @configuration)
      end

      # Refused before credentials are fetched: that is a request, too.
      #
      # @return [Array(Hash{String => String}, Hash{String => Hash})] why sources fail before they are asked, and
      #   settings by source
      def prepare(slugs)
        real = slugs.reject { |slug| replies(slug) }
        guard = RequestGuard.new(@configuration, forbidden: !@answers.nil?)
        refused = real.to_h { |slug| [slug, guard.refusal(KNOWN[slug])] }.compact
        found, failed = @configuration.credentials.gather(real - refused.keys)
        [refused.merge(failed), found]
      end

      # What a stubbed source answers, for {Run.open}. One that is stubbed by name is asked, `configured` or not.
      def replies(slug, configured: true)
        @answers&.replies(slug, configured: configured)
      end

      def question(source, found)
        slug = source[:slug].to_s
        urls, others = source[:settings].partition { |setting| setting[:base_url] }
        settings = others.filter_map { |setting| [setting[:name].to_s, value(setting)] if value(setting) }.to_h
        base_url = urls.filter_map { |setting| value(setting) }.first
        [slug, base_url, settings.merge(found).compact, replies(slug), @proxies.for(base_url || source[:base_url])]
      end

      # C ends a text at its first NUL: what was meant can then not be sent. It is one source's failure, not
      # everybody's.
      def unusable(question)
        _slug, base_url, settings, _replies, proxy = question
        name, = {"the base URL" => base_url, "the proxy" => proxy, **settings}.find { |_name, text| text&.b&.include?("\0") }
        "#{name} must not contain a NUL byte: remove it" if name
      end

      def value(setting)
        @configuration.public_send(setting[:name])&.to_s
      end

      def options
        {
          timeout: timeout, request_timeout: @configuration.refresh_request_timeout.to_f,
          connect_timeout: @configuration.refresh_connect_timeout.to_f, retries: @configuration.refresh_retries,
          ca_file: file(@configuration.ca_file, "SSL_CERT_FILE"), ca_path: file(@configuration.ca_path, "SSL_CERT_DIR"),
          user_agent: "ruby_llm_native/#{VERSION} (gzip)" # Google compresses only for agents that have this word
        }
      end

      def file(configured, variable)
        path = (configured || ENV.fetch(variable, nil)).to_s
        path.empty? ? nil : path
      end
    end
  end
end
