# frozen_string_literal: true

require_relative "support/listings"

# Whatever one source answers, is told or costs: it can only fail itself, and the others are taken in.
RSpec.describe "a refresh beside a source that overdoes it" do
  include_context "with a server for all sources"
  include Listings

  let(:config) { Refreshing.configuration(server, only: %w[openai mistral deepseek xai anthropic]) }

  def expect_failed_alone(source, **facts)
    registry.refresh!

    expect(outcome(source)).to have_attributes(status: :failed, **facts)
    expect(registry.last_refresh.failures.map(&:source)).to eq([source])
    expect(listed(:openai).size).to eq(12)
  end

  describe "rows of one id" do
    # 600 rows that name 200 ids each: 120,000 of them, in 1.3 MB.
    def repeated(row)
      {data: Array.new(600) { |i| row.merge(aliases: Array.new(200) { |j| "other-#{i * 131 + j}" }) }}
    end

    it "are united, and name at most 1,024 other ids" do
      server.on("mistral", json(repeated(id: "twin-1")))
      server.on("xai", ->(request) { request.path.end_with?("/models") ? json(repeated(id: "twin-2")) : status(404) })
      took = seconds { registry.refresh! }

      expect(registry.last_refresh.failures).to be_empty
      expect([registry.find("twin-1").kin.size, registry.find("twin-2").kin.size]).to eq([1024, 1024])
      expect(took).to be < 5
    end
  end

  describe "a setting that C cannot take" do
    it "fails its source when it holds a NUL byte" do
      config.deepseek_api_key = "key\0of-nobody"

      expect_failed_alone(:deepseek, error_status: :bad_setting, error: "deepseek_api_key must not contain a NUL byte: remove it")
    end

    it "fails its source when the base URL holds one" do
      config.mistral_api_base = "#{server.url("mistral")}\0"

      expect_failed_alone(:mistral, error_status: :bad_setting, error: "the base URL must not contain a NUL byte: remove it")
    end

    it "fails its source when it is in an encoding with NUL bytes" do
      config.xai_api_key = "key-of-nobody".encode("UTF-16LE")

      expect_failed_alone(:xai, error_status: :bad_setting, error: "xai_api_key must not contain a NUL byte: remove it")
    end

    it "fails its source when it is longer than any key is" do
      config.deepseek_api_key = "k" * 70_000

      expect_failed_alone(:deepseek, error_status: :bad_setting, error: "a setting of DeepSeek is too long")
    end
  end
end
