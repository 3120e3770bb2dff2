# frozen_string_literal: true

require_relative "spec_helper"
require_relative "../rakelib/instructions/comparison"

# How `rake bench:instructions` judges; what it counts is counted in .ci/run.
RSpec.describe Instructions::Comparison do
  baseline = {"open" => 1000, "find" => 1000, "merge" => 1000}

  it "allows a tenth more" do
    expect(described_class.new({"open" => 1100, "find" => 1101, "merge" => 500}, baseline).dearer).to eq(["find"])
  end

  it "names the gains that the baseline does not keep" do
    expect(described_class.new({"open" => 900, "find" => 899, "merge" => 2000}, baseline).cheaper).to eq(["find"])
  end

  it "does not let a workload without a baseline pass" do
    comparison = described_class.new({"open" => 1000, "refresh" => 1}, baseline)

    expect(comparison.dearer).to eq(["refresh"])
    expect(comparison.cheaper).to eq([])
  end

  it "shows each workload in a line" do
    expect(described_class.new({"open" => 1051, "refresh" => 1}, baseline).table.map { |line| line.squeeze(" ") })
      .to eq(["instructions baseline now difference", "open 1000 1051 +5.1 %", "refresh none 1 new"])
  end
end
