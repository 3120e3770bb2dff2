# frozen_string_literal: true

require "fileutils"
require "logger"
require "tmpdir"
require_relative "support/refreshing"

RSpec.describe "config.price_files" do
  include Refreshing
  include ReplayServer::Answers

  let!(:server) { ReplayServer.start }
  let(:folder) { Dir.mktmpdir }
  let(:log) { StringIO.new }
  let(:config) { Refreshing.configuration(server, only: %w[openai], logger: Logger.new(log)) }
  let(:registry) { registry_for(config) }

  before do
    server.on("openai", json(JSON.generate(data: %w[acme-large acme/night acme-hear].map { |id| {id: id} })))
    RubyLLM::Native.const_get(:PriceFiles).forget!
  end

  after do
    server.stop
    FileUtils.rm_rf(folder)
  end

  # @return [String] the path of a price file, by default with the prices of the fixture
  def file(name = "prices.json", text = fixture("llm_cost_tracker/good"), at: nil)
    File.join(folder, name).tap do |path|
      File.write(path, text)
      File.utime(at, at, path) if at
    end
  end

  def one_price(input, id: "acme-large", **more)
    JSON.generate(models: {"openai/#{id}": {input: input, **more}})
  end

  def large
    registry.find("acme-large")
  end

  def price(...)
    large.price(...)
  end

  it "is nothing by default, and nothing is read" do
    expect(config.price_files).to eq([])
    registry.refresh!

    expect(large.prices).to be_empty
    expect(registry.last_refresh.map(&:source)).not_to include(:llm_cost_tracker)
  end

  it "price what a provider lists, and make no model" do
    config.price_files = [file]
    registry.refresh!

    expect(registry.map(&:id)).to contain_exactly("acme-large", "acme/night", "acme-hear")
    expect(large.origin(:pricing)).to eq(:"prices.json")
    expect(large).to have_attributes(input_price_per_million: 2.0, output_price_per_million: 8.0)
    expect(large.price_of(:input)).to have_attributes(stated_at: Date.new(2026, 10, 28), origin: :"prices.json")
    expect(outcome("prices.json")).to have_attributes(status: :refreshed, count: 4, rows: 4, left_out: 1,
      metadata_source?: true, left_out_reason: "moon_request of openai is charged for something that has no meter")
  end

  it "have a price under each of its conditions" do
    config.price_files = [file]
    registry.refresh!

    expect([price(:input, tier: :batch), price(:image_input), price(:audio_input)]).to eq([1.0, 2.0, 40.0])
    expect([price(:input, tokens: 200_000), price(:input, tokens: 200_001)]).to eq([2.0, 4.0])
    expect([price(:input, region: "eu"), price(:input, region: "eu", tier: :priority)]).to eq([2.2, nil])
    expect(price(:input, region: "us", tier: :priority, tokens: 200_001)).to eq(8.8)
    expect([price(:web_search), price(:file_search)]).to eq([10.0, 2.5])
    expect(registry.find("acme-hear").price_of(:transcription)).to have_attributes(to_f: 0.006, minimum: 10)
  end

  it "have prices that begin and end with a day" do
    config.price_files = [file]
    registry.refresh!
    last, first = Time.utc(2030, 12, 31, 23, 59, 59), Time.utc(2031, 1, 1)

    expect([price(:input, at: last), price(:input, at: first)]).to eq([2.0, 3.0])
    expect([last, first, Time.utc(2031, 12, 31), Time.utc(2032, 1, 1)].map { |at| price(:input, at: at, tier: :batch) })
      .to eq([1.0, 1.5, 1.5, 1.75])
    expect(price(:output, at: first)).to eq(8.0)
  end

  # 2026-11-27 was a Friday.
  it "have prices of hours and weekdays" do
    config.price_files = [file]
    registry.refresh!
    night = registry.find("acme/night")
    at = ->(day, hour, minute = 0) { night.price(:input, at: Time.utc(2026, 11, day, hour, minute)) }

    expect([at[27, 0, 59], at[27, 1], at[27, 16, 29], at[27, 16, 30], at[27, 23, 59]]).to eq([0.5, 1.0, 1.0, 0.5, 0.5])
    expect([at[28, 0], at[28, 12], at[29, 23, 59], at[30, 0], at[30, 1]]).to eq([0.5, 0.5, 0.5, 0.5, 1.0])
  end

  it "come in their order, each with its own origin" do
    other = file("others.json", one_price(7, output: 9))
    config.price_files = [file, other]
    registry.refresh!
    expect([large.origin(:pricing), price(:input)]).to eq([:"prices.json", 2.0])

    config.price_files = [other, file]
    expect([large.origin(:pricing), price(:input)]).to eq([:"others.json", 7.0])
    expect(price(:input, tier: :batch)).to be_nil # another list: its base price differs
  end

  it "come after models.dev and before price lists that are fetched" do
    config.price_files = [file("a.json", one_price(7))]
    config.litellm_prices_url = "#{server.url("map")}/map.json"
    server.on("map", json(fixture("litellm_prices/good")))
    registry.refresh!
    expect(price(:input)).to eq(7.0)

    config.models_dev_url = "#{server.url("models_dev")}/api.json"
    server.on("models_dev", json('{"openai": {"models": {"acme-large": {"cost": {"input": 5}}}}}'))
    registry.refresh!
    expect(price(:input)).to eq(5.0)
  end

  it "are read without a network, as soon as they are configured" do
    registry.refresh!
    config.offline!
    config.price_files = [file]

    expect(price(:input)).to eq(2.0)
    config.price_files = nil
    expect(large.prices).to be_empty
  end

  it "are read again when they have changed: by a refresh, and by lookups now and then" do
    path = file("prices.json", one_price(1), at: Time.at(1_700_000_000))
    config.price_files = [path]
    registry.refresh!
    expect(price(:input)).to eq(1.0)

    file("prices.json", one_price(2), at: Time.at(1_700_000_100))
    expect(price(:input)).to eq(1.0)
    registry.refresh!
    expect([price(:input), outcome("prices.json").status]).to eq([2.0, :refreshed])
    registry.refresh!
    expect(outcome("prices.json").status).to eq(:unchanged)

    config.registry_check_interval = 0.01
    file("prices.json", one_price(3), at: Time.at(1_700_000_200))
    registry.catch_up(force: true)
    expect(price(:input)).to eq(3.0)
    file("prices.json", one_price(4), at: Time.at(1_700_000_300))
    eventually { price(:input, exact: true) == 4 }
  end

  it "keep what they said last when they cannot be read" do
    config.price_files = [file]
    registry.refresh!
    file("prices.json", "{", at: Time.at(1_700_000_000))
    registry.refresh!

    expect(price(:input)).to eq(2.0)
    expect(outcome("prices.json")).to have_attributes(status: :failed,
      error: "#{folder}/prices.json cannot be used: the answer ended early, at byte 1")
    expect { registry.refresh!(strict: true) }.to raise_error(RubyLLM::Native::RefreshError, /prices\.json/)
    expect(log.string.scan("The price file #{folder}/prices.json cannot be used").size).to eq(1)
  end

  it "tell in the log and the report which file and which key is wrong" do
    config.price_files = [file("prices.json", one_price(1, turbo_input: 2)), File.join(folder, "none.json")]
    registry.refresh!

    reason = "acme-large: turbo_input must be a known kind of price"
    expect(outcome("prices.json")).to have_attributes(unread_prices: 1, unread_price: reason)
    expect(outcome("none.json").error).to eq("#{folder}/none.json cannot be used: No such file or directory")
    expect(log.string).to include("The price file #{folder}/prices.json: 1 model without prices, first: #{reason}")
    expect(large.metadata[:"prices.json"]).to eq(input: 1, turbo_input: 2)
  end

  it "are of the configuration: a context may have others" do
    config.price_files = [file]
    registry.refresh!
    tenant = config.dup
    contracted = RubyLLM::Native::Registry.new(parent: registry) { tenant }
    contracted.refresh!
    expect(contracted.find("acme-large").price(:input)).to eq(2.0)

    tenant.price_files = [file("contract.json", one_price(0.5)), *config.price_files]
    expect(contracted.find("acme-large").price(:input)).to eq(0.5)
    expect(contracted.find("acme-large").origin(:pricing)).to eq(:"contract.json")
    expect(price(:input)).to eq(2.0)
  end

  it "are in what is stored and exported, and go with the configuration" do
    config.registry_path = folder
    storage = RubyLLM::Native.const_get(:Storage)
    stored = -> { RubyLLM::Native::Registry.new(storage: storage.new { config }) { config } }
    config.price_files = [file]
    first = stored.call.refresh!
    expect(stored.call.find("acme-large").price(:input)).to eq(2.0)

    file("prices.json", one_price(6), at: Time.at(1_700_000_000))
    expect(stored.call.find("acme-large").price(:input)).to eq(6.0)

    copy = registry.import_json(first.export_json)
    expect(copy.find("acme-large").price_of(:input)).to have_attributes(to_f: 6.0, origin: :"prices.json")

    config.price_files = []
    expect(stored.call.refresh!.find("acme-large").prices).to be_empty
  end

  describe "with :llm_cost_tracker" do
    # An installed gem with that file.
    def install(path)
      gem = File.join(folder, "gems", "llm_cost_tracker-99.1.0")
      FileUtils.mkdir_p(File.dirname(File.join(gem, path)))
      File.write(File.join(gem, path), fixture("llm_cost_tracker/good"))
      File.write(File.join(gem, "package.json"), "{}")
      Gem.loaded_specs["llm_cost_tracker"] = Gem::Specification.new("llm_cost_tracker", "99.1.0") { |spec|
        spec.loaded_from = File.join(folder, "specifications", "llm_cost_tracker-99.1.0.gemspec")
      }
    end

    after { Gem.loaded_specs.delete("llm_cost_tracker") }

    it "reads the file of the gem in the bundle, wherever it is" do
      ["lib/llm_cost_tracker/prices.json", "lib/llm_cost_tracker/lists/all.json"].each_with_index do |path, index|
        FileUtils.rm_rf(File.join(folder, "gems"))
        RubyLLM::Native.const_get(:PriceFiles).forget!
        install(path)
        config.price_files = [:llm_cost_tracker]
        registry.refresh!

        expect([index, price(:input), large.origin(:pricing)]).to eq([index, 2.0, :llm_cost_tracker])
      end
    end

    it "says what to do where the gem is missing" do
      config.price_files = [:llm_cost_tracker]
      registry.refresh!

      expect(outcome(:llm_cost_tracker).error).to eq(
        "llm_cost_tracker cannot be used: the gem llm_cost_tracker is not installed, or not in the bundle. " \
        "Add it to the Gemfile, or give the path of a file"
      )
    end
  end

  describe "refuses" do
    {
      "a path alone" => ["p.json", 'price_files must be an Array of paths and :llm_cost_tracker, got "p.json"'],
      "what is no path" => [[7], "price_files must be an Array of paths and :llm_cost_tracker, got [7]"],
      "an unknown list" => [[:litellm],
        "price_files: there is no list :litellm. Give :llm_cost_tracker, or the path of a file"],
      "two files of one name" => [%w[a/p.json b/p.json],
        "price_files: two files are named p.json. Rename one: this is the origin of its prices"]
    }.each do |what, (value, message)|
      it(what) { expect { config.price_files = value }.to raise_error(RubyLLM::ConfigurationError, message) }
    end

    it "names that are too long" do
      expect { config.price_files = ["#{"x" * 60}.json"] }.to raise_error(RubyLLM::ConfigurationError, /64 bytes/)
    end
  end

  it "are absolute paths, whatever the folder of the process is later" do
    config.price_files = [Pathname("config/prices.json"), :llm_cost_tracker, "contracts/acme"]

    expect(config.price_files).to eq([File.expand_path("config/prices.json"), :llm_cost_tracker,
      File.expand_path("contracts/acme")])
    expect(RubyLLM::Native.const_get(:PriceFiles).name(config.price_files.last)).to eq("acme.json")
    expect(config.inspect).to include("config/prices.json")
  end
end
