# frozen_string_literal: true

module RubyLLM
  module Native
    # What a block given to `refresh!` receives when a source has ended: what is known before the merge.
    #
    # `source` is a Symbol, `status` one of {Outcome#status} except :skipped, `rows` the number of models read, `bytes`
    # as received over the network, `duration` in seconds, `error` the reason of a failure.
    #
    # @example
    #   RubyLLM.models.refresh! { |progress| puts "#{progress.source}: #{progress.status}" }
    Progress = Struct.new(:source, :status, :rows, :bytes, :duration, :error, keyword_init: true) do
      include Value::ToJson
    end

    # Runs one {Run} from its first request to the new catalog.
    #
    # Requests run without the interpreter's lock. Under a Fiber scheduler they run in a separate thread, so that other
    # fibers go on. The block is always called by the calling fiber.
    class Refresher
      # The result: `outcomes` are the Hashes of {Run#outcome}, in the order of {Plan#asked}.
      Result = Struct.new(:catalog, :sheets, :outcomes, keyword_init: true)

      # @param plan [Plan]
      # @param catalog [Catalog] the previous one, to compare with
      # @param sheets [Hash{String => String}] the previous ones
      # @param now [Time]
      def initialize(plan, catalog:, sheets:, now:)
        @plan = plan
        @catalog = catalog
        @sheets = sheets
        @now = now
      end

      # @yieldparam progress [Progress] as each source ends; if the block raises, the refresh is cancelled
      # @return [Result]
      # @raise [Native::Error] when the refresh itself cannot go on; failures of sources are in the outcomes
      def call(&progress)
        return Result.new(catalog: @catalog, sheets: @sheets, outcomes: []) if @plan.asked.empty?

        Fiber.current_scheduler ? drive_in_thread(&progress) : drive(&progress)
      end

      private

      def drive
        run = Run.open(@plan.questions(@sheets), @plan.held(@sheets), @catalog, @plan.run_options(@now.to_i))
        while (ended = run.step)
          ended.each { |position| yield progress(run.outcome(position)) }
        end
        catalog, sheets = run.finish
        Result.new(catalog: catalog, sheets: @sheets.merge(@plan.asked.zip(sheets).to_h).compact.freeze,
          outcomes: @plan.asked.each_index.map { |position| run.outcome(position) })
      ensure
        run&.close
      end

      def drive_in_thread
        news = Thread::Queue.new
        thread = Thread.new do
          Thread.current.report_on_exception = false
          drive { |progress| news << progress }
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
  end
end
