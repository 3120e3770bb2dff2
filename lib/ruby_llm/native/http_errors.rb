# frozen_string_literal: true

module RubyLLM
  module Native
    # Which of the ruby_llm gem's errors an HTTP status is, told apart as the gem does. Bad keys are not always 401:
    # Gemini and xAI answer 400, Bedrock 403, and only their messages tell.
    module HttpErrors
      BY_STATUS = {
        400 => :BadRequestError, 401 => :UnauthorizedError, 402 => :PaymentRequiredError, 403 => :ForbiddenError, 429 => :RateLimitError,
        500 => :ServerError, 502 => :ServiceUnavailableError, 503 => :ServiceUnavailableError, 504 => :ServiceUnavailableError,
        529 => :OverloadedError
      }.freeze

      BY_MESSAGE = [
        [[400, 403], /api key not valid|incorrect api key|security token included in the request is (?:invalid|expired)/i, :UnauthorizedError],
        [[400], /credit balance is too low/i, :PaymentRequiredError],
        [[400], /currently overloaded/i, :OverloadedError]
      ].freeze
      private_constant :BY_STATUS, :BY_MESSAGE

      NAMES = BY_STATUS.values.uniq.freeze

      # @param status [Integer, nil] HTTP status; nil when no answer came
      # @param message [String, nil]
      # @return [Class, nil] a subclass of RubyLLM::Error; RubyLLM::Error for a status without one; nil where no
      #   status tells of a failure
      # @example
      #   HttpErrors.class_of(400, "API key not valid.")  # => RubyLLM::UnauthorizedError
      def self.class_of(status, message)
        return if status.nil? || status < 400

        told = BY_MESSAGE.find { |statuses, pattern, _| statuses.include?(status) && pattern.match?(message.to_s) }&.last
        RubyLLM.const_get(told || BY_STATUS.fetch(status, :Error))
      end
    end
  end
end
