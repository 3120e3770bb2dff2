# frozen_string_literal: true

require "ripper"

# What the gem can say, read from its source: each literal with a word and a blank in it, and each single word that is
# given to something that speaks, such as `raise`. What is filled in later stands as `#{…}` in Ruby and %s in C.
module Messages
  FILES = "{ext,lib}/**/*.{c,h,rb,rake,rb.tt}"
  FILLED_IN = /\#\{…\}|%[-+ ]?[\d.*]*(?:[hlz]*[a-zA-Z]|%)/

  # Literals with blanks that are not sentences.
  CODE = [
    /\b(?:CASE|CAST|COALESCE|EXISTS|INSERT|JSON_\w+|SELECT|UPDATE|WHEN)\b[ (]|\bFOR UPDATE\b|IS NOT NULL\z/, # SQL
    /\bjson_\w+\(|::(?:jsonb|numeric)/,
    /\A\s*(?:def|#include) /, # a program
    /\A -[A-Za-z]|\A --param/, # options of a compiler
    /\A(?:[:,] ?:?\w+[:,] |add_\w+ :|postgresql\?)/, # migrations
    /\A(?:\\n|[\s,{}\[\]])*"\w+": / # JSON
  ].freeze

  module_function

  # @param root [String] the project's folder
  # @return [String] each file's path and below it its messages, one a line, in the order of the source
  def text(root)
    found = Dir.glob(FILES, base: root).sort.to_h do |path|
      [path, of_file(path, File.read(File.join(root, path), encoding: "UTF-8"))]
    end
    found.reject { |_, messages| messages.empty? }.map { |path, messages| [path, *messages].join("\n  ") }.join("\n\n")
  end

  # @return [Array<String>]
  def of_file(path, text)
    text = without_erb(text) if path.end_with?(".tt")
    literals = path.match?(/\.[ch]\z/) ? C.literals(text) : Ruby.new(path, text).literals
    literals.select { |literal, spoken| message?(literal, spoken) }.map { |literal, _| literal.gsub("\n", "\\n") }.uniq
  end

  def message?(literal, spoken)
    words = literal.gsub(FILLED_IN, "")
    words.match?(/[[:alpha:]]{2}/) && (spoken || literal.match?(/\s|\A\[\w+\]/)) && CODE.none? { _1.match?(literal) }
  end

  # Lines that only steer go, values become a name: what is left is Ruby.
  def without_erb(text)
    text.gsub(/^ *<%-?(?!=).*?-?%>\n/, "").gsub(/<%=.*?%>/, "Value")
  end

  # The literals of a text in C. Neighbours are one literal, with the macros that stand between and behind them.
  module C
    LITERAL = /"(?:\\.|[^"\\\n])*"/
    CHAIN = /#{LITERAL}(?:[\s\\]*(?:#{LITERAL}|[A-Z]\w+))*/
    UNREAD = %r{/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])+'|^\s*#\s*include\b[^\n]*}m
    SPEAKS = /\b(?:fail|refuse|rb_raise|rb_warn\w*|rlm_error_set|rlm_export_refuse\w*)\(|\bX\((?:\w+, ){2,}\z/

    module_function

    # @return [Array<Array(String, Boolean)>] in order, each with whether it is given to what speaks
    def literals(text)
      text.to_enum(:scan, /#{UNREAD}|#{CHAIN}/o).filter_map do
        chain, from = $&, $~.begin(0)
        next unless chain.start_with?('"')

        statement = text[(text.rindex(/[;{}]/, from) || 0)...from]
        [joined(chain), statement.match?(SPEAKS)] unless statement.match?(/static_assert\(/i)
      end
    end

    def joined(chain)
      chain.scan(/#{LITERAL}|\w+/o).map { |piece| piece.delete_prefix('"').delete_suffix('"') }.join.gsub('\"', '"')
    end
  end

  # The literals of a text in Ruby. A literal inside of what another is filled with is one of its own, behind it.
  class Ruby
    SPEAKS = /\A(?:abort|debug|error|fail|fatal|info|print|puts|raise|say|say_status|warn)\z/
    CALLS = %i[command command_call method_add_arg].freeze

    def initialize(path, text)
      @tree = Ripper.sexp(text) or raise SyntaxError, "#{path} cannot be read as Ruby"
    end

    # @return [Array<Array(String, Boolean)>] in order, each with whether it is given to what speaks
    def literals
      found(@tree, false).sort_by.with_index { |(_, _, place), index| [place, index] }.map { |found| found.first(2) }
    end

    private

    # The tree has the condition behind a call before it, so each comes with its place.
    def found(node, spoken)
      return [] unless node.is_a?(Array)

      case node.first
      when :string_literal, :string_concat then [[text_of(node), spoken, place_of(node)], *inside(node)]
      when *CALLS then node.flat_map { |part| found(part, spoken || speaks?(node)) }
      else node.flat_map { |part| found(part, spoken) }
      end
    end

    def inside(node)
      return [] unless node.is_a?(Array)
      return found(node, false) if node.first == :string_embexpr

      node.flat_map { |part| inside(part) }
    end

    # @return [Array(Integer, Integer)] line and column of the first token; an empty literal has none
    def place_of(node)
      return node.last if node.first.is_a?(Symbol) && node.first.start_with?("@")

      node.grep(Array).lazy.map { |part| place_of(part) }.find { |place| place.first.positive? } || [0, 0]
    end

    def text_of(node)
      case node.first
      when :@tstring_content then node[1].gsub('\"', '"')
      when :string_embexpr, :string_dvar then "\#{…}"
      else node.drop(1).map { |part| text_of(part) }.join
      end
    end

    # The name stands before the arguments: `raise …`, `logger.warn …`, `abort(…)`.
    def speaks?(call)
      names = call[1..3].take_while { |part| !%i[args_add_block arg_paren].include?(Array(part).first) }
      names.flatten(2).any? { |part| part.is_a?(String) && part.match?(SPEAKS) }
    end
  end
end
