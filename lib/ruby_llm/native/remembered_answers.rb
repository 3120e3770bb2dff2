# frozen_string_literal: true

module RubyLLM
  module Native
    # The answers so far of something that does not change, for {LookupCache}. Threads share them without a lock: at
    # worst one is computed twice.
    #
    # @api private
    class RememberedAnswers
      # Answers that are remembered, misses included. When there are more, all are forgotten.
      MOST = 5_000

      # Bytes of a name that is remembered: a name that is not found can have any length.
      LONGEST = 200
      private_constant :MOST, :LONGEST

      # @return [Hash{String, Symbol, nil => Hash}] provider => id => answer
      attr_reader :answers

      def initialize
        @answers = {nil => {}}
        @count = 0
      end

      # @param id [String, Symbol]
      # @param provider [String, Symbol, nil]
      # @return [Object, false, nil] the answer, false for none; nil when it is not known
      def [](id, provider)
        known = @answers[provider]
        known[id] if known
      end

      # @param id [Object]
      # @param provider [Object]
      # @param found [Object, false] remembered only if id and provider are names of a usual length
      # @return [Object, false] found
      def keep(id, provider, found)
        return found unless [id, *provider].all? { |name| lasting?(name) }

        forget if @count >= MOST
        @count += 1
        # Left to itself, the Hash would enter an unfrozen key in Ruby's table of all interned strings, whose pages
        # forked workers share.
        (@answers[provider] ||= {})[id.frozen? ? id : id.dup.freeze] = found
      end

      private

      # What is equal to a key must never change; in a class derived from String it may.
      def lasting?(name)
        (name.instance_of?(String) || name.instance_of?(Symbol)) && name.to_s.bytesize <= LONGEST
      end

      def forget
        @answers.each_value(&:clear)
        @count = 0
      end
    end
    private_constant :RememberedAnswers
  end
end
