# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/recorded_others"
require_relative "support/refreshing"

# What providers answered on other days, and what those answered that have several lists, fact by fact against a
# second reader.
RSpec.describe "the other recorded answers", :payloads do
  include ReplayServer::Answers

  # Facts that are stated and not taken as facts of the model, and why. They stay in the metadata unless the reason
  # says "left out".
  other_facts = {
    "openai" => {"object" => "left out: the same in every row", "owned_by" => "who owns a model is no kind of family"},
    "deepseek" => {"object" => "left out: the same in every row", "owned_by" => "left out: the same in every row"},
    "ollama" => {"object" => "left out: the same in every row", "owned_by" => "the same in every row"},
    "anthropic" => {"type" => "left out: the same in every row"},
    "perplexity" => {"object" => "left out: the same in every row", "created" => "always 0, which is no date",
                     "owned_by" => "it is the beginning of the id"},
    "mantle" => {"object" => "left out: the same in every row", "owned_by" => "left out: the same in every row",
                 "status" => "always \"available\"",
                 "data_retention.allowed_modes" => "not modelled",
                 "data_retention.mode" => "not modelled", "data_retention.source" => "not modelled"},
    "bedrock" => {
      "batchSupported.crossRegionSupported" => "the flag of batches is the base model's",
      "batchSupported.customModelSupported" => "as above",
      "consoleIDEMetadata" => "left out: of the console", "converse" => "null",
      "converse.additionalRequestFieldsSchema" => "of requests, not of models",
      "converse.maxTokensDefault" => "what a request gets that asks for nothing: no limit",
      "converse.stopSequencesDefault" => "of requests",
      "converse.userImageTypesSupported" => "inputModalities says it",
      "converse.userVideoTypesSupported" => "inputModalities says it",
      "description" => "null", "description.fullDescription" => "prose", "description.shortDescription" => "prose",
      "description.modelAttributes" => "prose", "description.supportedLanguages" => "prose",
      "description.supportedUseCases" => "prose",
      "description.unsupportedUseCases" => "prose",
      "description.supportedFormats" => "prose", "description.version" => "not modelled",
      "description.invokeExample" => "prose", "description.policy" => "prose", "featuresSupported" => "null",
      "featuresSupported.promptOptimization" => "not modelled", "guardrailsSupported" => "not modelled",
      "intelligentPromptRouting.isSupported" => "not modelled", "intelligentPromptRouting" => "null",
      "latencyOptimizationSupported" => "not modelled", "modelArn" => "the id says it",
      "explicitPromptCaching" => "null", "batchSupported" => "null"
    },
    "vertexai" => {
      "openSourceCategory" => "not modelled", "publisherModelTemplate" => "the id says it",
      "supportedActions" => "null; of the console"
    },
    "gpustack" => {}
  }
  taken_facts = {
    "openai" => %w[id created], "deepseek" => %w[id],
    "ollama" => %w[id created], "anthropic" => %w[id display_name created_at],
    "perplexity" => %w[id pricing.input pricing.output pricing.cache_read pricing.cache_write pricing.unit],
    "mantle" => %w[id created],
    "bedrock" => %w[
      modelId modelName modelFamily providerName responseStreamingSupported inputModalities outputModalities
      customizationsSupported inferenceTypesSupported modelLifecycle.status batchSupported.baseModelSupported
      explicitPromptCaching.isSupported converse.maxTokensMaximum converse.reasoningSupported
      converse.systemRoleSupported
      converse.userDocumentTypesSupported description.maxContextWindow description.releaseDate
    ],
    "vertexai" => %w[name versionId launchStage]
  }
  # Facts of rows whose names are too many to be told apart one by one: these are taken, all others are settings of
  # the machine.
  taken_of_gpustack = %w[
    name created_at categories meta.n_ctx meta.support_tool_calls meta.support_parallel_tool_calls
    meta.support_reasoning meta.support_vision meta.support_audio
  ]

  days = %w[2025-11-03 2026-01-13]

  # Counted in the files: models of bedrock that are served through an inference profile only, and ids that both of
  # its lists have.
  only_by_profile = {"2025-11-03" => 36, "2026-01-13" => 38}
  in_both = {"2025-11-03" => 0, "2026-01-13" => 16}

  before(:context) do
    next unless Payloads.there?

    @others = days.to_h { |day| [day, RecordedOthers.new(day) { |path| Payloads.payload(path) }] }
  end

  attr_reader :others

  def read(source, body)
    sheet, rejected = RubyLLM::Native.read_sheet(source, body, Sheets::NOW)
    expect(rejected).to eq(0)
    sheet
  end

  def view(*sheets)
    RubyLLM::Native::View.new(RubyLLM::Native::Catalog.merge(sheets))
  end

  # Over HTTP, as a source with several lists must be read.
  def refreshed(source, **settings)
    server = ReplayServer.start
    yield server
    config = RubyLLM::Native::Configuration.new
    config.refresh_retries = 0
    config.models_dev_url = nil
    settings.each do |name, value|
      config.public_send(:"#{name}=", value.respond_to?(:call) ? value.call(server) : value)
    end
    registry = RubyLLM::Native::Registry.new { config }
    registry.refresh!(only: source, strict: true)
    expect(registry.last_refresh[source]).to have_attributes(status: :refreshed, rejected: 0, remark: nil)
    registry
  ensure
    server&.stop
  end

  def bedrock(day)
    refreshed(:bedrock, bedrock_region: "us-west-2", bedrock_api_key: "AKIDACME", bedrock_secret_key: "secret",
      bedrock_api_base: ->(server) { server.url("bedrock") },
      bedrock_mantle_api_base: ->(server) { server.url("mantle") }) do |server|
      server.on("bedrock", lambda do |request|
        bodies = {
          "/bedrock/foundation-models" => others[day].body("bedrock"),
          "/bedrock/inference-profiles" => RecordedOthers::EMPTY_PROFILES
        }
        ReplayServer::Answer.json(bodies.fetch(request.path), gzip: true)
      end)
      server.on("mantle", ReplayServer::Answer.json(others[day].body("mantle")))
    end
  end

  def vertexai(day)
    refreshed(:vertexai, vertexai_project_id: "acme", vertexai_location: "global", vertexai_access_token: "token",
      vertexai_api_base: ->(server) { server.url("vertexai") }) do |server|
      server.on("vertexai", lambda do |request|
        google = request.path == "/vertexai/publishers/google/models"
        ReplayServer::Answer.json(google ? others[day].body("vertexai") : "{}")
      end)
    end
  end

  def gpustack(day)
    refreshed(:gpustack, gpustack_api_base: ->(server) { server.url("gpustack") }) do |server|
      server.on("gpustack", ReplayServer::Answer.json(others[day].body("gpustack")))
    end
  end

  def exact_prices(model)
    model.prices.select { |price| price.origin == model.origin(:pricing) && price.tier == :standard }
      .map { |price| [price.meter, price.threshold || 0, price.unit, price.amount] }
      .sort_by { |price| price.first(3).map(&:to_s) }
  end

  # How a field is read of a model, where that is not by its name.
  def shown(model, field)
    case field
    when :prices then exact_prices(model)
    when :input, :output then model.modalities.public_send(field).sort
    else model.public_send(field)
    end
  end

  # Every field of every row: what is stated is shown, and what is not stated is unknown, or a kin's and marked so.
  def differences(models, facts, fields)
    facts.flat_map do |key, stated|
      model = models.fetch(key)
      fields.filter_map do |field|
        expected = stated.fetch(field) { (field == :prices) ? [] : nil }
        found = shown(model, field)
        next if found == expected || (!stated.key?(field) && of_kin?(model, field, found, facts))

        {model: key, field: field, stated: expected, shown: found}
      end
    end
  end

  def of_kin?(model, field, found, facts)
    return false unless model.send(:origin, (field == :prices) ? :pricing : field) == :alias

    model.kin.any? { |id| facts.dig(id, field) == found }
  end

  describe "of 2025-11-03" do
    listed_fields = {
      "openai" => %i[created_at context_window max_output_tokens prices],
      "anthropic" => %i[name created_at context_window max_output_tokens prices],
      "gemini" => %i[name created_at context_window max_output_tokens prices],
      "mistral" => %i[created_at context_window max_output_tokens prices retires_at replacement],
      "deepseek" => %i[created_at context_window max_output_tokens prices],
      "openrouter" => %i[name created_at context_window max_output_tokens prices input output],
      "ollama" => %i[created_at context_window max_output_tokens prices]
    }
    {
      "openai" => 103, "anthropic" => 9, "gemini" => 50, "mistral" => 66,
      "deepseek" => 2, "openrouter" => 343, "ollama" => 2
    }.each do |source, count|
      it "are #{count} models of #{source}, each as its row states it" do
        listed = others["2025-11-03"].listed
        stated = listed.filter_map { |(provider, id), facts| [id, facts] if provider == source }.to_h
        models = view(read(source, others["2025-11-03"].body(source))).to_h { |model| [model.id, model] }

        expect(stated.size).to eq(count)
        expect(models.keys).to match_array(stated.keys)
        expect(differences(models, stated, listed_fields.fetch(source))).to be_empty
      end
    end
  end

  describe "of perplexity" do
    let(:models) do
      view(read("perplexity", others["2026-01-13"].body("perplexity"))).to_h { |model| [model.id, model] }
    end
    let(:stated) { others["2026-01-13"].perplexity }

    it "are 39, each with its prices to the last digit and without date or limit" do
      expect(stated.size).to eq(39)
      expect(stated.sum { |_, facts| facts[:prices].size }).to be > 39 * 2
      expect(models.values.select(&:listed?).map(&:id)).to match_array(stated.keys)
      expect(differences(models, stated, %i[prices created_at context_window max_output_tokens knowledge_cutoff]))
        .to be_empty
    end

    it "have beside them only perplexity's own, marked as catalogued" do
      own = %w[
        sonar sonar-pro sonar-reasoning-pro sonar-deep-research pplx-embed-v1-0.6b pplx-embed-v1-4b
      ]
      expect(models.values.reject(&:listed?).to_h { |model| [model.id, model.standing] })
        .to eq(own.to_h { |id| [id, :catalogued] })
    end
  end

  days.each do |day|
    describe "of bedrock on #{day}" do
      before(:context) do
        next unless Payloads.there?

        @models = bedrock(day).to_h { |model| [model.id, model] }
      end

      let(:stated) { others[day].bedrock }

      it "are those of both lists, by the ids they are called by" do
        by_profile = others[day].bedrock_by_profile.size

        expect(others[day].rows("bedrock").size).to eq({"2025-11-03" => 113, "2026-01-13" => 129}[day])
        expect(others[day].rows("mantle").size).to eq(48)
        expect(by_profile).to eq(only_by_profile.fetch(day))
        expect(@models.keys).to match_array(stated.keys)
        expect(@models.keys.count { |id| id.start_with?("us.") }).to eq(by_profile)
      end

      it "have each fact that is stated, and no other" do
        fields = %i[context_window max_output_tokens created_at status retires_at family]

        expect(differences(@models, stated, fields)).to be_empty
      end

      it "have their names, modalities and capabilities" do
        foundations = stated.select { |_, facts| facts.key?(:name) }

        expect(foundations.size).to eq(others[day].rows("bedrock").size)
        expect(differences(@models, foundations, %i[name input output])).to be_empty
        sorted = @models.transform_values { |model| Struct.new(:capabilities).new(model.capabilities.sort) }
        expect(differences(sorted, foundations, %i[capabilities])).to be_empty
      end

      it "have the limits that are written for people" do
        windows = others[day].rows("bedrock").filter_map { |row| row.dig("description", "maxContextWindow") }

        expect(windows.tally).to include("200K" => 1, "200k" => 1, "128000" => 1, "163,840" => 1)
        expect(windows).to include("1M") if day == "2026-01-13"
        expect(@models.transform_values(&:context_window)).to include(
          "us.anthropic.claude-opus-4-1-20250805-v1:0" => 200_000,
          "us.anthropic.claude-sonnet-4-20250514-v1:0" => 200_000,
          "us.cohere.embed-v4:0" => 128_000, "deepseek.v3-v1:0" => 163_840,
          "amazon.nova-premier-v1:0:1000k" => 1_000_000,
          "amazon.nova-premier-v1:0:mm" => nil, "cohere.embed-english-v3:0:512" => 512
        )
        expect(@models["us.amazon.nova-2-lite-v1:0"].context_window).to eq(1_000_000) if day == "2026-01-13"
      end

      it "have the mantle's dates where the first list has none, and its mark" do
        mantle = others[day].mantle

        expect(mantle.keys.map { |id| @models.fetch(id).metadata.dig(:bedrock, :endpoint) }.uniq).to eq(["mantle"])
        expect((mantle.keys & others[day].rows("bedrock").map { |row| row["modelId"] }).size).to eq(in_both.fetch(day))
        expect(@models.count { |_, model| model.metadata.dig(:bedrock, :endpoint) }).to eq(48)
      end

      it "are of the type that their output is of" do
        types = @models.select { |id, _| stated.fetch(id)[:output] }.group_by { |id, _| stated.fetch(id)[:output] }
          .transform_values { |group| group.map { |_, model| model.type }.uniq }

        expect(types).to include(
          ["text"] => [:chat], ["image"] => [:image], ["video"] => [:video],
          ["embeddings"] => [:embedding], ["rerank"] => [:rerank]
        )
      end
    end

    it "of vertexai on #{day} are those that are served, with their stage and version, and nothing more" do
      stated = others[day].vertexai
      models = vertexai(day).to_h { |model| [model.id, model] }

      expect(others[day].rows("vertexai").size).to eq({"2025-11-03" => 15, "2026-01-13" => 10}[day])
      expect(stated.size).to eq({"2025-11-03" => 2, "2026-01-13" => 10}[day])
      expect(models.keys).to match_array(stated.keys)
      compared = %i[status created_at context_window max_output_tokens knowledge_cutoff prices]
      expect(differences(models, stated, compared)).to be_empty
      expect(stated.reject { |id, facts| models[id].metadata.dig(:vertexai, :versionId) == facts[:version] })
        .to be_empty
    end

    it "of gpustack on #{day} are read in the older shape, with the window that is served" do
      stated = others[day].gpustack
      models = gpustack(day).to_h { |model| [model.id, model] }

      expect(models.keys).to eq(["qwen3"])
      expect(differences(models, stated, %i[created_at context_window max_output_tokens prices])).to be_empty
      expect(models["qwen3"]).to have_attributes(
        type: :chat, context_window: 8192, capabilities: match_array(stated["qwen3"][:capabilities])
      )
    end

    it "have no fact that is neither taken nor left out for a reason, on #{day}" do
      unknown = taken_facts.to_h do |source, taken|
        names = others[day].names(source)
        expect(taken - names - %w[modelFamily]).to be_empty
        [source, names - taken - other_facts.fetch(source).keys - names.grep(/\AsupportedActions\./)]
      end

      expect(unknown.reject { |_, names| names.empty? }).to be_empty
      expect(taken_of_gpustack - others[day].names("gpustack")).to be_empty
    end

    it "keep as metadata what is stated and not taken, on #{day}" do
      lost = %w[openai deepseek ollama anthropic perplexity bedrock].flat_map do |source|
        models = view(read(source, others[day].body(source))).to_h { |model| [model.id.delete_prefix("us."), model] }
        names = other_facts.fetch(source).reject { |_, reason| reason.start_with?("left out", "always 0") }.keys
        others[day].rows(source).flat_map do |row|
          names.filter_map do |name|
            stated = row.dig(*name.split(".")) unless name.include?(".") && !row[name.split(".").first].is_a?(Hash)
            kept = models.fetch(row["id"] || row["modelId"]).metadata.dig(source.to_sym, *name.split(".").map(&:to_sym))
            unless stated.nil? || stated.is_a?(Hash) || stated == [] || stated == "" || kept == stated
              [source, row["id"] || row["modelId"], name]
            end
          end
        end
      end

      expect(lost).to be_empty
    end
  end

  # Read by a person, line by line, when it was approved: a model that is called a chat model because of its id alone.
  describe "as chat models whose output nobody states" do
    approved = File.expand_path("approved/chat_without_modality.txt", __dir__)

    def computed
      recorded = others["2026-01-13"]
      sources = [*Recorded::PROVIDERS, "bedrock", "models_dev"]
      view(*sources.map { |source| read(source, recorded.body(source)) })
        .select { |model| model.type == :chat && (model.send(:origin, :type) == :id || model.output_modalities.empty?) }
        .map { |model| "#{model.provider}/#{model.id}" }.sort
    end

    it "are those that were approved" do
      lines, found = File.readlines(approved, chomp: true), computed
      diff = (lines - found).map { |line| "- #{line}" } + (found - lines).map { |line| "+ #{line}" }

      expect(diff).to be_empty, "spec/approved/chat_without_modality.txt is not what is computed:\n#{diff.join("\n")}"
      expect(lines).to eq(lines.sort.uniq)
    end

    it "are none for another use" do
      other_use = Regexp.union(%w[
        embed aqa instruct davinci babbage tts whisper transcri dall-e imagen gpt-image sora veo moderation rerank
        realtime ocr live
      ])

      expect(File.readlines(approved, chomp: true).grep(other_use)).to be_empty
    end
  end
end
