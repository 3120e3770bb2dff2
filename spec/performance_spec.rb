# frozen_string_literal: true

require_relative "spec_helper"
require_relative "../bench/page"

RSpec.describe "docs/performance.md" do
  read = ->(page) { File.read(File.expand_path("../#{page}", __dir__), encoding: "UTF-8") }

  it "shows the figures in bench/results/, of every part" do
    expect(read[Bench::Page::PATH]).to eq(Bench::Page.text)
    expect(Bench::Page.figures.keys).to eq(Bench::Parts.all.map { |part| part::NAME })
  end

  it "is quoted in the README" do
    expect(read["README.md"]).to eq(Bench::Page.fill(read["README.md"])).and include("| `find(id)` |")
  end

  it "was measured with the recorded documents" do
    documents = Bench::Parts.all.map { |part| Bench::Results.read(part::NAME).dig("conditions", "documents") }
    expect(documents.uniq).to eq(["recorded"])
  end

  describe "a row" do
    it "says by how much less it takes, and whether that is the goal" do
      row = Bench::Row.ratio("find", 0.5e-6, ["ruby_llm 2.1", 1.2e-6], 1 / 3r)
      expect(row.cells).to eq(["find", "1/2.40", "at most 1/3", "**no**", "0.50 µs", "1.20 µs, ruby_llm 2.1"])
      expect(row.quoted).to eq(["0.50 µs", "1.20 µs", "2.40"])
    end

    it "meets a goal that it reaches" do
      expect(Bench::Row.ratio("open", 0.001, ["ruby_llm 2.1", 0.15], 1 / 150r)).to be_met
      expect(Bench::Row.limit("objects", 251, 250, :number)).not_to be_met
      expect(Bench::Row.limit("speed", 0.97, 0.97, :share, least: true)).to be_met
    end

    it "may have no goal" do
      row = Bench::Row.ratio("a refresh", 0.4, ["ruby_llm 2.1", 4.0])
      expect([row.goal?, row.cells]).to eq([false, ["a refresh", "1/10.0", nil, nil, "400 ms", "4.00 s, ruby_llm 2.1"]])
    end
  end

  it "takes the median of each list of samples" do
    expect(Bench::Results.medians("a" => {"time" => [3, 1, 2]}, "b" => [0.5])).to eq("a" => {"time" => 2}, "b" => 0.5)
  end
end
