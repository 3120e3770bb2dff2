# frozen_string_literal: true

require_relative "../database"

module RubyLLM
  module Native
    module Database
      # JSON that every database and Ruby can read. JSON itself has no limits, but jsonb accepts no U+0000 and no
      # unpaired surrogate, and neither jsonb nor a Float accepts a number like 1e-99999.
      module StorableJson
        # The largest power of ten, either way, that a Float has, and the digits of a number that any database keeps.
        EXPONENT = 307
        DIGITS = 300

        TOKEN = /"(?:[^"\\]|\\.)*+"|-?\d[\d.]*+(?:[eE][-+]?\d++)?/m
        ESCAPE = /\\u[dD][89abAB]\h\h\\u[dD][c-fC-F]\h\h|\\u(?:0000|[dD][89a-fA-F]\h\h)|\\./m
        private_constant :EXPONENT, :DIGITS, :TOKEN, :ESCAPE

        module_function

        # @param text [String] valid JSON
        # @return [String] the same where possible: a number beyond the limits becomes a string, an invalid character
        #   U+FFFD
        def of(text)
          return text if Native.plain_json?(text, DIGITS)

          text.gsub(TOKEN) { |token| token.start_with?('"') ? string(token) : number(token) }
        end

        def string(token)
          token.gsub(ESCAPE) do |escape|
            (escape.size == 6 && escape.match?(/\A\\u(?:0000|d[89a-f])/i)) ? "\\ufffd" : escape
          end
        end

        def number(token)
          _, exponent = token.split(/e/i)
          moderate = exponent.nil? || (exponent.size <= 5 && exponent.to_i.abs <= EXPONENT)
          (moderate && token.size <= DIGITS && token.to_f.finite?) ? token : %("#{token}")
        end
        private_class_method :string, :number
      end
    end
  end
end
