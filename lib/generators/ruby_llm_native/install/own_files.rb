# frozen_string_literal: true

module RubyLLM
  module Native
    module Generators
      # Changes an app without harm: nothing is overwritten, and only what has one of the {Marks} and was not edited
      # since is removed.
      #
      # @api private
      module OwnFiles
        private

        # @param template [String]
        # @param path [String] relative to the app's folder
        # @param shared [Boolean] whether others may need the file too, so that it is never removed
        def own_file(template, path, shared: false)
          return revoke_file(path) if behavior == :revoke

          text = shared ? render(template) : Marks.sign(render(template))
          there = read(path)
          if there
            say_status((there == text) ? :identical : :exist, path, :blue)
          else
            create_file(path, text)
          end
        end

        def revoke_file(path)
          text = read(path)
          return if text.nil?
          return remove(path) if Marks.unchanged?(text)

          reason = Marks.signed?(text) ? "has been edited" : "was not written by this generator"
          say_status :keep, "#{path} #{reason}", :yellow
        end

        # A line in a class that may already exist.
        #
        # @param constant [String] the class
        # @param pattern [Regexp] matches when the line is already there
        # @param line [String] without a newline
        # @param else_from [String] the template of the class, in case it does not exist
        def own_line(constant, pattern, line, else_from:)
          path = "app/models/#{names.file(constant)}.rb"
          text = read(path)
          return own_file(else_from, path) if text.nil? || Marks.signed?(text)

          line = "#{line} #{Marks::LINE}\n"
          return replace(path, text, text.sub(/^ *#{Regexp.escape(line.strip)}\n/, "")) if behavior == :revoke
          return say_status(:exist, path, :blue) if text.match?(pattern)

          definition = /^( *)class +(?:\w+::)*#{constant.split("::").last}\b(?!.*\bend\b).*\n/
          changed = text.sub(definition) { "#{$&}#{$1}#{line}" }
          if changed == text
            raise Thor::Error, "#{path} does not define the class #{constant}. Add to that class:\n\n#{line}"
          end

          replace(path, text, changed)
        end

        # @param scheduler [#path, #add, #remove]
        def own_entry(scheduler)
          text = read(scheduler.path)
          return revoke_entry(scheduler, text) if behavior == :revoke

          replace(scheduler.path, text, scheduler.add(text || Marks::NEW_FILE))
        rescue Schedules::Unreadable => error
          say_status :skip, error.message, :red
        end

        def revoke_entry(scheduler, text)
          return if text.nil?

          changed = scheduler.remove(text)
          (changed.strip == Marks::NEW_FILE.strip) ? remove(scheduler.path) : replace(scheduler.path, text, changed)
        end

        def replace(path, text, changed)
          return say_status(:identical, path, :blue) if changed == text
          return create_file(path, changed) if text.nil?

          say_status (behavior == :invoke) ? :insert : :subtract, path
          File.write(absolute(path), changed) unless options[:pretend]
        end

        def remove(path)
          say_status :remove, path, :red
          File.delete(absolute(path)) unless options[:pretend]
        end

        def read(path)
          File.read(absolute(path)) if File.exist?(absolute(path))
        end

        def absolute(path)
          File.expand_path(path, destination_root)
        end

        def render(template)
          ERB.new(File.read(find_in_source_paths(template)), trim_mode: "-").result(binding)
        end
      end
    end
  end
end
