# frozen_string_literal: true

require "bigdecimal"
require "json"
require_relative "spec_helper"
require_relative "support/usage_bodies"

RSpec.describe RubyLLM::Native::Usage do
  usage = described_class

  bodies = UsageBodies::BY_FORMAT

  bodies.each do |format, answers|
    describe "of #{format}" do
      answers.each_with_index do |(body, counts), number|
        it "is read from Symbols and Strings, with the format told or not (#{number})" do
          plain = JSON.parse(JSON.generate(body))
          read = [usage.of(body), usage.of(plain), usage.of(plain, format: format), usage.of(body, format: format.to_s)]
          expect(read.map(&:counts)).to eq([counts] * 4)
          expect(read.map(&:format)).to eq([format] * 4)
        end
      end
    end
  end

  it "knows how long the whole input was" do
    lengths = bodies.transform_values { |answers| usage.of(answers.first.first).length }
    expect(lengths).to eq(
      openai_chat: 1_000, openai_responses: 900, openai_embeddings: 8, openai_realtime: 700, openai_transcription: 0,
      openai_images: 360, anthropic: 2_750, gemini: 3_297, bedrock: 1_755, mistral: 4, cohere: 45,
      cohere_tokens: 1_469, perplexity: 33, xai: 32, tokens: 30
    )
  end

  describe "of a provider" do
    let(:body) do
      {usage: {prompt_tokens: 10, completion_tokens: 20, completion_tokens_details: {reasoning_tokens: 5}}}
    end

    it "has the format that a kind of API has there" do
      asked = [[:chat, nil], [:chat, "openai"], [:chat, "x-ai"], [:default, :xai], [:default, :groq], [nil, "XAI"]]
      expect(asked.map { |format, provider| usage.of(body, format: format, provider: provider).counts }).to eq(
        [{input: 10, output: 15, reasoning: 5}] * 2 + [{input: 10, output: 20, reasoning: 5}] * 2 +
        [{input: 10, output: 15, reasoning: 5}, {input: 10, output: 20, reasoning: 5}]
      )
    end

    it "has the format that its fields tell, where the provider decides nothing" do
      expect(usage.of(body, format: :default).format).to eq(:openai_chat)
      expect(usage.of(body, provider: "acme").format).to eq(:openai_chat)
      expect(usage.of({usage: {prompt_tokens: 8}}, provider: "cohere").counts).to eq(input: 8)
    end
  end

  describe "of a Hash of counts" do
    it "is what it says, taken as it stands" do
      read = usage.of({
        "input_tokens" => 5, :output => 7, "cached" => 100, :cache_creation_tokens => 3, "reasoning" => 900,
        :web_searches => 2, :images => 1, "page" => 4, :transcription => 0.5
      })
      expect(read.counts).to eq(
        input: 5, cache_read: 100, cache_write: 3, output: 7, reasoning: 900, web_search: 2, image: 1,
        transcription: 0.5, page: 4
      )
      expect(read).to have_attributes(format: :plain, length: 108, tier: nil, region: nil)
    end

    it "tells zero from what was not counted" do
      read = usage.of({input: 0, output: nil, cache_read: 3})
      expect(read.stated).to eq(input: 0, cache_read: 3)
      expect(read.counts).to eq(cache_read: 3)
      expect(usage.of({}).stated).to eq({})
    end

    it "has whole numbers where they are whole" do
      read = usage.of({input: 12.0, output: BigDecimal(3), transcription: Rational(1, 3), video: BigDecimal("1.5")})
      expect(read.counts.values).to eql([12, 3, Rational(1, 3), Rational(3, 2)])
    end

    it "refuses a name that is not known" do
      expect { usage.of({input: 1, outptu: 2}) }
        .to raise_error(ArgumentError, "Unknown count: :outptu; did you mean output?")
      expect { usage.of({:input => 1, 3 => 2}) }.to raise_error(ArgumentError, /\AUnknown count: 3 \(known: input, /)
      expect { usage.of({"id" => 1, "choices" => [], "usage" => nil, "object" => "x"}) }
        .to raise_error(ArgumentError, /\AUsage must be counts .*, got a Hash with "id", "choices", "usage", …\z/)
    end

    it "refuses two different counts of one thing" do
      expect(usage.of({:input => 1, :input_tokens => 1, "input" => nil}).counts).to eq(input: 1)
      expect { usage.of({cached: 1, cache_read: 2}) }
        .to raise_error(ArgumentError, "cache_read must be counted once, got 1 and 2 by two of its names")
    end

    it "refuses what cannot be a count, naming it" do
      wrong = [-1, -0.5, "12", Float::NAN, Float::INFINITY, BigDecimal("NaN"), Complex(1, 1), true, [3], Object.new]
      wrong.each do |value|
        expect { usage.of({output: value}) }
          .to raise_error(ArgumentError, /\Aoutput must be a number, 0 or more, got /), value.inspect
      end
      expect { usage.of({usage: {prompt_tokens: 1, prompt_tokens_details: {cached_tokens: "1"}}}) }
        .to raise_error(ArgumentError, 'prompt_tokens_details.cached_tokens must be a number, 0 or more, got "1"')
    end
  end

  describe "of an object" do
    struct = ->(**facts) { Struct.new(*facts.keys).new(*facts.values) }

    it "is read from ruby_llm's tokens, in which thinking is output" do
      newer = struct.call(input: 20, output: 30, cache_read: 10, cache_write: nil, thinking: 12)
      older = struct.call(input: 20, output: 30, cached: 10, cache_creation: 0, thinking: 12)
      counts = {input: 20, cache_read: 10, output: 18, reasoning: 12}
      expect([usage.of(newer).counts, usage.of(older).counts]).to eq([counts, counts])
      expect([usage.of(newer).stated.key?(:cache_write), usage.of(older).stated[:cache_write]]).to eq([false, 0])
      expect([usage.of(newer).format, usage.of(newer).length]).to eq([:tokens, 30])
    end

    it "is read from a message, with tokens of its own or not" do
      flat = struct.call(content: "Hi", thinking: "Hm", input_tokens: 2, output_tokens: 3, thinking_tokens: 1)
      nested = struct.call(usage: 5, tokens: struct.call(input: 2, output: 3, thinking: 1))
      counts = {input: 2, output: 2, reasoning: 1}
      expect([usage.of(flat).counts, usage.of(nested).counts]).to eq([counts, counts])
      expect(usage.of(struct.call(input_tokens: nil, output_tokens: nil, tokens: nil)).stated).to eq({})
    end

    it "is read from what a provider's library returns as from that provider's Hash" do
      details = {cached_tokens: 40}
      responses = struct.call(input_tokens: 50, output_tokens: 6, input_tokens_details: details)
      converse = struct.call(input_tokens: 50, output_tokens: 6, cache_read_input_tokens: 40)
      answer = struct.call(id: 1, usage: {prompt_tokens: 50, completion_tokens: 6, prompt_tokens_details: details})
      expect([responses, converse, answer].map { |object| usage.of(object).counts }).to eq(
        [{input: 10, cache_read: 40, output: 6}, {input: 50, cache_read: 40, output: 6},
          {input: 10, cache_read: 40, output: 6}]
      )
    end

    it "is itself" do
      read = usage.of({input: 1})
      expect(usage.of(read)).to equal(read)
    end
  end

  describe "of an odd answer" do
    it "has the total of what its parts exceed" do
      read = usage.of({
        prompt_tokens: 100, completion_tokens: 10,
        prompt_tokens_details: {cached_tokens: 80, audio_tokens: 70, image_tokens: 60},
        completion_tokens_details: {reasoning_tokens: 25}
      })
      expect(read.stated)
        .to eq(input: 0, cache_read: 80, audio_input: 20, image_input: 0, output: 0, reasoning: 10)
      expect(read.length).to eq(100)
    end

    it "has the total of a part whose parts exceed it" do
      read = usage.of({usage: {
        input_tokens: 5, cache_creation_input_tokens: 10, output_tokens: 1,
        cache_creation: {ephemeral_1h_input_tokens: 30}
      }})
      expect(read.counts).to eq(input: 5, cache_write_1h: 10, output: 1)
    end

    it "is what the format lacks, if it was asked for" do
      expect { usage.of({usage: {input_tokens: 1}}, format: :chat) }.to raise_error(
        ArgumentError,
        "Usage in format openai_chat must have at least one of its fields (prompt_tokens, completion_tokens, " \
        "prompt_tokens_details.cached_tokens, …), got a Hash with :input_tokens"
      )
      expect { usage.of({usage: {}}, format: :gemini) }.to raise_error(ArgumentError, /, got an empty Hash\z/)
      expect { usage.of({input: 1}, format: :gpt) }
        .to raise_error(ArgumentError, /\AUnknown format: :gpt \(known: openai_chat, .*, plain, chat, .*, default\)\z/)
      expect { usage.of({input: 1}, provider: 5) }
        .to raise_error(ArgumentError, "provider must be a name of ASCII letters, got 5")
    end
  end

  describe "knows the conditions" do
    def tier(**facts) = RubyLLM::Native::Usage.of({usage: {input_tokens: 1, total_tokens: 1}, **facts}).tier

    it "of the service, beside the usage or in it" do
      expect(%w[flex priority batch FLEX scale].map { |name| tier(service_tier: name) })
        .to eq(%i[flex priority batch flex scale])
      expect([nil, "", "default", "standard", "auto", "on_demand"].map { |name| tier(service_tier: name) }.uniq)
        .to eq([nil])
      expect(tier(usage: {input_tokens: 1, service_tier: "priority"}, service_tier: "auto")).to eq(:priority)
      expect(tier(usage: {promptTokenCount: 1, serviceTier: "flex"})).to eq(:flex)
      expect(tier(usage: {inputTokens: 1}, serviceTier: {type: "flex"})).to eq(:flex)
      expect(tier(usage: {promptTokenCount: 1, trafficType: "ON_DEMAND_FLEX"})).to be_nil
    end

    it "of a fast mode" do
      expect(tier(usage: {input_tokens: 1, service_tier: "standard", speed: "fast"})).to eq(:fast)
      expect(tier(usage: {input_tokens: 1, speed: "standard"})).to be_nil
    end

    it "of the region" do
      regions = ["us", "global", "not_available", "", nil].map do |name|
        usage.of({usage: {input_tokens: 1, total_tokens: 1, inference_geo: name}}).region
      end
      expect(regions).to eq(["us", nil, nil, nil, nil])
    end

    it "and refuses one that is no word" do
      expect { tier(service_tier: "flex or so") }
        .to raise_error(ArgumentError, 'service_tier must be a word, got "flex or so"')
    end
  end

  describe "of whatever is thrown at it" do
    random = Random.new(Integer(ENV.fetch("SEED", 20_261_128)))
    cyclic = {"usage" => {"prompt_tokens" => 1}}.tap { |hash| hash["usage"]["usage"] = hash["response"] = hash }
    odd = [
      nil, true, 0, 7, 12.5, -1, 10**400, Float::NAN, "", "12", "fast", :flex, "\xFF", "us".encode("UTF-16LE"), [], {},
      [nil, 5, {"modality" => "AUDIO", "tokenCount" => 5}], Object.new, BasicObject.new, cyclic,
      Hash.new { raise "no" }, {}.compare_by_identity.tap { |hash| hash[BasicObject.new] = 1 },
      Struct.new(:input, :usage).new(1, 2), Struct.new(:tokens).new([]), Struct.new(:usage).new(cyclic),
      Struct.new(:input_tokens, :output_tokens, :thinking_tokens).new([], {}, "x")
    ].freeze
    names = [
      *bodies.to_s.scan(/:(\w+)=>|\b(\w+): /).flatten.compact.uniq,
      "input", "cached", "service_tier", "speed", "\xFF", 5
    ]

    make = lambda do |depth|
      next odd.sample(random: random) if depth.zero? || random.rand < 0.3

      Array.new(random.rand(6)) do
        name = names.sample(random: random)
        [(String === name && name.ascii_only? && random.rand < 0.5) ? name.to_sym : name, make.call(depth - 1)]
      end.to_h
    end

    it "raises nothing but ArgumentError, and counts nothing below 0" do
      outcomes = Array.new(20_000) do
        format = [nil, nil, *bodies.keys, :chat, :default, "\xFF", 5].sample(random: random)
        read = usage.of(make.call(4), format: format, provider: [nil, "x-ai", :google, "é"].sample(random: random))
        (read.counts.each_value.all? { |count| count.positive? && count.finite? }) ? :read : :wrong
      rescue ArgumentError => error
        error.message.empty? ? :silent : :refused
      end
      expect(outcomes.uniq).to contain_exactly(:read, :refused)
    end

    it "counts every token of the totals once" do
      500.times do
        details, others = Array.new(2) { Hash.new { |hash, key| hash[key] = random.rand(200) } }
        %i[cached_tokens cache_write_tokens audio_tokens image_tokens video_tokens].each { |name| details[name] }
        %i[reasoning_tokens audio_tokens image_tokens].each { |name| others[name] }
        prompt, completion = random.rand(500), random.rand(300)
        read = usage.of({
          prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: details,
          completion_tokens_details: others
        })
        expect([read.length, read.counts.values.sum]).to eq([prompt, prompt + completion])
      end
    end
  end

  it "can be read in a Ractor, and shared with one" do
    experimental = Warning[:experimental]
    Warning[:experimental] = false
    ractor = Ractor.new do
      RubyLLM::Native::Usage.of({"usage" => {"promptTokenCount" => 9}, "service_tier" => "flex"}, provider: "google")
    end
    read = ractor.respond_to?(:value) ? ractor.value : ractor.take
    expect([read.counts, read.tier, Ractor.shareable?(read)]).to eq([{input: 9}, :flex, true])
  ensure
    Warning[:experimental] = experimental
  end

  it "is shown in one line" do
    read = usage.of({usage: {prompt_tokens: 9, completion_tokens: 0}, service_tier: "flex"})
    expect(read.inspect).to eq("#<RubyLLM::Native::Usage openai_chat, flex: 9 input>")
    expect(usage.of({}).inspect).to eq("#<RubyLLM::Native::Usage plain: nothing>")
  end
end
