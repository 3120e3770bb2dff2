# frozen_string_literal: true

require_relative "schedules/sidekiq_cron"
require_relative "schedules/solid_queue"
require_relative "schedules/whenever"

module RubyLLM
  module Native
    module Generators
      # Entries in the files of schedulers, to run every six hours. The rest of a file stays as it is, byte for byte.
      #
      # Each scheduler has `path`, `add(text)`, which returns the file's new text (unchanged when the job is already in
      # it), and `remove(text)`, which removes what `add` added and marked, and nothing else.
      #
      # @example
      #   Schedules.of(["whenever"], names, call: "perform_later").first.add("")
      #   # => "every 6.hours do # ruby_llm_native:install\n  runner \"SyncLLMModelsJob.perform_later\"\nend\n"
      #
      # @api private
      module Schedules
        # A file that cannot be changed without affecting the rest of it.
        class Unreadable < StandardError; end

        # Those that have a file of their own.
        ALL = {"whenever" => Whenever, "solid_queue" => SolidQueue, "sidekiq_cron" => SidekiqCron}.freeze

        # GoodJob's schedule is Ruby, in the generated initializer.
        NAMES = [*ALL.keys, "good_job", "none"].freeze

        # By which gem in the bundle a scheduler is recognized, in order of preference.
        GEMS = {
          "solid_queue" => "solid_queue", "good_job" => "good_job",
          "sidekiq_cron" => "sidekiq-cron", "whenever" => "whenever"
        }.freeze

        module_function

        # @param chosen [Array<String>] of {NAMES}
        # @param call [String] the job's method that enqueues it
        # @return [Array<Whenever, Yaml>] the chosen ones that have a file of their own
        def of(chosen, names, call:)
          ALL.values_at(*chosen).compact.map { |scheduler| scheduler.new(names, call: call) }
        end

        # The app's scheduler: among those in the bundle, the first whose file exists, or else the first in the order of
        # {GEMS}.
        #
        # @param root [String] the app's folder
        # @yieldparam gem [String]
        # @yieldreturn [Boolean] whether it is in the bundle
        # @return [String] one of {NAMES}
        def detect(root, names, &bundled)
          there = GEMS.select { |_, gem| bundled.call(gem) }.keys
          configured = there.find do |name|
            of([name], names, call: "").any? { |scheduler| File.exist?(File.join(root, scheduler.path)) }
          end
          configured || there.first || "none"
        end
      end
    end
  end
end
