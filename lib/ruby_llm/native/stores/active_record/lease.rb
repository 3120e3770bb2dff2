# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    module Stores
      class ActiveRecord
        # A lease as one process sees it: the `token` of its holder, `until` when it is held, and for how many seconds
        # this process has known that token, by a monotonic clock. Without `until` no process holds it; a token that
        # remains is that of the last holder, which has finished.
        #
        # The token states how long the lease may last and what it is for, so that waiting processes need not trust the
        # holder's clock.
        #
        # @api private
        Lease = Struct.new(:token, :until, :known_for) do
          # @param seconds [Numeric] that the lease may last
          # @param work [String, nil] what it is for
          # @return [String] a new token
          def self.token_for(seconds, work)
            [SecureRandom.hex(16), seconds.ceil, *work].join(" ")
          end

          # @return [String, nil] what it is or was for
          def work
            token&.split(" ", 3)&.[](2)
          end

          # @return [Integer, Float] seconds that it may last
          def length
            Integer(token.to_s.split(" ", 3)[1], exception: false) || Float::INFINITY
          end

          # @return [Boolean] whether it is or was for that work; a lease that does not state its work is for any
          def for?(work)
            !token.nil? && [nil, work].include?(self.work)
          end

          # @return [Boolean] false once it has expired, or has been known for longer than it may last
          def held?(now = Time.now)
            !self.until.nil? && self.until >= now && known_for <= length
          end

          # @return [Boolean] whether it ends later than is possible: then some clock is wrong, and only waiting tells
          #   whether its holder is alive
          def doubtful?(now = Time.now)
            held?(now) && self.until - now > length + CLOCKS
          end
        end

        # Seconds by which the clocks of two machines may differ.
        CLOCKS = 5
        private_constant :CLOCKS, :Lease
      end
    end
  end
end
