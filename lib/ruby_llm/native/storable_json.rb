# frozen_string_literal: true

module RubyLLM
  module Native
    # JSON that every database and Ruby read alike. JSON itself has no bounds; jsonb takes no U+0000 and no half of a
    # surrogate pair, and neither it nor a Float takes a number like 1e-99999.
    module StorableJson
      # Powers of ten that a Float has either way, and digits of a number that any database keeps.
      EXPONENT = 307
      DIGITS = 300

      SUSPECT = /\\u(?:0000|[dD][89a-fA-F])|\d[eE]|[\d.]{#{DIGITS + 1}}/
      TOKEN = /"(?:[^"\\]|\\.)*+"|-?\d[\d.]*+(?:[eE][-+]?\d++)?/m
      ESCAPE = /\\u[dD][89abAB]\h\h\\u[dD][c-fC-F]\h\h|\\u(?:0000|[dD][89a-fA-F]\h\h)|\\./m
      private_constant :EXPONENT, :DIGITS, :SUSPECT, :TOKEN, :ESCAPE

      module_function

      # @param text [String] valid JSON
      # @return [String] the same where that is possible: a number past all bounds becomes a text, a character that is
      #   none U+FFFD
      def of(text)
        if text.match?(SUSPECT)
          text.gsub(TOKEN) { |token| token.start_with?('"') ? string(token) : number(token) }
        else
          text
        end
      end

      def string(token)
        token.gsub(ESCAPE) { |escape| (escape.size == 6 && escape.match?(/\A\\u(?:0000|d[89a-f])/i)) ? "\\ufffd" : escape }
      end

      def number(token)
        _, exponent = token.split(/e/i)
        fits = token.size <= DIGITS && (exponent.nil? || (exponent.size <= 5 && exponent.to_i.abs <= EXPONENT)) && token.to_f.finite?
        fits ? token : %("#{token}")
      end
      private_class_method :string, :number
    end
    private_constant :StorableJson
  end
end
