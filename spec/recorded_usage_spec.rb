# frozen_string_literal: true

require "json"
require_relative "spec_helper"

# The recorded answers, each with what every extractor of genai-prices reads in it: also those of providers that have
# not answered so, which must read no more than their own fields.
RSpec.describe "what recorded answers used", :payloads do
  # What an extractor leaves in its total and we take out: most of these readings are of other providers' answers. A
  # format is read in one way, whichever of its providers has answered, since a field means the same at all that state
  # it.
  unread = {
    # `prompt_tokens_details.cached_tokens`: Anthropic's copy of the API has `cached_tokens` beside the totals instead;
    # x-ai/default is the format of xAI's own library.
    cache_read: %w[anthropic/chat cerebras/chat x-ai/default],
    # `cache_write_tokens` in the same details: OpenAI and OpenRouter state them since some models charge for writing.
    cache_write: %w[
      anthropic/chat cerebras/chat deepseek/chat doubleword/responses fireworks/chat
      google/chat groq/default minimax/chat minimax/responses mistral/default moonshotai/chat x-ai/chat x-ai/default
      zai/chat zhipuai/chat
    ],
    # `prompt_tokens_details.audio_tokens`.
    audio_input: %w[
      anthropic/chat cerebras/chat deepseek/chat doubleword/chat fireworks/chat minimax/chat mistral/default modal/chat
      moonshotai/chat x-ai/chat x-ai/default zai/chat zhipuai/chat
    ],
    # `thinking_tokens` and `reasoning_tokens` in the details of the output.
    reasoning: %w[
      aws/anthropic azure/anthropic doubleword/responses google/anthropic minimax/default minimax/responses modal/chat
      x-ai/default
    ],
    # `server_tool_use.web_search_requests`: only Anthropic's own extractor reads Anthropic's searches.
    web_search: %w[aws/anthropic azure/anthropic google/anthropic minimax/default]
  }
  # Where the extractor leaves it. xAI has reasoning beside the output: there it is nowhere.
  left_in = ->(meter, extractor) do
    next if meter == :web_search || (meter == :reasoning && extractor == "x-ai/default")

    (meter == :reasoning) ? :output : :input
  end

  # Which extractor is the one of the API that has answered, by the format that we find.
  at_home = {
    anthropic: %w[anthropic/default], bedrock: %w[aws/default], cohere: %w[cohere/default cohere/embeddings],
    gemini: %w[google/default], openai_chat: %w[openrouter/chat huggingface_together/chat],
    openai_embeddings: %w[doubleword/embeddings], openai_responses: %w[modal/responses]
  }

  let(:answers) { JSON.parse(payload("genai_prices/usages.json")) }

  # Theirs, whose totals contain their parts, as ours, of which none contains another.
  def disjoint(theirs)
    of = Hash.new(0).merge(theirs)
    cached = {audio: of["cache_audio_read_tokens"], image: of["cache_image_read_tokens"],
              video: of["cache_video_read_tokens"]}
    fresh = %i[audio image video].to_h { |kind| [kind, of["input_#{kind}_tokens"] - cached[kind]] }
    made = {audio_output: of["output_audio_tokens"], image_output: of["output_image_tokens"],
            video_output: of["output_video_tokens"], reasoning: of["output_reasoning_tokens"],
            citation: of["output_citation_tokens"]}
    {
      input: of["input_tokens"] - of["cache_read_tokens"] - of["cache_write_tokens"] - fresh.values.sum,
      cache_read: of["cache_read_tokens"] - cached.values.sum,
      cache_write: of["cache_write_tokens"] - of["cache_write_1h_tokens"],
      cache_write_1h: of["cache_write_1h_tokens"],
      **cached.transform_keys { |kind| :"#{kind}_cache_read" }, **fresh.transform_keys { |kind| :"#{kind}_input" },
      output: of["output_tokens"] - made.values.sum, **made, web_search: of["web_searches"]
    }.reject { |_, count| count.zero? }
  end

  # @yieldparam ours [Hash{Symbol => Integer}]
  # @yieldparam theirs [Hash{Symbol => Integer}]
  # @yieldparam extractor [String] provider/kind of API
  def each_reading
    answers.each do |answer|
      answer["extracted"].each do |extracted|
        theirs = disjoint(extracted["usage"])
        extracted["extractors"].each do |extractor|
          provider, kind = extractor.values_at("provider_id", "api_flavor")
          ours = RubyLLM::Native::Usage.of(answer["body"], format: kind, provider: provider).counts
          yield ours, theirs, "#{provider}/#{kind}"
        end
      end
    end
  end

  # @return [Array] what we read, but for what that extractor does not, and the meters for which this matters
  def as_read_by(extractor, ours, unread, left_in)
    left = unread.select { |meter, extractors| extractors.include?(extractor) && ours.key?(meter) }.keys
    kept = left.each_with_object(ours.dup) do |meter, counts|
      whole = left_in.call(meter, extractor)
      counts[whole] = counts.fetch(whole, 0) + ours[meter] if whole
    end
    [kept.except(*left), left]
  end

  it "is what every extractor reads, but for the parts that some do not know" do
    different = []
    needed = Hash.new { |hash, meter| hash[meter] = [] }
    numbers = Hash.new(0)
    each_reading do |ours, theirs, extractor|
      kept, left = as_read_by(extractor, ours, unread, left_in)
      different << [extractor, ours, theirs] if kept != theirs
      left.each { |meter| needed[meter] |= [extractor] }
      numbers[ours == theirs] += 1
    end

    expect(different).to eq([])
    expect(numbers).to eq(true => 9_256, false => 289)
    expect(needed.transform_values(&:sort)).to eq(unread)
  end

  it "is what the extractor of the API reads that has answered, when nobody says which one that is" do
    found = Hash.new(0)
    answers.each do |answer|
      read = RubyLLM::Native::Usage.of(answer["body"])
      extracted = answer["extracted"].find do |each|
        extractors = each["extractors"].map { |extractor| extractor.values_at("provider_id", "api_flavor").join("/") }
        (extractors & at_home.fetch(read.format)).any?
      end
      theirs = disjoint(extracted["usage"])
      length = extracted["usage"].fetch("input_tokens", 0)
      found[[read.format, read.counts == theirs && read.length == length]] += 1
    end

    expect(found.transform_keys { |format, same| same ? format : [format, :different] }).to eq(
      anthropic: 108, bedrock: 111, cohere: 8, gemini: 230,
      openai_chat: 200, openai_embeddings: 2, openai_responses: 130
    )
  end
end
