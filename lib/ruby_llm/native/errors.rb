# frozen_string_literal: true

module RubyLLM
  module Native
    # Every provider that was asked failed; with `strict: true`, any source did.
    #
    # @example
    #   rescue RubyLLM::Native::RefreshError => error
    #     logger.warn(error.report.to_h)
    class RefreshError < Error
      # @return [Report]
      attr_reader :report

      # @param report [Report]
      def initialize(report)
        @report = report
        super(sentence(report))
      end

      # @param report [Report]
      # @return [RefreshError] a {CredentialsError} when every failed provider refused its credentials, {NobodyToAsk}
      #   when none was asked
      def self.of(report)
        return NobodyToAsk.new(report) if report.nobody_asked?

        providers = report.failures.reject(&:metadata_source?)
        ((providers.any? && providers.all?(&:refused?)) ? CredentialsError : RefreshError).new(report)
      end

      # @return [Boolean] whether the same refresh may succeed a while later
      # @example
      #   rescue RubyLLM::Native::RefreshError => error
      #     retry_later if error.transient?
      def transient?
        true
      end

      private

      def sentence(report)
        "The refresh failed: #{report.failures.map { |outcome| "#{outcome.source} (#{outcome.error})" }.join(", ")}"
      end
    end

    # With `strict: true`: no source was asked. The message names the settings that would help, and `report.failures` is
    # empty.
    #
    # @example
    #   RubyLLM.models.refresh!(strict: true)
    #   # => No source was asked: none is configured; set one of openai_api_key, anthropic_api_key, …
    class NobodyToAsk < RefreshError
      # @return [Boolean] false
      def transient?
        false
      end

      private

      def sentence(report)
        report.summary
      end
    end

    # Every provider that failed refused its credentials or demands payment: trying again will not help.
    #
    # @example
    #   rescue RubyLLM::Native::CredentialsError => error
    #     notify(error.report.failures.map(&:source))
    class CredentialsError < RefreshError
      # @return [Boolean] false
      def transient?
        false
      end
    end

    # `refresh!` or `load_from_json` was called from inside the block of a refresh, which would wait for itself.
    class ReentrantRefresh < Error
      def initialize(message = "A refresh cannot be started, joined or awaited from inside its own block")
        super
      end
    end

    # `refresh!` was called although `config.offline!` forbids the network.
    class OfflineError < Error
      def initialize(message = "The network is disabled (offline!). The registry keeps what was stored or loaded")
        super
      end
    end

    # This process lost the lease under which it was writing: it took longer than the lease lasts, and another process
    # took it over. Nothing was written.
    class LeaseLost < Error
      # @param where [String] what the lease protects
      def initialize(where)
        super("The lease of #{where} expired and another process took it over. Nothing was written")
      end
    end

    # A model that the application had made its default is no longer available: reported to `Rails.error`.
    class LostDefault < Error; end

    # An option that does not exist was read or set.
    #
    # @example
    #   RubyLLM.configure { |c| c.openai_api_kye = "…" }
    #   # => There is no option openai_api_kye. Did you mean openai_api_key?
    class UnknownOption < NoMethodError
      def initialize(message, name = nil)
        @text = message
        super
      end

      # The message alone: Ruby would add a line of this gem's code and a second guess.
      #
      # @return [String]
      def to_s
        @text
      end

      # @return [String]
      def detailed_message(highlight: false, **)
        "#{self} (#{self.class})"
      end
    end

    # Something that was used has no price, so what it cost is unknown.
    #
    # @example
    #   rescue RubyLLM::Native::UnpricedUsageError => error
    #     ledger.hold(error.model, error.meters)
    class UnpricedUsageError < Error
      # @return [Model]
      attr_reader :model

      # @return [Array<Symbol>] what has no price, of {METERS}
      attr_reader :meters

      # @api private
      # @param conditions [Hash{Symbol => Object}] of {Cost#conditions}
      def initialize(model, meters, conditions)
        @model = model
        @meters = meters
        under = conditions.slice(:tier, :region, :size, :quality).reject { |_, value| value == :standard }
        words = " under #{under.map { |name, value| "#{name} #{value}" }.join(", ")}" if under.any?
        super("#{model.provider} #{model.id} has no price for #{meters.join(", ")}#{words}; " \
          "configure a source that states it (genai_prices_url, price_files), or book it by hand")
      end
    end
  end
end
