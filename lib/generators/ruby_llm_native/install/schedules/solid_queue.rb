# frozen_string_literal: true

require_relative "yaml"

module RubyLLM
  module Native
    module Generators
      module Schedules
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
      end
    end
  end
end
