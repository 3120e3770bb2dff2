# frozen_string_literal: true

require_relative "../suggestions"
require_relative "count"
require_relative "meters"

module RubyLLM
  module Native
    class Usage
      # A Hash with our own names. Its counts are disjoint: nothing in it is counted twice.
      #
      # @api private
      module Plain
        # What else a meter may be called. Tokens may say so, other things be in the plural.
        NAMES = Ractor.make_shareable({
          **(Meters::INPUT + Meters::OUTPUT).to_h { |meter| ["#{meter}_tokens", meter] },
          **(Meters::ALL - Meters::INPUT - Meters::OUTPUT)
            .to_h { |meter| ["#{meter}#{meter.end_with?("h") ? "es" : "s"}", meter] },
          **%w[cached cached_tokens].to_h { |name| [name, :cache_read] },
          **%w[cache_creation cache_creation_tokens].to_h { |name| [name, :cache_write] },
          **Meters::ALL.to_h { |meter| [meter.name, meter] }
        })
        SHOWN = 3 # keys in an error
        LONGEST = 64 # characters of a name that can be a misspelled one
        private_constant :NAMES, :SHOWN, :LONGEST

        module_function

        # @param hash [Hash]
        # @return [Boolean] whether there is nothing else in it
        def only?(hash)
          hash.all? { |key, value| meter(key) && !(Hash === value) }
        end

        # @param hash [Hash]
        # @return [Hash{Symbol => Numeric}]
        # @raise [ArgumentError] for an unknown name, a value that cannot be a count, or two different ones for a meter
        # @example
        #   Plain.read({"input_tokens" => 12, :web_searches => 1})  # => {input: 12, web_search: 1}
        def read(hash)
          refuse(hash) unless only?(hash)
          counts = {}
          hash.each do |key, value|
            count = Count.of(value, key)
            add(counts, meter(key), count) if count
          end
          Meters.sorted(counts)
        end

        def meter(key)
          case key
          when Symbol then NAMES[key.name]
          when String then NAMES[key]
          end
        end

        def add(counts, meter, count)
          if counts.fetch(meter, count) != count
            raise ArgumentError, "#{meter} must be counted once, got #{counts[meter]} and #{count} by two of its names"
          end

          counts[meter] = count
        end

        # @param hash [Hash]
        # @return [String] with its first keys, for errors
        def describe(hash)
          return "an empty Hash" if hash.empty?

          keys = hash.first(SHOWN).map { |key, _| Count.show(key) }
          "a Hash with #{keys.join(", ")}#{", …" if hash.size > SHOWN}"
        end

        def refuse(hash)
          if hash.each_key.none? { |key| meter(key) }
            raise ArgumentError, "Usage must be counts such as input and output, a provider's usage, or an answer " \
                                 "that contains one, got #{describe(hash)}"
          end

          unknown = hash.each_key.find { |key| !meter(key) }
          raise ArgumentError, "Unknown count: #{Count.show(unknown)}#{advice(unknown)}"
        end

        def advice(key)
          text = key.to_s if Symbol === key || String === key
          meant = Suggestions.nearest(text, NAMES.keys, []).first if text && text.size <= LONGEST
          meant ? "; did you mean #{meant}?" : " (known: #{Meters::ALL.join(", ")})"
        end

        private_class_method :meter, :add, :refuse, :advice
      end
      private_constant :Plain
    end
  end
end
