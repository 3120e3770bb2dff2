# frozen_string_literal: true

module RubyLLM
  module Native
    # Maps an HTTP status to the ruby_llm gem's error, as the gem does. A bad key is not always 401: Gemini and xAI
    # answer 400, Bedrock 403, and only the message tells.
    #
    # @api private
    module HttpErrors
      BY_STATUS = {
        400 => :BadRequestError, 401 => :UnauthorizedError, 402 => :PaymentRequiredError, 403 => :ForbiddenError,
        429 => :RateLimitError, 500 => :ServerError, 502 => :ServiceUnavailableError,
        503 => :ServiceUnavailableError, 504 => :ServiceUnavailableError, 529 => :OverloadedError
      }.freeze

      BY_MESSAGE = [
        [
          [400, 403],
          /api key not valid|incorrect api key|security token included in the request is (?:invalid|expired)/i,
          :UnauthorizedError
        ],
        [[400], /credit balance is too low/i, :PaymentRequiredError],
        [[400], /currently overloaded/i, :OverloadedError]
      ].freeze
      private_constant :BY_STATUS, :BY_MESSAGE

      NAMES = BY_STATUS.values.uniq.freeze

      # @param status [Integer, nil] HTTP status; nil when there was no answer
      # @param message [String, nil]
      # @return [Class, nil] a subclass of RubyLLM::Error; RubyLLM::Error for a status without one; nil for a status
      #   that is not a failure
      # @example
      #   HttpErrors.class_of(400, "API key not valid.")  # => RubyLLM::UnauthorizedError
      def self.class_of(status, message)
        return if status.nil? || status < 400

        text = message.to_s
        name = BY_MESSAGE.find { |statuses, pattern, _| statuses.include?(status) && pattern.match?(text) }&.last
        RubyLLM.const_get(name || BY_STATUS.fetch(status, :Error))
      end
    end
  end
end
