# frozen_string_literal: true

require_relative "http_errors"
require_relative "value"

module RubyLLM
  module Native
    # What one source did in one refresh. Immutable.
    #
    # @example
    #   RubyLLM.models.last_refresh[:openai].status  # => :failed
    class Outcome
      include Value::ByContent

      # The names of all facts, in the order of {#to_h}.
      FIELDS = %i[
        source provider optional status reason count added removed changed kept forgotten rows rejected rejection
        left_out left_out_reason unread_prices unread_price lost_fields
        remark duration bytes attempts http_status error error_class error_status curl_code byte
      ].freeze

      # The keys for pattern matching.
      FACTS = FIELDS

      # The instance variables of these facts, formed once: a refresh makes an outcome for each known source.
      COUNTS = %i[count added removed changed kept forgotten rows rejected left_out unread_prices bytes attempts]
        .to_h { |name| [name, :"@#{name}"] }.freeze
      CODES = {http_status: :@http_status, curl_code: :@curl_code}.freeze
      TEXTS = {
        rejection: :@rejection, left_out_reason: :@left_out_reason, unread_price: :@unread_price, remark: :@remark
      }.freeze
      METADATA_SOURCES = SOURCES.select { |source| source[:catalogue] }.map { |source| source[:slug].to_sym }.freeze
      NAMED_AFTER_SOURCES = SOURCES.map { |source| source[:slug].to_sym }.freeze
      private_constant :COUNTS, :CODES, :TEXTS, :METADATA_SOURCES, :NAMED_AFTER_SOURCES

      # @return [Symbol] the endpoint's or metadata source's name
      attr_reader :source

      # @return [Symbol] whose models it lists; the name itself for a metadata source
      attr_reader :provider

      # @return [Boolean] whether its failure is none of the refresh
      attr_reader :optional
      alias_method :optional?, :optional

      # @return [Symbol] :refreshed, :unchanged (304), :skipped (not asked), :failed or :empty
      attr_reader :status

      # @return [Symbol, nil] why it was skipped: the name of the missing setting, or :excluded by the call
      attr_reader :reason

      # @return [Integer] the provider's models in the registry after the refresh, whoever stated them; for a metadata
      #   source, the models it states
      attr_reader :count

      # @return [Integer] models that are new, gone, or different since the last refresh
      attr_reader :added, :removed, :changed

      # @return [Integer] models of its last complete answer that are kept because it did not answer this time
      attr_reader :kept

      # @return [Integer] models that it once listed and that are dropped, because too many others have gone since
      attr_reader :forgotten

      # @return [Integer] models read from the answer
      attr_reader :rows

      # @return [Integer] rows of the answer that could not be read as models
      attr_reader :rejected

      # @return [String, nil] why the first of them was rejected
      attr_reader :rejection

      # @return [Integer] rows of the answer that are valid but are not models to offer: a proxy's patterns
      #   (`openai/*`), or cards of models that have to be deployed first
      attr_reader :left_out

      # @return [String, nil] why the first of them was left out
      attr_reader :left_out_reason

      # @return [Integer] models without prices from this source, because one of their prices could not be read; the raw
      #   prices stay in the models' metadata
      attr_reader :unread_prices

      # @return [String, nil] the first of them, and what is wrong with its price
      attr_reader :unread_price

      # @return [Array<Symbol>] facts of {Model}, and single capabilities, that the source's last answer stated and that
      #   more than half of its models no longer state. Often the source has renamed something
      # @example
      #   outcome.lost_fields  # => [:max_output_tokens, :function_calling]
      attr_reader :lost_fields

      # @return [String, nil] how an optional listing failed; models that it would have described stay as they were
      attr_reader :remark

      # @return [Float] seconds from the first byte sent to the last byte read, retries included
      attr_reader :duration

      # @return [Integer] bytes received, as they came over the network
      attr_reader :bytes

      # @return [Integer] requests sent, pages and retries included
      attr_reader :attempts

      # @return [Integer, nil] the status of the last answer; nil when there was none
      attr_reader :http_status

      # @return [String, nil] what went wrong; contains no secrets
      attr_reader :error

      # @return [Class, nil] the ruby_llm gem's error for its HTTP status, such as RubyLLM::UnauthorizedError
      def error_class
        HttpErrors.class_of(http_status, error) if failed?
      end

      # @return [Symbol, nil] the kind of failure: :http_status, :timed_out, :network, :bad_json, …
      attr_reader :error_status

      # @return [Integer, nil] libcurl's code when the transfer itself failed
      attr_reader :curl_code

      # @return [Integer, nil] where in the answer it went wrong, in bytes from its start
      attr_reader :byte

      # @param facts [Hash{Symbol => Object}] by the names in {FIELDS}; missing ones are 0 or nil
      def initialize(facts)
        @source = facts.fetch(:source).to_sym
        @provider = facts.fetch(:provider, @source).to_sym
        @optional = facts.fetch(:optional, false)
        @status = facts.fetch(:status).to_sym
        @reason = facts[:reason]&.to_sym
        @error_status = facts[:error_status]&.to_sym
        @duration = facts[:duration].to_f
        COUNTS.each { |name, variable| instance_variable_set(variable, facts[name].to_i) }
        CODES.each { |name, variable| instance_variable_set(variable, facts[name]&.nonzero?) }
        @byte = facts[:byte] unless facts[:byte]&.negative?
        TEXTS.each { |name, variable| instance_variable_set(variable, facts[name]) }
        @lost_fields = Array(facts[:lost_fields]).map(&:to_sym).freeze
        @error = with_position(facts[:error])
        freeze
      end

      # @return [Boolean]
      def failed?
        status == :failed
      end

      # @return [Boolean] whether it gave a complete answer, even if nothing was new
      def answered?
        %i[refreshed unchanged].include?(status)
      end

      # @return [Boolean] whether the provider refused its credentials or demands payment
      def refused?
        [UnauthorizedError, PaymentRequiredError, ForbiddenError].include?(error_class)
      end

      # @return [Boolean] whether any request was made to it
      def asked?
        status != :skipped
      end

      # @return [Boolean] whether the source is a metadata source rather than a provider
      def metadata_source?
        METADATA_SOURCES.include?(source) || PriceFiles.name?(source.name)
      end
      alias_method :catalogue?, :metadata_source?

      # @return [Boolean] whether it answered, and there is something to tell: models that came, went or changed, or a
      #   {#note}
      def news?
        answered? && ([added, removed, changed].any?(&:positive?) || !note.empty?)
      end

      # For logs: strings, numbers, true, and lists of strings. nil, false and empty lists are left out, and so is a
      # provider of the source's own name.
      #
      # @return [Hash{Symbol => String, Integer, Float, true, Array<String>}]
      # @example
      #   outcome.to_h  # => {source: "openai", status: "refreshed", count: 103, …}
      def to_h
        FIELDS.to_h { |name| [name, public_send(name)] }.reject { |name, value| self_evident?(name, value) }
          .transform_values { |value| for_logs(value) }.merge(duration: duration.round(3))
      end

      # @return [String, nil] the setting that it lacks: an option of the configuration, or one of the endpoint's own
      # @example
      #   report[:groq].lacking  # => "api_key of groq"
      def lacking
        return if status != :skipped || reason == :excluded

        NAMED_AFTER_SOURCES.include?(source) ? reason.to_s : "#{reason} of #{source}"
      end

      # What is worth knowing beyond the numbers.
      #
      # @return [String] empty when there is nothing to add
      def note
        case status
        when :skipped then (reason == :excluded) ? "excluded" : "#{reason} is not set"
        when :failed then [*("optional" if optional), failure].join("; ")
        when :empty then ["answered without any models", *remarks].join("; ")
        else remarks.join("; ")
        end
      end

      # @return [String]
      def inspect
        "#<#{self.class.name} #{[source, status, note].reject { |part| part.to_s.empty? }.join(" ")}>"
      end

      private

      def self_evident?(name, value)
        value.nil? || value == [] || value == false || (name == :provider && value == source)
      end

      def failure
        (attempts > 1) ? "#{error} (#{attempts} requests)" : error.to_s
      end

      def for_logs(value)
        case value
        when Symbol, Module then value.to_s
        when Array then value.map(&:to_s)
        else value
        end
      end

      def remarks
        prices = "#{Phrases.count(unread_prices, "model")} without prices, first: #{unread_price}" if unread_prices > 0
        [remark,
          ("most models no longer state #{lost_fields.join(", ")}" if lost_fields.any?),
          ("first rejected row: #{rejection}" unless rejected.zero?),
          ("#{Phrases.count(left_out, "row")} left out, first: #{left_out_reason}" unless left_out.zero?),
          prices,
          ("#{Phrases.count(forgotten, "long-gone model")} forgotten" unless forgotten.zero?)].compact
      end

      def with_position(error)
        return error if error.nil? || byte.nil? || error.include?("at byte")

        "#{error}, at byte #{byte}"
      end
    end
  end
end
