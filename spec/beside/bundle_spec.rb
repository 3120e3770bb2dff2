# frozen_string_literal: true

require_relative "beside_helper"
require_relative "../support/bundle_comparison"

# Before anybody was asked, the entries are those of the registry file that ruby_llm brings. Nothing of it is taken
# away without a reason.
RSpec.describe "the models that ruby_llm brings", unless: Beside.alone? do
  plain = ours = nil

  before do
    plain ||= BundleComparison.entries("ruby_llm")
    ours ||= BundleComparison.entries("ruby_llm_native")
  end

  let(:differences) { BundleComparison.differences(plain, ours) }
  let(:document) { File.read("docs/reference/beside-ruby_llm.md", encoding: Encoding::UTF_8) }

  it "are all there, and no others" do
    expect(plain.size).to be > 1000
    expect(ours.keys).to match_array(plain.keys)
  end

  it "differ by nothing without a reason, and each reason is in the documentation" do
    expect(differences.select { |difference| difference.reason.nil? }.map(&:to_s)).to eq([])
    reasons = differences.map { |difference| BundleComparison::Difference::REASONS.fetch(difference.reason) }.uniq
    expect(reasons.reject { |reason| document.include?("### #{reason}\n") }).to eq([])
  end

  %w[name family created_at reasoning_options].each do |field|
    it "have the same #{field}" do
      expect(ours.transform_values { |entry| entry[field] }).to eq(plain.transform_values { |entry| entry[field] })
    end
  end

  it "have all of their capabilities" do
    lost = plain.to_h { |key, entry| [key, entry["capabilities"] - ours[key]["capabilities"]] }
    expect(lost.reject { |_, capabilities| capabilities.empty? }).to eq({})
  end

  it "are counted in the documentation" do
    counted = BundleComparison::Table.read(document)
    expect(counted.keys.map { |version| version[/\A\d+\.\d+/] }).to include(Beside::VERSION.to_s[/\A\d+\.\d+/])
    skip "counted are #{counted.keys.join(", ")}" unless counted.key?(Beside::VERSION.to_s)
    expect(BundleComparison::Table.count(plain, differences)).to eq(counted[Beside::VERSION.to_s])
  end

  describe "after a refresh that no metadata source has answered" do
    include_context "with providers"

    let(:registry) { RubyLLM::Native.registry }

    it "are counted as what they are by then" do
      %w[models_dev published].each { |catalogue| server.on(catalogue, status(503)) }
      before = registry.group_by(&:provider).transform_values(&:size)
      registry.refresh!(only: %i[openai ollama models_dev])
      after = registry.group_by(&:provider).transform_values(&:size)

      expect(before["openai"]).to be > 50
      %w[openai ollama].each do |provider|
        outcome = registry.last_refresh[provider]
        added = after[provider] - before[provider].to_i
        expect(outcome).to have_attributes(status: :refreshed, count: after[provider], removed: 0, added: added)
      end
      expect(after.except("openai", "ollama")).to eq(before.except("openai", "ollama"))
    end
  end

  it "would not pass without a reason: a limit of models.dev's, a capability, a name" do
    key, = plain.find do |_, entry|
      known = entry["context_window"].to_i.positive? && entry["capabilities"].any?
      known && entry["metadata"]["source"] == "models.dev"
    end
    {"context_window" => nil, "capabilities" => [], "name" => "Another"}.each do |field, value|
      differences = BundleComparison.differences(plain.slice(key), {key => ours[key].merge(field => value)})
      expect(differences.find { |one| one.field == field }).to have_attributes(reason: nil)
    end
  end
end
