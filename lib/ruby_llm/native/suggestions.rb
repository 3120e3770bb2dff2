# frozen_string_literal: true

module RubyLLM
  module Native
    # What somebody may have meant who asked for a model that is not there.
    module Suggestions
      MOST = 3
      private_constant :MOST

      module_function

      # Ids that have all words of the query come before those that are spelled like it. Slow, some milliseconds: it
      # reads every id.
      #
      # @param query [String]
      # @param ids [Array<String>] the preferred ones first
      # @param aliases [Array<String>] names that find a model and are no id
      # @return [Array<String>] at most three, the nearest first; empty also when looking for them failed
      # @example
      #   Suggestions.nearest("opus-4", ["claude-opus-4-1", "claude-sonnet-4"], [])  # => ["claude-opus-4-1"]
      def nearest(query, ids, aliases)
        query = query.to_s
        (containing(query, ids) | spelled(query, ids | aliases)).first(MOST)
      rescue
        [] # the exception that they would be part of must come through
      end

      def containing(query, ids)
        wanted = words(query)
        return [] if wanted.empty?

        ids.each_with_index.filter_map { |id, place| [id, words(id).size, place] if (wanted - words(id)).empty? }
          .sort_by { |_, size, place| [size, place] }.map(&:first)
      end

      def spelled(query, names)
        defined?(DidYouMean::SpellChecker) ? DidYouMean::SpellChecker.new(dictionary: names).correct(query) : []
      end

      def words(text)
        text.downcase.scan(/[[:alpha:]]+|\d+/)
      end

      private_class_method :containing, :spelled, :words
    end
  end
end
