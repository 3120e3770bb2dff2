# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    module Stores
      class ActiveRecord
        # A lease as one process sees it: `token` of whoever holds it, `until` when, and for how many seconds this
        # process has known that token, by a clock that nobody sets. Without a time nobody holds it, and a token that
        # is left is that of the last who did and finished.
        #
        # A token says how long the lease may last and what it is for: whoever waits for it need not believe the clock
        # of who took it.
        Lease = Struct.new(:token, :until, :known_for) do
          # @param seconds [Numeric] that the lease lasts
          # @param work [String, nil] what it is for
          # @return [String] a new token
          def self.token_for(seconds, work)
            [SecureRandom.hex(16), seconds.ceil, *work].join(" ")
          end

          # @return [String, nil] what it is, or was, for
          def work
            token&.split(" ", 3)&.[](2)
          end

          # @return [Integer, Float] seconds that it may last
          def length
            Integer(token.to_s.split(" ", 3)[1], exception: false) || Float::INFINITY
          end

          # @return [Boolean] whether it is, or was, for that work; one that does not say for what is for any
          def of?(work)
            !token.nil? && [nil, work].include?(self.work)
          end

          # @return [Boolean] false once its time has passed, or once it has been seen for longer than it may last
          def held?(now = Time.now)
            !self.until.nil? && self.until >= now && known_for <= length
          end

          # @return [Boolean] whether its end is further away than it may last: then somebody's clock is wrong, and
          #   only waiting tells whether its holder is alive
          def doubtful?(now = Time.now)
            held?(now) && self.until - now > length + CLOCKS
          end
        end

        # Seconds by which the clocks of two machines may differ.
        CLOCKS = 5
        private_constant :CLOCKS

        # What came of an attempt to take the lease: the new `token`, or the `lease` as it is. `locked`: not even that
        # could be decided, for another transaction has locked the row.
        Attempt = Struct.new(:token, :lease, :locked)
      end
    end
  end
end
