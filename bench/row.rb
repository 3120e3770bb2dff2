# frozen_string_literal: true

module Bench
  # A line of the page's tables: what was measured here, what it is compared with, and whether the goal is met.
  class Row
    HEAD = ["", "ratio", "goal", "met", "here", "compared with"].freeze

    # @param what [String]
    # @param here [Numeric]
    # @param peer [Array(String, Numeric)] what it is compared with
    # @param most [Numeric, nil] the goal: so much of it at most; nil: none
    # @param unit [Symbol] a method of {Units}
    def self.ratio(what, here, peer, most = nil, unit = :time)
      name, there = peer
      new(what, here, there, unit, name, most && "at most #{Units.goal(most)}", most && here <= there * most)
    end

    # @param limit [Numeric] the goal
    # @param least [Boolean] whether it is the least, not the most
    def self.limit(what, here, limit, unit = :time, least: false)
      goal = "at #{least ? "least" : "most"} #{Units.public_send(unit, limit)}"
      new(what, here, limit, unit, "the goal", goal, least ? here >= limit : here <= limit)
    end

    attr_reader :what

    def initialize(what, here, there, unit, name, goal, met)
      @what = what
      @here = here
      @there = there
      @unit = Units.method(unit)
      @name = name
      @goal = goal
      @met = met
    end

    def goal?
      !@goal.nil?
    end

    def met?
      @met
    end

    # @return [Array<String>] as the page shows it
    def cells
      met = @met ? "yes" : "**no**"
      ratio = @there.zero? ? "" : Units.ratio(@here.fdiv(@there))
      [what, ratio, @goal, (met if goal?), @unit.call(@here), "#{@unit.call(@there)}, #{@name}"]
    end

    # @return [Array<String>] as the README does, after its own words
    def quoted
      [@unit.call(@here), @unit.call(@there), Units.round(@there.fdiv(@here))]
    end
  end

  # How numbers are written.
  module Units
    module_function

    def ratio(number)
      return "0" unless number.positive?

      (number < 0.95) ? "1/#{round(1 / number)}" : "#{round(number)} x"
    end

    # @param number [Numeric] of a goal
    def goal(number)
      (number < 1) ? "1/#{(1 / number).round}" : "#{format("%g", number)} x"
    end

    def time(seconds)
      return "#{round(seconds)} s" if seconds >= 1
      return "#{round(seconds * 1e3)} ms" if seconds >= 1e-3

      "#{round(seconds * 1e6)} µs"
    end

    def memory(bytes)
      (bytes.abs < 1e6) ? "#{round(bytes / 1e3)} kB" : "#{round(bytes / 1e6)} MB"
    end

    def number(count)
      count.round.to_s.gsub(/(?<=\d)(?=(\d{3})+\z)/, ",")
    end

    def share(part)
      "#{(part * 100).round} %"
    end

    # Three digits, or two after the point.
    def round(number)
      return number(number) if number.abs >= 100

      format((number.abs >= 10) ? "%.1f" : "%.2f", number)
    end
  end
end
