# frozen_string_literal: true

require_relative "replay_server"

# One refresh by ruby_llm itself and one by us, of the same recorded answers over real HTTP.
module BothRefreshes
  ANSWERS = {
    "openai" => "2026-01-13/openai.json", "anthropic" => "2026-01-13/anthropic.json",
    "mistral" => "2026-01-13/mistral.json",
    "deepseek" => "2026-01-13/deepseek.json",
    "openrouter" => "2026-01-13/openrouter.json", "ollama" => "2026-01-13/ollama.json",
    "models_dev" => "models_dev/2026-07-02.json", "published" => "published/2026-08-19.json"
  }.freeze

  # ruby_llm has the URLs of its published catalogues hard-coded.
  Detour = Struct.new(:connection, :server) do
    def get(url, &block)
      source = url.include?("models.dev") ? "models_dev" : "published"
      connection.get("#{server.url(source)}/catalogue", &block)
    end
  end

  module_function

  # @yieldparam path [String] of a recorded answer
  def serve(server)
    ANSWERS.each { |source, path| server.on(source, ReplayServer::Answer.json(yield(path))) }
  end

  # @return [Hash{Array => Hash}] what ruby_llm makes of them, by provider and id
  def by_ruby_llm(server, example)
    transport = Beside.v2? ? RubyLLM::Transport::Connection : RubyLLM::Connection
    original = transport.method(:basic).unbind.bind(transport)
    example.allow(transport)
      .to example.receive(:basic) { |*arguments, &block| Detour.new(original.call(*arguments, &block), server) }
    RubyLLM.config.native_refresh = false
    facts(fresh_registry.refresh!)
  ensure
    RubyLLM.config.native_refresh = true
  end

  # @return [Hash{Array => Hash}] the same by us
  def by_us
    facts(fresh_registry.refresh!)
  end

  def fresh_registry
    RubyLLM::Native.registry.forget!
    RubyLLM::Models.instance_variable_set(
      :@instance, RubyLLM::Models.new([Beside.entry(id: "nothing", provider: "nobody")])
    )
  end
  private_class_method :fresh_registry

  def facts(models)
    all = models.all.to_h { |model| [[model.provider, model.id], model.to_h.merge(type: model.type)] }
    all.except(%w[nobody nothing])
  end
  private_class_method :facts

  # Why ours says otherwise than ruby_llm's. Each is a heading in docs/reference/beside-ruby_llm.md.
  class Difference
    REASONS = {
      unstated: "What nobody states is unknown",
      zero: "Zero is a price, not a limit", more: "What a source states is kept",
      provider_first: "The provider's own word comes first",
      kin: "Equivalent ids share what they state", type: "A type is what the model does",
      exact: "Prices are exact", file: "A file is a file", metadata: "Metadata holds what has no field of its own",
      metadata_of_published: "The published catalogue's guesses are left out"
    }.freeze

    SETS = %i[capabilities input_modalities output_modalities].freeze
    NOTHING = [nil, "", [], {}].freeze

    # Where ruby_llm's metadata has what became a field here, or what says nothing of the model.
    TAKEN = %r{
      \A(?:(?:cost|limit)/.*|knowledge|status|source|provider_id|object|owned_by
      |architecture/(?:input|output)_modalities|top_provider/max_completion_tokens)\z
    }x

    # What models.dev says of an equivalent id, which ruby_llm takes for this one.
    BORROWED = %w[attachment last_updated open_weights temperature].freeze
    private_constant :TAKEN, :BORROWED

    # @param field [Symbol]
    # @param theirs [Object]
    # @param model [RubyLLM::Native::Model]
    # @param stated [Array<String, Integer>] what the catalogue's own text states for the model: capabilities,
    #   modalities, limits, prices
    def initialize(field, theirs, ours, model, stated)
      @field, @theirs, @ours, @model, @stated = field, theirs, ours, model, stated
    end

    # @return [Symbol, nil] nil: there is none
    def reason
      return (:metadata if lost_of_metadata.empty?) if @field == :metadata
      return :type if @field == :type
      return of_sets if SETS.include?(@field)

      of_nothing || of_origin
    end

    def to_s
      return "#{@model.provider}/#{@model.id} metadata: #{lost_of_metadata} is missing here" if @field == :metadata

      "#{@model.provider}/#{@model.id} #{@field}: #{@theirs.inspect} here #{@ours.inspect} of #{origin.inspect}"
    end

    private

    def origin
      @model.origin(@field)
    end

    # @return [Array<String>] places in ruby_llm's metadata that ours lacks without a reason
    def lost_of_metadata
      lost = places(@theirs) - places(@ours)
      lost -= BORROWED unless @model.metadata.key?(:models_dev)
      lost.grep_v(TAKEN)
    end

    def places(metadata)
      flat(metadata).reject { |_, value| NOTHING.include?(value) }.keys.map { |path| path.join("/") }
    end

    def of_nothing
      return :unstated if @field == :name && origin == :id
      return ((@theirs == 0) ? :zero : of_silence) if NOTHING.include?(@ours)

      :more if NOTHING.include?(@theirs) || @theirs == 0
    end

    # Ours says nothing: then the catalogue must not say it either.
    def of_silence
      values = (@field == :pricing) ? flat(@theirs).values : [@theirs]
      :unstated if (values & @stated).empty?
    end

    def of_origin
      return :exact if @field == :pricing && same_prices?
      return :provider_first if origin.to_s == @model.provider

      {alias: :kin, published: :metadata_of_published}[origin]
    end

    # What ruby_llm has beyond ours must not be stated by the catalogue, unless the provider itself enumerates.
    def of_sets
      missing = @theirs - @ours
      return :more if missing.empty?
      return :file if missing == ["pdf"] && @ours.include?("file")
      return :type if @field == :output_modalities && missing == ["text"] && @model.type != :chat
      return :provider_first if origin.to_s == @model.provider

      :unstated if (missing & @stated).empty?
    end

    def same_prices?
      ours, theirs = flat(@ours), flat(@theirs)
      theirs.keys == ours.keys && theirs.all? { |key, price| (price - ours[key]).abs <= 1e-9 * price.abs }
    end

    def flat(prices, path = [])
      pairs = prices.flat_map do |key, value|
        value.is_a?(Hash) ? flat(value, [*path, key]).to_a : [[[*path, key], value]]
      end
      pairs.sort_by { |key, _| key.map(&:to_s) }.to_h
    end
  end
end
