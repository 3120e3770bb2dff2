# frozen_string_literal: true

require "open3"
require "rbconfig"
require_relative "beside_helper"

# What a chat sends depends on what its model says of its reasoning. Before any refresh it must be what ruby_llm alone
# sends.
RSpec.describe "thinking", unless: Beside.alone? do
  # Configured by a key and an address alone.
  let(:providers) { %w[openai anthropic gemini deepseek mistral openrouter xai perplexity] }
  let(:file) { File.join(Gem.loaded_specs["ruby_llm"].full_gem_path, "lib/ruby_llm/models.json") }
  let(:bundle) { JSON.parse(File.read(file)) }
  let(:models) do
    chats = bundle.select { |row| providers.include?(row["provider"]) && row.dig("modalities", "output") == ["text"] }
    chats.group_by { |row| row["provider"] }.flat_map do |_, rows|
      steered, others = rows.partition { |row| row.dig("metadata", "reasoning_options").to_a.any? }
      others = others.select { |row| row["capabilities"].include?("reasoning") }
      steered.each_slice([steered.size / 4, 1].max).map(&:first).first(5) + others.first(1)
    end
  end
  let(:chats) { models.flat_map { |row| ways(row).map { |way| [*row.values_at("provider", "id"), way] } } }

  def ways(row)
    efforts = row.dig("metadata", "reasoning_options").to_a.flat_map { |option| option["values"].to_a }.compact
    (efforts.first(2) | %w[low high]) + [2048] + (Beside.v2? ? %w[on off] : [])
  end

  def sent_with(gem)
    command = [RbConfig.ruby, "-Ilib", "spec/beside/programs/thinking.rb", gem]
    out, error, status = Open3.capture3(*command, stdin_data: JSON.generate(chats))
    raise error unless status.success?

    chats.zip(JSON.parse(out.lines.last)).to_h
  end

  it "sends the same bodies as ruby_llm alone, for each model and each way that it accepts" do
    plain = sent_with("ruby_llm")
    ours = sent_with("ruby_llm_native")

    expect(models.size).to be >= 20
    expect(plain.values.grep(Array).size).to be > 60
    bodies = plain.values.grep(Array).flat_map { |posts| posts.map { |_, body| JSON.generate(body) } }
    expect(bodies.grep(/thinking|reasoning|effort/).size).to be > 30
    expect(ours.reject { |chat, posted| posted == plain[chat] }).to eq({})
  end
end
