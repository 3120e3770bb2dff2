# frozen_string_literal: true

require "spec_helper"

RSpec.describe RubyLLM::Native::Controls do
  def only(documents)
    view_of(documents).first
  end

  let(:silent) { only(openai: {data: [{id: "silent"}]}) }

  let(:router) do
    only(openrouter: {data: [{
      id: "a/b", supported_parameters: %w[temperature top_k tools response_format],
      default_parameters: {temperature: 0.5},
      reasoning: {mandatory: false, default_enabled: true, default_effort: "low", supported_efforts: %w[high low],
                  supports_max_tokens: true}
    }]})
  end

  describe "parameters" do
    it "are accepted, refused or unknown" do
      expect(router.accepts?(:temperature)).to be(true)
      expect(router.accepts?("seed")).to be(false)
      expect(router.accepts?(:system_messages)).to be_nil
      expect(silent.accepts?(:temperature)).to be_nil
    end

    it "are also what the model can" do
      expect(router.accepts?(:tools)).to be(true)
      expect(router.accepts?(:response_format)).to be(true)
      expect(router.accepts?(:tool_choice)).to be(false)
      expect(router.accepts?(:stream)).to be_nil
      expect(silent.accepts?(:tools)).to be_nil
    end

    it "are known words" do
      expect { silent.accepts?(:temprature) }
        .to raise_error(ArgumentError, "Unknown parameter: temprature (did you mean temperature?)")
      expect { silent.accepts?(:zzzzzzzzzzzzz) }
        .to raise_error(ArgumentError, /one of temperature, top_p, .*, stream\)\z/)
    end

    it "have the numbers that are stated" do
      gemini = only(gemini: {models: [{name: "models/g", temperature: 1, maxTemperature: 2.0, topP: 0.95, topK: 64}]})

      expect(router.parameters).to eq(temperature: {default: 0.5}, top_k: {})
      expect(gemini.parameters)
        .to eq(temperature: {min: 0.0, max: 2.0, default: 1.0}, top_p: {default: 0.95}, top_k: {default: 64})
      expect(gemini.parameters[:top_k][:default]).to be_an(Integer)
      expect(gemini.parameters[:temperature][:default]).to be_a(Float)
      expect(silent.parameters).to eq({})
      expect(gemini.parameters).to be_frozen
      expect(gemini.parameters.values).to all(be_frozen)
    end

    it "have numbers even where nobody says that they are accepted" do
      mistral = only(mistral: {data: [{id: "m", default_model_temperature: 0.3}]})

      expect(mistral.parameters).to eq({})
      expect(mistral.bounds).to eq(temperature: {default: 0.3})
      expect(mistral.accepts?(:temperature)).to be_nil
    end
  end

  describe "reasoning" do
    it "has what is stated of it" do
      expect(router.reasoning)
        .to eq(efforts: %i[low high], default: :low, mandatory: false, on: true, budget: {})
      expect(silent.reasoning).to be_nil
    end

    it "has a budget, or none" do
      options = [{type: "budget_tokens", min: 1024, max: 32_000}, {type: "toggle"}]
      limited = only(models_dev: {openai: {models: {a: {name: "A", reasoning_options: options}}}})
      unlimited = only(anthropic: {data: [{id: "c", capabilities: {thinking: {types: {enabled: {supported: false}}}}}]})

      expect(limited.reasoning).to eq(toggle: true, budget: {min: 1024, max: 32_000})
      expect(unlimited.reasoning).to eq(budget: false)
    end

    it "has no effort where all are denied" do
      none = only(anthropic: {data: [{id: "c", capabilities: {effort: {high: {supported: false}}}}]})

      expect(none.reasoning).to eq(efforts: [])
    end
  end

  it "tells which JSON it can be made to put out" do
    expect(router.structured_outputs).to eq([:json_object])
    schema = only(anthropic: {data: [{id: "c", capabilities: {structured_outputs: {supported: true}}}]})
    expect(schema.structured_outputs).to eq([:json_schema])
    expect(silent.structured_outputs).to eq([])
  end

  it "has the dimensions of embeddings and the limits of requests" do
    embedding = only(openai: {data: [{id: "e", type: "embedding", dimensions: 3072}]})
    voice = only(elevenlabs: [{model_id: "v", maximum_text_length_per_request: 10_000}])

    expect([embedding.dimensions, silent.dimensions]).to eq([3072, nil])
    expect([voice.request_limits, silent.request_limits]).to eq([{characters: 10_000}, {}])
  end

  it "has terms of use" do
    row = {id: "o", license: "mit", open_weights: true, is_zdr: true, data_policy: {training: false}}
    open = only(openai: {data: [row]})

    expect([open.license, open.open_weights?, open.open_weights]).to eq(["mit", true, true])
    expect(open.data_policy).to eq(zero_data_retention: true, training: false)
    expect([silent.license, silent.open_weights?, silent.data_policy]).to eq([nil, nil, nil])
  end

  describe "where" do
    let(:view) do
      view_of(
        models_dev: {openai: {models: {
          a: {name: "A", open_weights: true, temperature: true, tool_call: true,
              reasoning_options: [{type: "effort", values: %w[low high]}, {type: "toggle"}]},
          b: {name: "B", open_weights: false, temperature: false, tool_call: true},
          c: {name: "C", temperature: true, tool_call: false}
        }}},
        xai: {data: [{id: "x"}]},
        hetzner: {data: [
          {id: "small", type: "embedding", dimensions: 1000}, {id: "large", type: "embedding", dimensions: 3072},
          {id: "safe", is_zdr: true, data_policy: {training: false}}, {id: "unsafe", data_policy: {training: true}},
          {id: "free", license: "mit"}
        ]},
        elevenlabs: [{model_id: "voice", maximum_text_length_per_request: 10_000}]
      )
    end

    def ids(**criteria)
      view.where(**criteria).map(&:id)
    end

    it "finds what is stated, never what is unknown" do
      expect(ids(open_weights: true)).to eq(%w[a])
      expect(ids(open_weights: false)).to eq(%w[b])
      expect(ids(accepts: :temperature)).to eq(%w[a c])
      expect(ids(accepts: %i[temperature tools])).to eq(%w[a])
      expect(ids(accepts: :tools, capabilities: [:function_calling])).to eq(%w[a b])
      expect(ids(reasoning_effort: :high)).to eq(%w[a])
      expect(ids(reasoning_effort: %i[high max])).to eq([])
      expect(ids(min_dimensions: 1000)).to eq(%w[large small])
      expect(ids(min_dimensions: 1001)).to eq(%w[large])
      expect(ids(request_limits: {characters: 10_000})).to eq(%w[voice])
      expect(ids(request_limits: {"characters" => 10_001})).to eq([])
      expect(ids(request_limits: {characters: 1, images: 1})).to eq([])
      expect(ids(request_limits: {})).to eq(view.map(&:id))
      expect(ids(license: "mit")).to eq(%w[free])
      expect(ids(license: %w[apache-2.0 mit])).to eq(%w[free])
      expect(ids(reasoning_toggle: true)).to eq(%w[a])
      expect(ids(reasoning_mandatory: false)).to eq([])
      expect(ids(zero_data_retention: true)).to eq(%w[safe])
      expect(ids(training: false)).to eq(%w[safe])
      expect(ids(training: true)).to eq(%w[unsafe])
      expect(ids(data_region: "eu")).to eq([])
      expect(ids(open_weights: nil, accepts: nil).size).to eq(view.size)
    end

    it "says which words there are" do
      expect { ids(open_weights: "yes") }.to raise_error(ArgumentError, 'open_weights must be true or false, got "yes"')
      expect { ids(reasoning_effort: :huge) }.to raise_error(ArgumentError,
        "Unknown reasoning effort: :huge (known: none, minimal, low, medium, high, xhigh, max)")
      expect { ids(min_dimensions: "many") }
        .to raise_error(ArgumentError, 'min_dimensions must be a whole number, got "many"')
      expect { ids(request_limits: {films: 1}) }.to raise_error(ArgumentError,
        "Unknown request limit: films (known: images, audio_files, audio_seconds, video_files, video_seconds, " \
        "pdf_megabytes, characters)")
      expect { ids(request_limits: {images: "some"}) }
        .to raise_error(ArgumentError, 'request_limits[:images] must be a whole number, got "some"')
      expect { ids(request_limits: 5) }.to raise_error(ArgumentError, "request_limits must be a Hash, got 5")
      expect { ids(accepts: :tempratur) }.to raise_error(ArgumentError, /did you mean temperature\?/)
    end
  end
end
