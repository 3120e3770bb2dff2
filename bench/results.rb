# frozen_string_literal: true

require "date"
require "fileutils"
require "json"

module Bench
  # The figures of each part, kept in bench/results/. The page is written from them, so a part can be measured alone.
  module Results
    FOLDER = File.expand_path("results", __dir__)

    module_function

    # @return [Hash, nil] `conditions` and `figures`
    def read(part)
      path = "#{FOLDER}/#{part}.json"
      JSON.parse(File.read(path)) if File.exist?(path)
    end

    def write(part, figures, conditions)
      FileUtils.mkdir_p(FOLDER)
      File.write("#{FOLDER}/#{part}.json",
        "#{JSON.pretty_generate("conditions" => conditions, "figures" => short(figures))}\n")
    end

    # @yieldreturn [Hash{String => Numeric}] what one contestant took in one round
    # @return [Hash{String => Hash{String => Array<Numeric>}}] each contestant's, round after round in turns
    def in_turns(contestants, rounds)
      taken = Array.new(rounds) { contestants.map { |contestant| yield contestant } }.transpose
      contestants.map(&:name).zip(taken).to_h { |name, hashes| [name, gather(hashes)] }
    end

    # @param hashes [Array<Hash>] with the same keys
    # @return [Hash{Object => Array}]
    def gather(hashes)
      hashes.first.to_h { |key, _| [key, hashes.map { |hash| hash.fetch(key) }] }
    end

    # @param samples [Array<Numeric>]
    # @return [Numeric]
    def median(samples)
      samples.sort[samples.size / 2]
    end

    # @return [Hash] the same with a median in place of each list
    def medians(figures)
      case figures
      when Hash then figures.transform_values { |value| medians(value) }
      when Array then median(figures)
      else figures
      end
    end

    # Four digits are more than any clock here is worth.
    def short(figures)
      case figures
      when Hash then figures.transform_values { |value| short(value) }
      when Array then figures.map { |value| short(value) }
      when Float then figures.zero? ? 0 : figures.round(3 - Math.log10(figures.abs).floor)
      else figures
      end
    end
    private_class_method :short
  end
end
