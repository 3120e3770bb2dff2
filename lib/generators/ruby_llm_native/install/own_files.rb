# frozen_string_literal: true

module RubyLLM
  module Native
    module Generators
      # Writing into an app without harm: nothing that is there is overwritten, and only what carries one of the
      # {Marks} and was not changed since is taken away.
      module OwnFiles
        private

        # @param template [String]
        # @param path [String] below the app's folder
        # @param shared [Boolean] whether others may need the file too: then it stays when ours go
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

          say_status :keep, "#{path} #{Marks.signed?(text) ? "has been edited" : "is not of this generator"}", :yellow
        end

        # A line in a class that may be there already.
        #
        # @param constant [String] the class
        # @param pattern [Regexp] how to tell that the line is there
        # @param line [String] without the line's end
        # @param else_from [String] the template of the class where it is not there
        def own_line(constant, pattern, line, else_from:)
          path = "app/models/#{names.file(constant)}.rb"
          text = read(path)
          return own_file(else_from, path) if text.nil? || Marks.signed?(text)

          line = "#{line} #{Marks::LINE}\n"
          return replace(path, text, text.sub(/^ *#{Regexp.escape(line.strip)}\n/, "")) if behavior == :revoke
          return say_status(:exist, path, :blue) if text.match?(pattern)

          changed = text.sub(/^( *)class +(?:\w+::)*#{constant.split("::").last}\b(?!.*\bend\b).*\n/) { "#{$&}#{$1}#{line}" }
          raise Thor::Error, "#{path} has no class #{constant}. Write into it:\n\n#{line}" if changed == text

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
