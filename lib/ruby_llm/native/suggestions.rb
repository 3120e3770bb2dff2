# frozen_string_literal: true

module RubyLLM
  module Native
    # What somebody may have meant who asked for a model that is not there.
    module Suggestions
      MOST = 3
      private_constant :MOST

      module_function

      # Ids that have all words of the wish come before those that are spelled like it. Slow, some milliseconds: it reads every id.
      #
      # @param wish [String]
      # @param ids [Array<String>] the preferred ones first
      # @param aliases [Array<String>] names that find a model and are no id
      # @return [Array<String>] at most three, the nearest first; empty also when looking for them failed
      # @example
      #   Suggestions.nearest("opus-4", ["claude-opus-4-1", "claude-sonnet-4"], [])  # => ["claude-opus-4-1"]
      def nearest(wish, ids, aliases)
        wish = wish.to_s
        (containing(wish, ids) | spelled(wish, ids | aliases)).first(MOST)
      rescue StandardError
        [] # the exception that they would be part of must come through
      end

      def containing(wish, ids)
        wanted = words(wish)
        return [] if wanted.empty?

        ids.each_with_index.filter_map { |id, place| [id, words(id).size, place] if (wanted - words(id)).empty? }
           .sort_by { |_, size, place| [size, place] }.map(&:first)
      end

      def spelled(wish, names)
        defined?(DidYouMean::SpellChecker) ? DidYouMean::SpellChecker.new(dictionary: names).correct(wish) : []
      end

      def words(text)
        text.downcase.scan(/[[:alpha:]]+|\d+/)
      end

      private_class_method :containing, :spelled, :words
    end
  end
end
