# frozen_string_literal: true

module RubyLLM
  module Native
    # Some models of one catalog: frozen, cheap, chainable. The models themselves are made when they are looked at.
    #
    # Iterating shows the listed and the catalogued ones; {#find} and {#unlisted} also know those that their provider no longer lists.
    #
    # @example
    #   RubyLLM.models.by_provider(:openai).chat_models.map(&:id)
    class View
      include Enumerable

      # Which provider {#find} prefers when several have a model of that id, as in the ruby_llm gem.
      PREFERENCE = %w[
        openai anthropic gemini deepseek mistral cohere perplexity xai vertexai bedrock openrouter azure ollama_cloud ollama gpustack
        elevenlabs deepgram
      ].freeze

      # @return [Catalog] all of it, whatever of it is in view
      # @example
      #   RubyLLM.models.view.catalog.size
      attr_reader :catalog

      # @param catalog [Catalog]
      # @param indexes [Array<Integer>] of its models, unlisted ones included
      # @param shown [Array<Integer>] those of them that iterating shows
      def initialize(catalog, indexes = catalog.select(nil, nil, nil, nil), shown = indexes & catalog.select(nil, nil, nil, false))
        @catalog = catalog
        @indexes = indexes.freeze
        @shown = shown.freeze
        freeze
      end

      # @yieldparam model [Model]
      # @return [self, Enumerator]
      # @example
      #   RubyLLM.models.each { |model| puts model.id }
      def each
        return enum_for(:each) { size } unless block_given?

        @shown.each { |index| yield @catalog.model(index) }
        self
      end

      # @return [Array<Model>] a new one; listed and catalogued models in order of provider and id
      # @example
      #   RubyLLM.models.chat_models.all.sort_by(&:name)
      def all
        @shown.map { |index| @catalog.model(index) }
      end
      alias_method :to_a, :all
      alias_method :entries, :all

      # @return [Integer] how many models iterating shows
      def size
        @shown.size
      end
      alias_method :length, :size

      # @return [Boolean]
      def empty?
        @shown.empty?
      end

      # The model of that id. Without a provider the first in the order of {PREFERENCE}, unlisted ones last. With a block: Enumerable#find.
      #
      # @param id [String]
      # @param provider_name [String, Symbol, nil] the same as `provider:`, which also may be given
      # @return [Model]
      # @raise [RubyLLM::ModelNotFoundError] when there is none
      # @example
      #   RubyLLM.models.find("gpt-4.1", provider: :openai).context_window  # => 1047576
      def find(id = nil, provider_name = nil, provider: nil, &block)
        return super(*[id].compact, &block) if block

        provider ||= provider_name
        look_up(id, provider) || raise(ModelNotFoundError, not_found(id, provider))
      end

      # @param id [String]
      # @return [Model, nil] what {#find} finds, or nil
      # @example
      #   RubyLLM.models["gpt-4.1"]&.name  # => "GPT-4.1"
      def [](id, provider: nil)
        look_up(id, provider)
      end

      # @return [View] models to talk with: text in and text out, whatever else they give
      # @example
      #   RubyLLM.models.chat_models.first
      def chat_models
        narrow(@catalog.select([:chat], nil, nil, nil))
      end

      # @return [View]
      # @example
      #   RubyLLM.models.embedding_models.map(&:id)
      def embedding_models
        of_output(:embedding, "embeddings")
      end

      # @return [View] models whose output has audio
      # @example
      #   RubyLLM.models.audio_models.map(&:id)
      def audio_models
        of_output(:audio, "audio")
      end

      # @return [View] models whose output has images
      # @example
      #   RubyLLM.models.image_models.map(&:id)
      def image_models
        of_output(:image, "image")
      end

      # @param provider [Symbol, String]
      # @return [View]
      # @example
      #   RubyLLM.models.by_provider(:anthropic)
      def by_provider(provider)
        narrow(@catalog.select(nil, provider.to_s, nil, nil))
      end

      # @param family [Symbol, String]
      # @return [View]
      # @example
      #   RubyLLM.models.by_family("claude-opus")
      def by_family(family)
        narrow(@catalog.select(nil, nil, family.to_s, nil))
      end

      # @return [View] models in their provider's last whole answer
      # @example
      #   RubyLLM.models.listed.size
      def listed
        narrow(@shown.select { |index| @catalog.model(index).listed? })
      end

      # @return [View] models that their provider listed once and no longer does
      # @example
      #   RubyLLM.models.unlisted.map(&:id)
      def unlisted
        gone = @indexes & @catalog.select(nil, nil, nil, true)
        self.class.new(@catalog, gone, gone)
      end

      # @return [String] a short table: the first few, and how many there are
      def inspect
        rows = first(5).map { |model| [model.provider, model.id, model.type.to_s, model.context_window.to_s] }
        widths = rows.transpose.map { |column| column.map(&:length).max }
        lines = rows.map { |row| "  #{row.zip(widths).map { |cell, width| cell.ljust(width) }.join("  ").rstrip}" }
        lines << "  … and #{size - 5} more" if size > 5
        ["#<#{self.class.name} #{size == 1 ? "1 model" : "#{size} models"}", *lines].join("\n").concat(">")
      end
      alias_method :to_s, :inspect

      private

      def narrow(indexes)
        self.class.new(@catalog, @indexes & indexes, @shown & indexes)
      end

      def of_output(type, modality)
        narrow(@indexes.select do |index|
          model = @catalog.model(index)
          model.type == type || model.output_modalities.include?(modality)
        end)
      end

      def look_up(id, provider)
        id = id.to_s
        candidates = provider ? [@catalog.find(provider.to_s, id)].compact : @catalog.find_id(id)
        candidates.select { |index| @indexes.bsearch { |other| index <=> other } }.map { |index| @catalog.model(index) }
                  .min_by { |model| [model.unlisted? ? 1 : 0, PREFERENCE.index(model.provider) || PREFERENCE.size, model.provider] }
      end

      def not_found(id, provider)
        of_provider = " for provider: #{provider.inspect}" if provider
        "Unknown model: #{id.inspect}#{of_provider}. If the model exists at the provider, refresh the registry with " \
          "`RubyLLM.models.refresh!`, or load a saved registry with `RubyLLM.models.load_from_json(path)`."
      end
    end
  end
end
