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

        module_function

        # Take each part out of its totals. A total wins over parts that exceed it: each part gets at most what the
        # parts before it have left, so that no count is negative and the sum is what the provider states.
        #
        # @param counts [Hash{Symbol => Numeric}] in which totals contain their parts
        # @return [Hash{Symbol => Numeric}] disjoint
        # @example
        #   Meters.disjoint({input: 1_000, cache_read: 100})  # => {input: 900, cache_read: 100}
        def disjoint(counts)
          WHOLES.each_with_object(counts.dup) do |(part, wholes), left|
            next unless left.key?(part)

            stated = wholes.select { |whole| left.key?(whole) }
            left[part] = [left[part], *left.values_at(*stated)].min
            stated.each { |whole| left[whole] -= left[part] }
          end
        end
      end
    end
  end
end
