# frozen_string_literal: true

module RubyLLM
  module Native
    # Every provider that was asked failed, or with `strict: true` any source did.
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
        super("The refresh failed: #{report.failures.map { |outcome| "#{outcome.source} (#{outcome.error})" }.join(", ")}")
      end
    end

    # `refresh!` or `load_from_json` was called from inside the block of a refresh, which would wait for itself.
    class ReentrantRefresh < Error
      def initialize(message = "A refresh cannot be started, joined or waited for from inside its own block")
        super
      end
    end

    # `refresh!` was called although `config.offline!` forbids the network.
    class OfflineError < Error
      def initialize(message = "The network is off: the configuration says offline!. The registry is what was stored or loaded.")
        super
      end
    end

    # The lease under which this process was writing is no longer its own: it took longer than the lease lasts, and another process has taken
    # it over. Nothing was written.
    class LeaseLost < Error
      # @param where [String] what the lease is for
      def initialize(where)
        super("The lease of #{where} was lost: its time had passed and another process has taken it. Nothing was written")
      end
    end

    # A model that the application had made its default is no longer available: what `Rails.error` gets to hear.
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

      # The message alone: Ruby would add the line of ours that raised, and a second guess.
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
  end
end
