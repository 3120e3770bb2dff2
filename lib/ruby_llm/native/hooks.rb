# frozen_string_literal: true

module RubyLLM
  module Native
    @refresh_hooks = []
    @refresh_log = RefreshLog

    class << self
      # @api private
      # @return [#refreshed] what writes the log of a refresh, before the hooks run: {RefreshLog}, in Rails {Events}
      attr_writer :refresh_log

      # Call the block after every refresh of this process that finished, even one in which all sources failed.
      #
      # Hooks run on the thread that refreshed, after the models are in place and before `refresh!` returns. `refresh!`
      # raises what a hook raises; the models stay in place.
      #
      # @yieldparam report [Report]
      # @return [Proc] the hook; pass it to {.forget_hook} to remove it
      # @example
      #   RubyLLM::Native.on_refresh { |report| Metrics.gauge("llm.failed", report.failures.size) }
      def on_refresh(&hook)
        raise ArgumentError, "on_refresh needs a block" unless hook

        @refresh_hooks += [hook]
        hook
      end

      # @param hook [Proc] what {.on_refresh} returned
      # @return [void]
      def forget_hook(hook)
        @refresh_hooks -= [hook]
      end

      # @api private
      def refreshed(report, registry)
        @refresh_log.refreshed(report, registry)
        @refresh_hooks.each { |hook| hook.call(report) }
      end
    end
  end
end
