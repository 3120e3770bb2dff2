# frozen_string_literal: true

module RubyLLM
  module Native
    # Runs one {Run} from its first request to the new catalog.
    #
    # Requests run without the interpreter's lock. Under a Fiber scheduler they run in a separate thread, so that other
    # fibers go on. The block is always called by the calling fiber.
    #
    # @api private
    class Refresher
      # The result: `outcomes` are the Hashes of {Run#outcome}, in the order of {Plan#asked}.
      Result = Struct.new(:catalog, :sheets, :outcomes, keyword_init: true)
      private_constant :Result

      # @param plan [Plan]
      # @param catalog [Catalog] the previous one, to compare with
      # @param sheets [Hash{String => String}] the previous ones
      # @param now [Time]
      def initialize(plan, catalog:, sheets:, now:)
        @plan = plan
        @catalog = catalog
        @sheets = plan.within_limit(sheets)
        @now = now
      end

      # Whoever is told of sources as they end pays for it beside busy threads: each time the calling thread waits for
      # its turn to run Ruby, for up to 100 ms a busy thread.
      #
      # @param live [Boolean] whether the block is called as sources end, at most every 100 ms; or else when all have
      # @yieldparam progress [Progress] of each source; if the block raises, the refresh is cancelled
      # @return [Result]
      # @raise [Native::Error] when the refresh itself cannot go on; failures of sources are in the outcomes
      def call(live:, &progress)
        return Result.new(catalog: @catalog, sheets: @sheets, outcomes: []) if @plan.asked.empty?

        Fiber.current_scheduler ? drive_in_thread(live, &progress) : drive(live, &progress)
      end

      private

      def drive(live)
        run = Run.open(before: @catalog, now: @now.to_i, **@plan.keywords(@sheets))
        while live && (ended = run.step)
          ended.each { |position| yield progress(run.outcome(position)) }
        end
        catalog, sheets = run.finish
        outcomes = @plan.asked.each_index.map { |position| run.outcome(position) }
        outcomes.each { |outcome| yield progress(outcome) } unless live
        Result.new(catalog: catalog, outcomes: outcomes,
          sheets: to_keep(@sheets.merge(@plan.asked.zip(sheets).to_h).compact))
      ensure
        run&.close
      end

      def to_keep(sheets)
        sheets.except(*Native.replaced_sources(sheets.keys)).freeze
      end

      def drive_in_thread(live)
        news = Thread::Queue.new
        thread = Thread.new do
          Thread.current.report_on_exception = false
          drive(live) { |progress| news << progress }
        ensure
          news.close
        end
        while (progress = news.pop)
          yield progress
        end
        wait_for(thread)
        thread.value
      ensure
        wait_for(thread.kill) if thread&.alive?
      end

      # In short turns: under a scheduler Ruby 3.1 can miss the end of a thread, and a join without a limit would hang.
      def wait_for(thread)
        nil until thread.join(0.1)
      end

      def progress(outcome)
        Progress.new(source: outcome[:source].to_sym, **outcome.slice(:status, :rows, :bytes, :duration, :error)).freeze
      end
    end
    private_constant :Refresher
  end
end
