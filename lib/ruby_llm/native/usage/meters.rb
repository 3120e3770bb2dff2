# frozen_string_literal: true

module RubyLLM
  module Native
    class Usage
      # What is counted, and therefore priced.
      #
      # @api private
      module Meters
        # Tokens that go in. Together they are the length of the request.
        INPUT = %i[
          input cache_read cache_write cache_write_1h cache_write_extended audio_input audio_cache_read
          audio_cache_write image_input image_cache_read video_input video_cache_read embedding
        ].freeze

        # Tokens that come out.
        OUTPUT = %i[output reasoning citation audio_output image_output video_output].freeze

        # All of them. Seconds: transcription and video_read in, speech and video out, code_execution. Token-hours:
        # cache_storage. GB-days: storage. The others are numbers of what their name says.
        ALL = METERS

        # The totals that each part is counted in, where a provider states both. Parts of parts come first.
        WHOLES = Ractor.make_shareable({
          audio_cache_read: %i[cache_read audio_input input],
          audio_cache_write: %i[cache_write audio_input input],
          image_cache_read: %i[cache_read image_input input],
          video_cache_read: %i[cache_read video_input input],
          cache_write_1h: %i[cache_write input],
          cache_write_extended: %i[cache_write input],
          cache_read: %i[input],
          cache_write: %i[input],
          audio_input: %i[input],
          image_input: %i[input],
          video_input: %i[input],
          reasoning: %i[output],
          citation: %i[output],
          audio_output: %i[output],
          image_output: %i[output],
          video_output: %i[output]
        })

        RANKS = ALL.each_with_index.to_h.freeze
        GOES_IN = INPUT.to_h { |meter| [meter, true] }.freeze
        private_constant :RANKS, :GOES_IN

        module_function

        # @return [Boolean] whether it is one of the tokens that go in
        def input?(meter) = GOES_IN.key?(meter)

        # @param meters [Array<Symbol>]
        # @return [Array<Array(Symbol, Array<Symbol>)>] those that are parts of others, and of which
        # @example
        #   Meters.parts(%i[input cache_read output])  # => [[:cache_read, [:input]]]
        def parts(meters)
          WHOLES.filter_map do |part, wholes| # in their order: parts of parts come first
            there = wholes & meters
            [part, there] if meters.include?(part) && there.any?
          end
        end

        # Take each part out of its totals. A total wins over parts that exceed it: each part gets at most what the
        # parts before it have left, so that no count is negative and the sum is what the provider states.
        #
        # @param counts [Hash{Symbol => Numeric}] in which totals contain their parts; it is changed
        # @param parts [Array<Array>] {Meters.parts} of all meters that can be in it
        # @return [Hash{Symbol => Numeric}] disjoint
        # @example
        #   Meters.disjoint({input: 1_000, cache_read: 100}, Meters.parts(%i[input cache_read]))
        #   # => {input: 900, cache_read: 100}
        def disjoint(counts, parts)
          parts.each do |part, wholes|
            count = counts[part]
            next if count.nil? || count.zero?

            wholes.each { |whole| count = counts[whole] if counts.key?(whole) && counts[whole] < count }
            counts[part] = count
            wholes.each { |whole| counts[whole] -= count if counts.key?(whole) }
          end
          counts
        end

        # @param counts [Hash{Symbol => Numeric}]
        # @return [Hash{Symbol => Numeric}] in the order of {METERS}
        def sorted(counts)
          counts.keys.sort_by! { |meter| RANKS.fetch(meter) }.to_h { |meter| [meter, counts[meter]] }
        end
      end
    end
  end
end
