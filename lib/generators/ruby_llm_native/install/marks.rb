# frozen_string_literal: true

require "digest/sha2"

module RubyLLM
  module Native
    module Generators
      # How the generator recognizes what it wrote: a file of its own begins with a digest of the rest, and a line or
      # entry in another file ends with a comment. Whatever has no such mark belongs to the app, even if it reads the
      # same.
      #
      # @api private
      module Marks
        # The end of a line that the generator added to another file.
        LINE = "# ruby_llm_native:install"

        # The first line of a scheduler's file that did not exist before.
        NEW_FILE = "# Made by ruby_llm_native:install, whose destroy removes its entry, " \
          "and the file if nothing else is left in it.\n"

        FIRST_LINE = /\A# Written by ruby_llm_native:install \((\h{12})\).*\n\n/
        private_constant :FIRST_LINE

        module_function

        # @param text [String] the whole text of a generated file
        # @return [String]
        def sign(text)
          "# Written by ruby_llm_native:install (#{digest(text)}), " \
            "whose destroy removes this file while it is unchanged.\n\n#{text}"
        end

        # @return [Boolean] whether the generator wrote the file, even if it was edited since
        def signed?(text)
          text.match?(FIRST_LINE)
        end

        # @return [Boolean] whether the file is as the generator wrote it
        def unchanged?(text)
          found = text.match(FIRST_LINE)
          !found.nil? && digest(found.post_match) == found[1]
        end

        def digest(text)
          Digest::SHA256.hexdigest(text.b)[0, 12]
        end
        private_class_method :digest
      end
    end
  end
end
