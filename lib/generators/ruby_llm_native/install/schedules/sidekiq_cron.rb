# frozen_string_literal: true

require_relative "yaml"

module RubyLLM
  module Native
    module Generators
      module Schedules
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
      end
    end
  end
end
