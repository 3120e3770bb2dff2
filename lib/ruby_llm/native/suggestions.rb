# frozen_string_literal: true

module RubyLLM
  module Native
    # The models that somebody may have meant who asked for an unknown one.
    #
    # @api private
    module Suggestions
      MOST = 3
      private_constant :MOST

      module_function

      # Ids with all words of the query come before those that are spelled like it. Reads every id, which takes some
      # milliseconds.
      #
      # @param query [String]
      # @param ids [Array<String>] the preferred ones first
      # @param aliases [Array<String>] names that find a model and are not ids
      # @return [Array<String>] at most three, the nearest first; empty also when the search fails
      # @example
      #   Suggestions.nearest("opus-4", ["claude-opus-4-1", "claude-sonnet-4"], [])  # => ["claude-opus-4-1"]
      def nearest(query, ids, aliases)
        query = query.to_s
        (containing(query, ids) | spelled(query, ids | aliases)).first(MOST)
      rescue
        [] # the exception that would have contained them must get through
      end

      def containing(query, ids)
        wanted = words(query)
        return [] if wanted.empty?

        ids.each_with_index.filter_map { |id, place| [id, words(id).size, place] if (wanted - words(id)).empty? }
          .sort_by { |_, size, place| [size, place] }.map(&:first)
      end

      # @param query [String]
      # @param names [Array<String>]
      # @return [Array<String>] those that are spelled like the query, the nearest first
      def spelled(query, names)
        defined?(DidYouMean::SpellChecker) ? DidYouMean::SpellChecker.new(dictionary: names).correct(query) : []
      end

      def words(text)
        text.downcase.scan(/[[:alpha:]]+|\d+/)
      end

      private_class_method :containing, :words
    end
    private_constant :Suggestions
  end
end
