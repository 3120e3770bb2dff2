# frozen_string_literal: true

require "yaml"
require_relative "../marks"

module RubyLLM
  module Native
    module Generators
      module Schedules
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
      end
    end
  end
end
