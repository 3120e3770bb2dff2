# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/endpoint_server"
require_relative "support/replay_server"
require_relative "support/subprocess"

# More tenants than catalogs are kept of.
RSpec.describe "many contexts" do
  let(:document) { JSON.parse(ReplayServer::Answer.fixture("models_dev/good")) }
  let(:server) do
    EndpointServer.open do |path|
      next [200, JSON.generate(document)] if path.end_with?("/api.json")

      [200, JSON.generate(data: [{id: "gpt-4.1"}, {id: "of-#{path[%r{/([^/]+)/models\z}, 1]}"}])]
    end
  end

  before do
    RubyLLM.config.models_dev_url = "#{server.url("")}api.json"
    RubyLLM.config.openai_api_base = server.url("everybody")
    RubyLLM.config.openai_api_key = "everybody"
    RubyLLM.models.refresh!
  end

  after { server.stop }

  def tenants(count)
    Array.new(count) do |number|
      RubyLLM.context do |config|
        config.openai_api_base = server.url("openai-#{number}")
        config.mistral_api_base = server.url("mistral-#{number}")
        config.openai_api_key = config.mistral_api_key = "key-#{number}"
      end
    end
  end

  def refreshed(count)
    tenants(count).each { |tenant| tenant.models.refresh!(only: %i[openai mistral]) }
  end

  def state(registry)
    registry.send(:state)
  end

  def catalogs
    GC.start
    ObjectSpace.each_object(RubyLLM::Native::Catalog).count
  end

  def own(tenant)
    %i[openai mistral].map { |provider| tenant.models.by_provider(provider).listed.map(&:id) - %w[gpt-4.1] }
  end

  def expected(number)
    [["of-openai-#{number}"], ["of-mistral-#{number}"]]
  end

  it "answer for themselves, whether or not their catalog was kept" do
    all = refreshed(40)

    expect(all.map { |tenant| own(tenant) }).to eq(Array.new(40) { |number| expected(number) })
    expect(all.reverse.map { |tenant| tenant.models.find("gpt-4.1").endpoints }.uniq).to eq([%i[openai]])
    expect(all.first.models["of-openai-1"]).to be_nil
    expect { all.first.models.find("of-openai-1") }.to raise_error(RubyLLM::ModelNotFoundError)
    expect(RubyLLM.models.by_provider(:mistral).listed).to be_empty
  end

  it "keep all else that they know: report, source, time, sheets" do
    first = refreshed(1).first
    known = -> { [first.models.last_refresh, first.models.source, state(first.models).full_contents.sheets] }
    before = known.call
    hash = first.models.catalog.content_hash
    refreshed(20)

    expect(state(first.models).cache.contents).to be_nil
    known.call.zip(before) { |now, then_| expect(now).to equal(then_) }
    expect(first.models.catalog.content_hash).to eq(hash)
    expect(first.models.catalog.documented).to eq(RubyLLM.models.catalog.documented)
  end

  it "merges the same again, whatever the options are by then" do
    first = refreshed(1).first
    hash = first.models.catalog.content_hash
    refreshed(20)
    first.config.documented_providers = :all

    expect(first.models.catalog.content_hash).to eq(hash)
    expect(first.models.refresh!(only: :openai).catalog.documented).to be_nil
  end

  it "leaves views and models that were given as they were" do
    first = refreshed(1).first
    view, model = first.models.view, first.models.find("of-openai-0")
    refreshed(20)
    GC.start

    expect(view.find("of-openai-0")).to equal(model)
    expect(model.endpoints).to eq(%i[openai])
    expect(first.models.find("of-openai-0")).to eq(model)
  end

  it "keeps those catalogs whose contexts were asked last" do
    first, = *refreshed(16)
    5.times do
      first.models.find("gpt-4.1")
      refreshed(5)
    end

    expect(state(first.models).cache.contents).not_to be_nil
    expect(RubyLLM.models.cache.contents).not_to be_nil
  end

  it "has no more catalogs than are kept, and releases what a context was answered" do
    before = catalogs
    all = refreshed(30)
    all.each { |tenant| tenant.models.find("gpt-4.1") }

    expect(catalogs - before).to be <= 17 # one may still be on the stack
    expect(all).to all(be_a(RubyLLM::Native::Context))
  end

  it "never drops an imported registry, which is no merge" do
    tenant = refreshed(1).first
    text = tenant.models.export_json
    tenant.models.import_json(text)
    refreshed(20)

    expect(state(tenant.models).cache.contents).not_to be_nil
  end

  it "begins anew after forget!" do
    tenant = refreshed(1).first
    refreshed(20)
    tenant.models.forget!

    expect(tenant.models.listed).to be_empty
    expect(tenant.models.source.kind).to eq(:parent)
  end

  it "answers any number of threads right while catalogs come and go" do
    all = refreshed(24)
    threads = Array.new(6) do |thread|
      Thread.new do
        random = Random.new(thread)
        Array.new(60) do
          number = random.rand(all.size)
          tenant = all[number]
          tenant.models.refresh!(only: :openai) if random.rand(10).zero?
          [tenant.models["of-openai-#{number}"]&.provider, own(tenant) == expected(number)]
        end.uniq
      end
    end

    expect(threads.flat_map(&:value).uniq).to eq([["openai", true]])
  end

  # What is counted is what Ruby and the catalogs hold; what malloc keeps for later depends on the system.
  it "hold the metadata once, and 20 kB each beside their own sheets" do
    500.times do |number|
      document["openai"]["models"]["more-#{number}"] = {"id" => "more-#{number}", "limit" => {"context" => number + 1}}
    end
    program = <<~RUBY
      require "json"
      require "objspace"
      url = #{server.url("").inspect}
      RubyLLM.configure do |config|
        config.registry_path = false
        config.models_dev_url = url + "api.json"
        config.openai_api_base = url + "everybody"
        config.openai_api_key = "everybody"
      end
      held = lambda do
        3.times { GC.start }
        sheets = ObjectSpace.each_object(String).count { |text| text.bytesize > 20_000 && RubyLLM::Native.block?(text) }
        [ObjectSpace.memsize_of_all, sheets, ObjectSpace.each_object(RubyLLM::Native::Catalog).count]
      end
      tenant = lambda do |number|
        context = RubyLLM.context do |config|
          config.openai_api_base = url + "openai-\#{number}"
          config.mistral_api_base = url + "mistral-\#{number}"
          config.openai_api_key = config.mistral_api_key = "key-\#{number}"
        end
        context.models.refresh!
        context.models.find("gpt-4.1")
        context
      end
      RubyLLM.models.refresh!
      early = Array.new(20, &tenant)
      before = held.call
      later = Array.new(1000) { |number| tenant.call(number) }
      after = held.call
      own = later.sum do |context|
        context.models.send(:state).full_contents.sheets.values_at("openai", "mistral").sum(&:bytesize)
      end
      print JSON.generate(each: (after[0] - before[0] - own) / 1000, metadata: after[1], catalogs: after[2])
    RUBY
    output, errors = Subprocess.capture(program, "-rruby_llm_native")
    expect(errors).to eq("")
    facts = JSON.parse(output, symbolize_names: true)
    RSpec.configuration.reporter.message("1,000 contexts: #{facts[:each]} bytes each beside their own sheets")
    expect(facts[:each]).to be_between(1000, 20_000)
    expect(facts).to include(metadata: 1, catalogs: be <= 20)
  end

  describe "the metadata" do
    def metadata(registry)
      state(registry).full_contents.sheets.fetch("models_dev")
    end

    it "are the very bytes of the process's registry, whatever models.dev answers to a context" do
      all = refreshed(2)
      all.last.models.refresh!
      expect(all.map { |tenant| metadata(tenant.models) }).to all(equal(metadata(RubyLLM.models)))
    end

    it "are the same bytes in all contexts when they are newer than the process's, or read anew" do
      all = refreshed(3)
      document["openai"]["models"]["gpt-4.1"]["limit"]["context"] = 77
      all.each do |tenant|
        tenant.models.refresh!
        sleep 1.1 if tenant.equal?(all.first) # times of answers are whole seconds
      end

      expect(all.map { |tenant| metadata(tenant.models).object_id }.uniq.size).to eq(1)
      expect(all.map { |tenant| tenant.models.find("gpt-4.1").context_window }).to eq([77] * 3)
      expect(RubyLLM.models.find("gpt-4.1").context_window).not_to eq(77)

      RubyLLM.models.refresh!
      all.each { |tenant| tenant.models.refresh!(only: :openai) }
      expect(all.map { |tenant| tenant.models.find("gpt-4.1").context_window }).to eq([77] * 3)
    end
  end
end
