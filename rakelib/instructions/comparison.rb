# frozen_string_literal: true

module Instructions
  # What workloads take now beside what they took when the baseline was written.
  class Comparison
    ALLOWED = 10 # percent more

    # @param counts [Hash{String => Integer}] instructions by workload
    # @param baseline [Hash{String => Integer}] the same, from bench/baseline.json
    def initialize(counts, baseline)
      @counts = counts
      @baseline = baseline
    end

    # @return [Array<String>] the lines of a table
    def table
      [row("instructions", "baseline", "now", "difference"), *@counts.map { |name, now| line(name, now) }]
    end

    # @return [Array<String>] workloads that take too much, or that the baseline does not know
    def dearer
      @counts.keys.select { |name| !@baseline.key?(name) || percent(name) > ALLOWED }
    end

    # @return [Array<String>] workloads whose gain the baseline does not keep
    def cheaper
      @counts.keys.select { |name| @baseline.key?(name) && percent(name) < -ALLOWED }
    end

    private

    def percent(name)
      before = @baseline.fetch(name)
      (@counts.fetch(name) - before) * 100.0 / before
    end

    def line(name, now)
      return row(name, "none", now, "new") unless @baseline.key?(name)

      row(name, @baseline.fetch(name), now, format("%+.1f %%", percent(name)))
    end

    def row(name, before, now, difference)
      format("%-16s %14s %14s %12s", name, before, now, difference)
    end
  end
end
