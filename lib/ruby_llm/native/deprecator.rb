# frozen_string_literal: true

module RubyLLM
  module Native
    # Warns about former names where ActiveSupport is not loaded: by Ruby's own warnings of the category `deprecated`,
    # once for each place. They are shown under `-W:deprecated` or `Warning[:deprecated] = true`.
    #
    # @api private
    class Deprecator
      def initialize
        @places = {}
      end

      # @param message [String]
      # @param callstack [Array<Thread::Backtrace::Location>] the first is the place to mend
      # @return [void]
      def warn(message, callstack = caller_locations(1))
        return unless Warning[:deprecated]

        text = "#{callstack.first.path}:#{callstack.first.lineno}: warning: #{message}"
        return if @places.key?(text)

        @places[text] = true
        Kernel.warn(text, category: :deprecated)
      end
    end

    # The version without the former names.
    REMOVED_IN = "1.0"
    private_constant :Deprecator, :REMOVED_IN

    class << self
      # What warns about names of this gem that are going to be removed. In Rails 7.1 and newer it is also
      # `Rails.application.deprecators[:ruby_llm_native]`, so `config.active_support` decides what a warning does.
      #
      # @return [ActiveSupport::Deprecation, #warn] the latter where ActiveSupport was not loaded when it was first
      #   needed
      # @example With ActiveSupport
      #   RubyLLM::Native.deprecator.silence { RubyLLM::Native::Exchange }
      def deprecator
        @deprecator ||=
          if defined?(::ActiveSupport::Deprecation)
            ::ActiveSupport::Deprecation.new(REMOVED_IN, "ruby_llm_native")
          else
            Deprecator.new
          end
      end
    end
  end
end
