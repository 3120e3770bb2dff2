# frozen_string_literal: true

require "ripper"

module Lint
  # What is odd about a provider stands in its file in core/sources/: a provider's slug in another file's code is a
  # special case that the next provider cannot have. ALLOWED can only shrink: what is no longer needed fails, too.
  class Slugs
    SOURCES = "ext/ruby_llm_native/core/sources"

    # File => [why it names providers, the slugs that it may name].
    ALLOWED = {
      "ext/ruby_llm_native/core/block/alias.c" => [
        "ids with a maker's name before them, and whose ids have variants",
        %w[anthropic bedrock cohere deepseek gemini mistral openai openrouter perplexity xai]
      ],
      "ext/ruby_llm_native/core/lookup/resolve.c" => [
        "regions of one provider, suffixes of another",
        %w[bedrock openrouter]
      ],
      "lib/ruby_llm/native/beside_ruby_llm/entry.rb" => ["which ids ruby_llm's own list leaves out", %w[bedrock]],
      "lib/ruby_llm/native/beside_ruby_llm/entry_list.rb" => ["which ids ruby_llm 1.x leaves out", %w[vertexai]],
      "lib/ruby_llm/native/beside_ruby_llm/lookup.rb" => ["ruby_llm resolves regions itself", %w[bedrock]],
      "lib/ruby_llm/native/credentials.rb" => [
        "tokens that Ruby must fetch: credential providers, service accounts",
        %w[bedrock vertexai]
      ],
      "lib/ruby_llm/native/preferences.rb" => [
        "the order of providers where several have a model",
        %w[anthropic azure bedrock cohere deepgram deepseek elevenlabs gemini gpustack hetzner mistral ollama
          ollama_cloud openai openrouter perplexity vertexai xai]
      ],
      "lib/ruby_llm/native/request_guard.rb" => ["hosts that depend on a region", %w[bedrock vertexai]]
    }.freeze

    # Comments, character constants and strings of C. Comments and constants may hold quotes.
    TOKEN = %r{/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])+'|"(?:\\.|[^"\\\n])*"}m

    # @param root [String] the project's folder
    def initialize(root, allowed = ALLOWED)
      @root = root
      @allowed = allowed
    end

    # @return [Array<String>] "file:line: what is wrong; what to do"
    def offences
      found = files.to_h { |path| [path, occurrences(path)] }
      found.flat_map { |path, places| forbidden(path, places) } + unneeded(found)
    end

    # @return [Array<String>] the slugs of the sources that are providers
    def slugs
      @slugs ||= Dir[File.join(@root, SOURCES, "*.c")].filter_map do |path|
        text = File.read(path, encoding: "UTF-8")
        text[/\.slug = "(\w+)"/, 1] unless text.match?(/\.flags =[^,]*\bRLM_SOURCE_METADATA\b/)
      end
    end

    private

    def files
      Dir.glob("{ext,lib}/**/*.{c,h,rb,rake}", base: @root).reject { |path| path.start_with?("#{SOURCES}/") }.sort
    end

    def forbidden(path, places)
      _, allowed = @allowed[path]
      places.reject { |place| allowed&.include?(place.first) }.map do |slug, line|
        "#{path}:#{line}: #{slug.inspect} names a provider; say what is odd about it in #{SOURCES}/#{slug}.c, " \
          "as a field of rlm_source"
      end
    end

    def unneeded(found)
      @allowed.flat_map do |path, (_, slugs)|
        (slugs - found.fetch(path, []).map(&:first)).map do |slug|
          "rakelib/lint/slugs.rb:#{line_of(path)}: #{path} no longer names #{slug.inspect}; remove it from ALLOWED"
        end
      end
    end

    def line_of(path)
      (File.foreach(__FILE__, encoding: "UTF-8").with_index(1).find { |line, _| line.include?(path) } || [nil, 1]).last
    end

    # Pairs of a slug and its line, for each literal that is a slug or a list of words with one.
    def occurrences(path)
      text = File.read(File.join(@root, path), encoding: "UTF-8")
      literals = path.match?(/\.[ch]\z/) ? literals_of_c(text) : literals_of_ruby(text)
      literals.uniq.select { |place| slugs.include?(place.first) }
    end

    def literals_of_c(text)
      text.to_enum(:scan, TOKEN).filter_map do
        token, before = $&, $`
        [token[1..-2], before.count("\n") + 1] if token.start_with?('"')
      end
    end

    # Strings, symbols, keys of hashes, and the words of %w[] and %i[].
    def literals_of_ruby(text)
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
