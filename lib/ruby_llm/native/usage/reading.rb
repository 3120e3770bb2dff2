# frozen_string_literal: true

require_relative "choice"
require_relative "keys"
require_relative "objects"
require_relative "plain"

module RubyLLM
  module Native
    class Usage
      # What one object says.
      #
      # @api private
      class Reading
        # Keys of an answer that hold the usage, and those of events that hold an answer.
        HOLDERS = %w[usage usageMetadata usage_info meta].freeze
        CARRIERS = %w[response message metadata x_groq].freeze
        DEPTH = 2 # of carriers in carriers

        # Gemini's `trafficType` is not among them: it names the capacity that was used, not a list of prices.
        TIERS = %w[service_tier serviceTier].freeze
        # Names of the usual tier; `on_demand` is Groq's.
        STANDARD = ["", "auto", "default", "on_demand", "standard", "unspecified"].freeze
        FAST = [:fast, "fast"].freeze
        ANYWHERE = ["", "global", "not_available"].freeze
        WORD = /\A[a-z0-9_]{0,32}\z/
        SHOWN = 3 # fields in an error
        private_constant :HOLDERS, :CARRIERS, :DEPTH, :TIERS, :STANDARD, :FAST, :ANYWHERE, :WORD, :SHOWN

        # @return [Symbol]
        attr_reader :format

        # @param object [Object]
        # @param format [Symbol, String, nil]
        # @param provider [Symbol, String, nil]
        # @raise [ArgumentError]
        # @example
        #   Reading.new({"usage" => {"prompt_tokens" => 3}}, nil, nil).format  # => :openai_embeddings
        def initialize(object, format, provider)
          @asked = Choice.asked(format, provider)
          @levels = levels(Objects.to_hash(object), DEPTH)
          @plain = @asked == :plain || (@asked.nil? && plain?)
          @given = usage
          @levels = [Keys.plain(usage), *@levels.drop(1)] unless @plain
          @format = @plain ? :plain : @asked || Choice.told(usage, provider) || :plain
        end

        # @return [Hash{Symbol => Numeric}] disjoint
        # @raise [ArgumentError]
        def counts
          return Plain.read(@given) if format == :plain

          counts = Formats::ALL.fetch(format).read(usage)
          refuse if counts.empty? && @asked
          counts
        end

        # @return [Symbol, nil] nil: the usual one
        # @raise [ArgumentError] when it is not a word
        def tier
          return if @plain

          @levels.each do |level|
            TIERS.each do |key|
              named = word("service_tier", Keys.fetch(level, key), STANDARD)
              return named.to_sym if named
            end
          end
          :fast if FAST.include?(Keys.fetch(usage, "speed")) # Anthropic's fast mode
        end

        # @return [String, nil]
        # @raise [ArgumentError] when it is not a word
        def region
          word("inference_geo", Keys.fetch(usage, "inference_geo"), ANYWHERE) unless @plain
        end

        private

        # @return [Array<Hash>] from the usage to the whole answer
        def levels(hash, depth)
          held = HOLDERS.map { |key| Keys.fetch(hash, key) }.grep(Hash).first
          return [held, hash] if held
          return [hash] if depth.zero?

          carried = CARRIERS.map { |key| Keys.fetch(hash, key) }.grep(Hash)
          found = carried.map { |inner| levels(inner, depth - 1) }.find { |inner| inner.size > 1 }
          found ? [*found, hash] : [hash]
        end

        def usage
          @levels.first
        end

        # Where a format of a provider has the same names, a usage in an answer has that format.
        def plain?
          @levels.one? && Plain.only?(usage)
        end

        # Bedrock writes an object: {"type": "flex"}.
        def word(field, value, usual)
          value = Keys.fetch(value, "type") if Hash === value
          return unless String === value || Symbol === value

          text = value.to_s
          text = text.downcase.tr("-", "_") if text.ascii_only?
          unless text.ascii_only? && text.match?(WORD)
            raise ArgumentError, "#{field} must be a word, got #{Count.show(value)}"
          end

          -text unless usual.include?(text)
        end

        def refuse
          fields = Formats::ALL.fetch(format).paths.first(SHOWN).join(", ")
          raise ArgumentError, "Usage in format #{format} must have at least one of its fields (#{fields}, …), " \
                               "got #{Plain.describe(@given)}"
        end
      end
      private_constant :Reading
    end
  end
end
