# frozen_string_literal: true

require "fileutils"
require "SVG/Graph/Bar"
require "SVG/Graph/Plot"

module Bench
  # The plots of docs/performance.md.
  module Plots
    FOLDER = File.expand_path("../docs/performance", __dir__)
    LOOK = {width: 720, height: 360, key: true, key_position: :bottom, show_y_title: true, show_graph_title: true,
            show_data_values: false, number_format: "%g"}.freeze
    AXES = {show_x_title: true, min_x_value: 0, min_y_value: 0}.freeze

    module_function

    # @param results [Hash{String => Hash}] the medians of each part
    def write(results)
      FileUtils.mkdir_p(FOLDER)
      {
        "refresh" => refresh(results.fetch("waiting").fetch("latency")), "lookup" => lookup(results.fetch("lookup")),
        "growth" => growth(results.fetch("growth").fetch("models")),
        "sources" => sources(results.fetch("growth").fetch("sources"))
      }.each { |name, graph| File.write("#{FOLDER}/#{name}.svg", graph.burn) }
    end

    def refresh(latency)
      lines = latency.transform_values do |times|
        times.map { |delay, seconds| [delay.to_f * 1000, seconds * 1000] }
      end
      plot("A refresh of nine sources", "each source answers after … ms", "ms", lines)
    end

    def growth(models)
      points = models.map { |count, taken| [count.to_i / 1000, taken.fetch(Parts::NATIVE).fetch("open") * 1000] }
      plot("Opening the stored registry", "thousand models", "ms", {Parts::NATIVE => points})
    end

    def sources(taken)
      lines = {"CPU" => "CPU", "time" => "time"}.transform_values do |what|
        taken.map { |count, each| [count.to_i, each.fetch(what) * 1000] }
      end
      plot("A refresh of many sources", "sources", "ms", lines)
    end

    def lookup(figures)
      whats = ["find", "find with provider", "a miss"]
      graph = SVG::Graph::Bar.new(fields: whats, graph_title: "One lookup", y_title: "µs", stack: :side,
        scale_divisions: 0.5, **LOOK)
      figures.each do |name, taken|
        next if taken.fetch("find") > 10e-6 # would leave no height to the others

        graph.add_data(data: whats.map { |what| (taken.fetch(what) * 1e6).round(2) }, title: name)
      end
      graph
    end

    def plot(title, across, up, lines)
      steps = lines.values.flatten(1).transpose.map { |numbers| step(numbers.max) }
      graph = SVG::Graph::Plot.new(graph_title: title, x_title: across, y_title: up,
        scale_x_divisions: steps.first, scale_y_divisions: steps.last, **LOOK, **AXES)
      lines.each { |name, points| graph.add_data(data: points.flatten, title: name) }
      graph
    end

    # @return [Numeric] 1, 2 or 5, or such a number of tens and so on: the largest that divides an axis into five
    def step(most)
      ten = 10**Math.log10(most / 5.0).floor
      [5, 2, 1].map { |number| number * ten }.find { |width| width * 5 <= most }
    end
    private_class_method :refresh, :growth, :sources, :lookup, :plot, :step
  end
end
