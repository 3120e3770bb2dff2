# frozen_string_literal: true

require "ripper"

module Lint
  # What is odd about a provider stands in its file in core/sources/: a provider's slug in another file's code is a
  # special case that the next provider cannot have.
  class Slugs
    SOURCES = "ext/ruby_llm_native/core/sources"

    # What providers' APIs say of usage is not in C, since it comes to apps and not to the core.
    USAGE = %w[lib/ruby_llm/native/usage/choice.rb lib/ruby_llm/native/usage/formats.rb].freeze

    # What ruby_llm's classes for providers call what they keep of an answer is ruby_llm's choice.
    BESIDE = %w[lib/ruby_llm/native/beside_ruby_llm/entry_metadata.rb].freeze

    # Comments, character constants, strings and our own symbols of C. Comments and constants may hold quotes.
    TOKEN = %r{/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])+'|"(?:\\.|[^"\\\n])*"|\brlm_\w+}m

    # @param root [String] the project's folder
    def initialize(root)
      @root = root
    end

    # @return [Array<String>] "file:line: what is wrong; what to do"
    def offences
      files.flat_map { |path| offences_of(path) }
    end

    # @return [Array<String>] the slugs of the sources that are providers
    def slugs
      @slugs ||= Dir[File.join(@root, SOURCES, "*.c")].filter_map do |path|
        text = File.read(path, encoding: "UTF-8")
        text[/\.slug = "(\w+)"/, 1] unless text.include?(".rank = RLM_RANK_")
      end
    end

    private

    def files
      Dir.glob("{ext,lib,rakelib}/**/*.{c,h,rb,rake}", base: @root).sort
        .reject { |path| path.start_with?("#{SOURCES}/") || [*USAGE, *BESIDE].include?(path) }
    end

    def offences_of(path)
      text = File.read(File.join(@root, path), encoding: "UTF-8")
      places = path.match?(/\.[ch]\z/) ? places_in_c(text) : places_in_ruby(text)
      places.uniq.select { |place| slugs.include?(place.first) }.map do |slug, line|
        "#{path}:#{line}: #{slug.inspect} names a provider; say what is odd about it in #{SOURCES}/#{slug}.c, " \
          "as a field of rlm_source"
      end
    end

    # Pairs of a word and its line. In C: strings, and symbols of a source: rlm_source_acme, rlm_acme_is_odd.
    def places_in_c(text)
      text.to_enum(:scan, TOKEN).filter_map do
        token, before = $&, $`
        word = token.start_with?('"') ? token[1..-2] : slug_of_symbol(token)
        [word, before.count("\n") + 1] if word
      end
    end

    def slug_of_symbol(token)
      slugs.find { |slug| token == "rlm_source_#{slug}" || token.start_with?("rlm_#{slug}_") }
    end

    # Strings, symbols, keys of hashes, and the words of %w[] and %i[].
    def places_in_ruby(text)
      Ripper.lex(text).each_cons(2).flat_map do |(_, before, _), ((line, _), type, token)|
        case type
        when :on_tstring_content then words(token, line)
        when :on_label then [[token.chomp(":"), line]]
        when :on_ident then (before == :on_symbeg) ? [[token, line]] : []
        else []
        end
      end
    end

    def words(token, line)
      token.each_line.with_index(line).flat_map { |text, number| text.split.map { |word| [word, number] } }
    end
  end
end
