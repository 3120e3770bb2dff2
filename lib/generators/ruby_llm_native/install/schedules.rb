# frozen_string_literal: true

require "yaml"
require_relative "marks"

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
      module Schedules
        # A file that cannot be changed without affecting the rest of it.
        class Unreadable < StandardError; end

        # config/schedule.rb of the whenever gem.
        class Whenever
          attr_reader :path

          def initialize(names, call:)
            @path = "config/schedule.rb"
            @line = "#{names.job}.#{call}"
            @entry = "every 6.hours do #{Marks::LINE}\n  runner \"#{@line}\"\nend\n"
          end

          def add(text)
            return text if text.match?(/^(?!\s*#).*\b#{Regexp.escape(@line)}\b/)

            text.empty? ? @entry : "#{text.chomp}\n\n#{@entry}"
          end

          def remove(text)
            text.sub(/(\A|\n?)^#{Regexp.escape(@entry)}/, "")
          end
        end

        # A YAML file, changed as text, so that comments and order stay; the new text is parsed and checked before it is
        # written.
        class Yaml
          attr_reader :path

          def initialize(names, entry)
            @task = names.task
            @job = names.job
            @entry = entry
          end

          def add(text)
            return text if scheduled?(parse(text))

            changed = insert(text)
            return changed if kept?(text, changed)

            raise Unreadable, "#{path} cannot be changed automatically. Add to it:\n\n#{lines(0)}"
          end

          def remove(text)
            candidates = (0..8).map { |indent| lines(indent) }
            entry = candidates.find { |candidate| text.match?(/^#{Regexp.escape(candidate)}/) }
            entry ? text.sub(/(^\n)?^#{Regexp.escape(entry)}/, "") : text
          end

          private

          def parse(text)
            document = YAML.safe_load(text.gsub(/<%.*?%>/m, "0"), aliases: true, permitted_classes: [Symbol])
            return document || {} if document.nil? || document.is_a?(Hash)

            raise Unreadable, "#{path} must be a mapping, got #{document.class}"
          rescue Psych::Exception => error
            raise Unreadable, "#{path} cannot be read: #{error.message}"
          end

          def kept?(before, after)
            after = parse(after)
            scheduled?(after) && strip(after) == strip(parse(before))
          rescue Unreadable
            false
          end

          def lines(indent)
            lines = ["#{@task}: #{Marks::LINE}\n", *@entry.map { |key, value| "  #{key}: #{value}\n" }]
            lines.map { |line| " " * indent + line }.join
          end

          def append(text, lines)
            text.empty? ? lines : "#{text.chomp}\n\n#{lines}"
          end

          def job?(entry)
            entry.is_a?(Hash) && entry["class"] == @job
          end
        end

        # config/schedule.yml of sidekiq-cron.
        class SidekiqCron < Yaml
          def initialize(names, **)
            super(names, {"cron" => '"0 */6 * * *"', "class" => names.job.inspect})
            @path = "config/schedule.yml"
          end

          private

          def insert(text)
            append(text, lines(0))
          end

          def scheduled?(document)
            document.key?(@task) || document.any? { |_, entry| job?(entry) }
          end

          def strip(document)
            document.except(@task)
          end
        end

        # config/recurring.yml of Solid Queue: entries by environment, or for all of them when none is named.
        class SolidQueue < Yaml
          ENVIRONMENT = "production"
          private_constant :ENVIRONMENT

          def initialize(names, **)
            super(names, {"class" => names.job, "schedule" => "every 6 hours"})
            @path = "config/recurring.yml"
          end

          def remove(text)
            super.sub(/(\A|\n?)^#{ENVIRONMENT}: #{Regexp.escape(Marks::LINE)}\n\z/o, "")
          end

          private

          def insert(text)
            return append(text, lines(0)) if flat?(parse(text))
            return append(text, "#{ENVIRONMENT}: #{Marks::LINE}\n#{lines(2)}") unless text.match?(/^#{ENVIRONMENT}:/o)

            environment = /^#{ENVIRONMENT}:.*\n?(?=((?:\s*(?:#.*)?\n)*)( *))/o
            text.sub(environment) { "#{$&.chomp}\n#{lines([$2.length, 2].max)}" }
          end

          def flat?(document)
            document.any? { |_, entry| entry.is_a?(Hash) && entry.key?("schedule") }
          end

          def entries(document)
            flat?(document) ? document : document[ENVIRONMENT] || {}
          end

          def scheduled?(document)
            entries(document).key?(@task) || entries(document).any? { |_, entry| job?(entry) }
          end

          def strip(document)
            flat?(document) ? document.except(@task) : document.merge(ENVIRONMENT => entries(document).except(@task))
          end
        end

        ALL = {"whenever" => Whenever, "solid_queue" => SolidQueue, "sidekiq_cron" => SidekiqCron}.freeze

        # GoodJob's schedule is Ruby, in the generated initializer.
        NAMES = [*ALL.keys, "good_job", "none"].freeze

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
