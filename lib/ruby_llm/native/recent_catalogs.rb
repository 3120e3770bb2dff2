# frozen_string_literal: true

module RubyLLM
  module Native
    # Which contexts keep the catalog that is the merge of their sheets: those that were asked last. The others merge
    # again when they are next asked, within milliseconds.
    #
    # A catalog takes half a megabyte, the sheets of a tenant's own endpoints a few kilobytes. Lookups do not come by
    # here: the cache of each context notes that it was asked.
    #
    # @api private
    class RecentCatalogs
      # @param most [Integer] contexts
      def initialize(most)
        @most = most
        @lock = Mutex.new
        @states = {}.compare_by_identity # the one that was asked longest ago first
      end

      # @param state [RegistryState] has just got a catalog of its own
      # @return [void]
      def add(state)
        dropped = @lock.synchronize do
          @states.delete(state)
          oldest = take_oldest if @states.size >= @most
          @states[state] = true
          oldest
        end
        dropped&.drop_catalog # takes that state's own lock, so not inside of ours
      end

      private

      # One that was asked since it came, or since it was looked at here, is looked at again later.
      def take_oldest
        @states.size.times do
          state, = @states.first
          break unless state.cache.given!

          @states[state] = @states.delete(state)
        end
        @states.shift.first
      end
    end
    private_constant :RecentCatalogs
  end
end
