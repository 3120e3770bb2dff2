# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/every_endpoint"
require_relative "support/refreshing"

# All providers of models.dev whose servers speak OpenAI's format, each an endpoint of one line, in one refresh. What
# their models must say then is read from the document by {RecordedEndpoints}. What is between the document's words and
# the registry's is this:
#
# - the server speaks first: its `created` and `context_length` hide the document's `release_date` and `limit.context`
# - "deprecated" stands for withdrawn there; a model that is listed is only deprecated
# - an id that is a pattern, such as "acme/*", is no model
# - ids tell which models talk in real time: they give text, too
# - DeepSeek's rows state an owner that is always the same, and is not kept
# - what says nothing (null, an empty text or list; a limit of 0, the first day of 1970) is neither fact nor metadata
#
# `rake robust:endpoints` does all of it for many more seeds.
RSpec.describe "every endpoint of models.dev that speaks OpenAI's format", :payloads do
  include Refreshing
  include ReplayServer::Answers

  readings = {
    created_at: ->(model) { (found = model.send(:timestamp, :created_at)) && [model.created_at, found.last] },
    knowledge_cutoff: ->(model) { (found = model.knowledge_cutoff) && [found, model.knowledge_cutoff_precision] },
    input: ->(model) { model.modalities.input.sort }, output: ->(model) { model.modalities.output.sort },
    capabilities: ->(model) { model.capabilities.sort },
    denied_capabilities: ->(model) { model.denied_capabilities.sort },
    prices: lambda { |model|
      prices = model.prices.select { |price| price.tier == :standard }
        .map { |price| [price.meter, price.threshold || 0, price.unit, price.amount] }
      prices.sort_by { |price| price.first(3).map(&:to_s) } unless prices.empty?
    }
  }
  fields = %i[
    name family type status created_at knowledge_cutoff context_window max_input_tokens max_output_tokens input output
    capabilities denied_capabilities prices metadata
  ].to_h { |field| [field, readings.fetch(field, field.to_proc)] }

  define_method(:wrong_facts) do |facts, models|
    facts.flat_map do |key, stated|
      model = models.fetch(key)
      fields.filter_map do |field, reading|
        shown = reading.call(model)
        {model: key.join("/"), field: field, stated: stated[field], shown: shown} unless shown == stated[field]
      end
    end
  end

  recorded = RecordedEndpoints.new { |path| Payloads.payload(path) }
  counts = Hash.new(0)
  times = []

  after(:context) do
    next if times.empty?

    counted = format("%<endpoints>d endpoints, %<models>d models, %<facts>d facts", counts)
    timed = format("%d refreshes of all took %.2f to %.2f s", times.size, *times.minmax)
    RSpec.configuration.reporter.message("\n#{counted}; #{timed}")
  end

  (0..Integer(ENV.fetch("SEEDS", "3"))).each do |seed|
    describe "in the shapes of seed #{seed}" do
      before(:context) do
        next unless Payloads.there?

        @every = EveryEndpoint.new(recorded, seed)
        times << seconds { @every.registry.refresh!(strict: true) }
        @outcomes = @every.outcomes
        @models = @every.models
      end

      after(:context) { @every&.stop }

      it "answers, and loses no model" do
        expect(@outcomes.reject { |outcome| outcome.status == :refreshed }).to be_empty
        expect(@outcomes.sum(&:rejected)).to eq(0)
        expect(@outcomes.sum(&:left_out)).to eq(seed.zero? ? 0 : recorded.names.size)
        expect(@outcomes.reject(&:metadata_source?).to_h { |outcome| [outcome.source.to_s, outcome.count] })
          .to eq(recorded.names.to_h { |name| [recorded.slug(name), recorded.ids(name).size] })
      end

      it "lists its models, and no others" do
        expect(@models.keys).to match_array(recorded.facts.keys)
        expect(@models.reject { |(provider, _), model| model.endpoints == [provider.to_sym] }).to be_empty
        expect(@every.registry.reject(&:listed?).flat_map(&:endpoints)).to be_empty
      end

      it "has every fact" do
        facts = @every.facts
        counts.update(endpoints: recorded.names.size, models: facts.size, facts: facts.sum { |_, stated| stated.size })

        expect(wrong_facts(facts, @models)).to be_empty
        expect(counts[:facts]).to be > 40_000
      end

      it "is sent its own key and no other" do
        sent = ["models_dev", *recorded.names].to_h do |name|
          requests = @every.server.requests(name)
          keys = requests.flat_map { |request| request.to_a.join(" ").scan(/key-of-[\w.-]+/) }.uniq
          [name, [requests.map { |request| request.headers["authorization"] }.uniq, keys]]
        end

        expect(sent.delete("models_dev")).to eq([[nil], []])
        expect(sent).to eq(recorded.names.to_h { |name| [name, [["Bearer #{@every.key(name)}"], [@every.key(name)]]] })
      end

      it "changes nothing by saying the same again" do
        before = @every.registry.catalog.content_hash
        times << seconds { @every.registry.refresh!(strict: true) }

        expect(@every.registry.catalog.content_hash).to eq(before)
        expect(@every.outcomes.sum { |outcome| outcome.added + outcome.removed + outcome.changed }).to eq(0)
        expect(@every.outcomes.map(&:status).uniq).to eq([:unchanged]) if seed.zero?
      end
    end
  end

  describe "when some are in trouble" do
    let(:mortal) { ReplayServer.start }
    let(:options) { {"nebius" => {request_timeout: 5}, "zai" => {base_url: mortal.url("zai")}} }
    let(:every) { EveryEndpoint.new(recorded, 0, options) }

    before do
      mortal.on("zai", json({data: recorded.ids("zai").map { |id| {id: id} }}, etag: '"1"'))
      every.registry.refresh!(strict: true)
    end

    after { [every, mortal].each(&:stop) }

    it "costs no other one anything that five are dead, and those keep their models" do
      before = every.registry.catalog.content_hash
      mortal.stop
      faults = {"nebius" => stall, "cortecs" => status(500), "fireworks-ai" => html, "ollama-cloud" => cut("{}")}
      faults.each { |name, fault| every.server.on(name, fault) }
      every.registry.refresh!
      failed, others = every.outcomes.partition(&:failed?)

      expect(failed.to_h { |outcome| [outcome.source.to_s, outcome.kept] })
        .to eq(["zai", *faults.keys].to_h { |name| [recorded.slug(name), recorded.ids(name).size] })
      expect(others.map(&:status).uniq).to eq([:unchanged])
      expect(every.registry.catalog.content_hash).to eq(before)
    end

    it "unlists what one of them drops, and nothing else" do
      dropped = recorded.ids("nano-gpt").each_slice(2).map(&:last)
      every.serve("nano-gpt", recorded.ids("nano-gpt") - dropped)
      every.registry.refresh!(strict: true)
      changed = every.outcomes.reject { |outcome| outcome.status == :unchanged }

      expect(changed.map { |outcome| [outcome.source, outcome.removed, outcome.added] })
        .to eq([[:nano_gpt, dropped.size, 0]])
      expect(every.registry.unlisted.map { |model| [model.provider, model.id] })
        .to match_array(dropped.map { |id| ["nano_gpt", id] })
      expect(every.registry.listed.size).to eq(recorded.facts.size - dropped.size)
    end
  end
end
