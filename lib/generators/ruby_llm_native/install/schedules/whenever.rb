# frozen_string_literal: true

require_relative "../marks"

module RubyLLM
  module Native
    module Generators
      module Schedules
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
      end
    end
  end
end
