# frozen_string_literal: true

require "digest/sha2"

module RubyLLM
  module Native
    module Generators
      # How the generator knows again what it wrote: a file of its own has a first line with a digest of the rest, a
      # line or an entry in a file of others ends in a comment. Whatever has no such mark is the app's, even if it
      # reads the same.
      module Marks
        # The end of a line that the generator added to a file of others.
        LINE = "# ruby_llm_native:install"

        # The first line of a file of others that was not there before.
        NEW_FILE = "# Made by ruby_llm_native:install, whose destroy removes its entry, and the file if nothing else is left in it.\n"

        FIRST_LINE = /\A# Written by ruby_llm_native:install \((\h{12})\).*\n\n/
        private_constant :FIRST_LINE

        module_function

        # @param text [String] of a file that is the generator's whole
        # @return [String]
        def sign(text)
          "# Written by ruby_llm_native:install (#{digest(text)}), whose destroy removes this file while it is unchanged.\n\n#{text}"
        end

        # @return [Boolean] whether the generator wrote the file, be it changed since
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
