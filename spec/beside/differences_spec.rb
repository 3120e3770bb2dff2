# frozen_string_literal: true

require_relative "beside_helper"
require_relative "../support/both_refreshes"

# Where our models differ from those that ruby_llm itself makes of the same answers, there is a reason, and it has a
# name.
RSpec.describe "what differs from ruby_llm", :payloads, unless: Beside.alone? do
  let(:flags) do
    {"tool_call" => "function_calling", "structured_output" => "structured_output", "reasoning" => "reasoning"}
  end
  let(:slugs) do
    {
      "google" => "gemini", "google-vertex" => "vertexai", "amazon-bedrock" => "bedrock",
      "ollama-cloud" => "ollama_cloud", "perplexity-agent" => "perplexity"
    }
  end

  let(:server) { ReplayServer.start.tap { |server| BothRefreshes.serve(server) { |path| payload(path) } } }
  let(:catalogue) { Beside.v2? ? "published" : "models_dev" }
  let(:view) { RubyLLM::Native.registry.view }

  before { Beside.configure(server, only: [*(BothRefreshes::ANSWERS.keys - %w[models_dev published]), catalogue]) }
  after { server.stop }

  # What the catalogue's own text states, read without any of our code: capabilities, modalities, limits and prices.
  def stated
    @stated ||= Beside.v2? ? stated_in_published : stated_in_models_dev
  end

  def stated_in_models_dev
    JSON.parse(payload(BothRefreshes::ANSWERS["models_dev"])).flat_map { |slug, provider|
      provider["models"].values.map do |row|
        [
          [slugs.fetch(slug, slug), row["id"]],
          words(row).push(*row.dig("modalities", "input"), *row.dig("modalities", "output"))
        ]
      end
    }.to_h
  end

  def stated_in_published
    JSON.parse(payload(BothRefreshes::ANSWERS["published"])).to_h do |row|
      [row.values_at("provider", "id"), words(row["metadata"] || {})]
    end
  end

  def words(row)
    capabilities = flags.filter_map { |flag, capability| capability if row[flag] == true }
    numbers = [*row["limit"]&.values, *row["cost"]&.values.to_a.grep(Numeric)] - [0]
    capabilities + numbers
  end

  def sides(facts)
    facts.except(:modalities).merge(input_modalities: facts[:modalities][:input].sort,
      output_modalities: facts[:modalities][:output].sort,
      capabilities: facts[:capabilities].sort)
  end

  def differences(theirs, ours)
    (theirs.keys & ours.keys).flat_map do |key|
      model = view.find(key.last, provider: key.first)
      mine = sides(ours[key])
      sides(theirs[key]).filter_map do |field, value|
        unless value == mine[field]
          BothRefreshes::Difference.new(field, value, mine[field], model, stated.fetch(key, []))
        end
      end
    end
  end

  it "is explained, field by field" do
    theirs = BothRefreshes.by_ruby_llm(server, self)
    differences = differences(theirs, BothRefreshes.by_us)
    expect(theirs.size).to be > 800
    expect(differences.select { |difference| difference.reason.nil? }.map(&:to_s)).to eq([])
    documented = File.read("docs/reference/beside-ruby_llm.md", encoding: Encoding::UTF_8)
    reasons = differences.map { |difference| BothRefreshes::Difference::REASONS.fetch(difference.reason) }.uniq
    expect(reasons.reject { |reason| documented.include?("### #{reason}\n") }).to eq([])
  end

  it "loses no model, and adds those of providers that the catalogue knows" do
    theirs = BothRefreshes.by_ruby_llm(server, self)
    ours = BothRefreshes.by_us
    expect(theirs.keys - ours.keys).to eq([])
    added = (ours.keys - theirs.keys).map(&:first).uniq
    expect(added).to match_array(Beside.v2? ? [] : %w[azure perplexity])
  end
end
