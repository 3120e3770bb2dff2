# frozen_string_literal: true

require_relative "by_life"
require_relative "by_price"

module RubyLLM
  module Native
    # Some models of one catalog: frozen, cheap, chainable. The model objects are created on use.
    #
    # Iterating covers listed and documented models; {#find} and {#unlisted} also cover those that their provider no
    # longer lists.
    #
    # @example
    #   RubyLLM.models.by_provider(:openai).chat_models.map(&:id)
    class View
      include ByLife
      include ByPrice
      include Enumerable
      include Value

      # The keys for pattern matching by name; `in [first, *]` matches the models.
      FACTS = %i[size catalog preferences].freeze

      EVERYTHING = {}.freeze
      CHAT = {type: %i[chat].freeze}.freeze
      EMBEDDING = {type: %i[embedding].freeze, or_output: %i[embeddings].freeze}.freeze
      AUDIO = {type: %i[audio].freeze, or_output: %i[audio].freeze}.freeze
      IMAGE = {type: %i[image].freeze, or_output: %i[image].freeze}.freeze
      LISTED = {standing: %i[listed].freeze}.freeze
      UNLISTED = {standing: %i[unlisted].freeze}.freeze
      CURRENT = {without_superseded: true}.freeze
      INDEX_SIZE = 4 # bytes of one index in a packed String
      ROWS = 20
      private_constant :EVERYTHING, :CHAT, :EMBEDDING, :AUDIO, :IMAGE, :LISTED, :UNLISTED, :CURRENT, :INDEX_SIZE, :ROWS

      # @return [Catalog] the whole catalog, even if only a part of it is in view
      # @example
      #   RubyLLM.models.view.catalog.size
      attr_reader :catalog

      # @return [Preferences] which decide which provider's model a name means
      attr_reader :preferences

      # All models of the catalog.
      #
      # @param catalog [Catalog]
      # @param preferences [Preferences]
      # @param members [String, nil] packed indexes of only these models, in this order: for views made from views
      # @param shown [Integer, nil] how many of them, from the first, iterating covers
      # @example
      #   RubyLLM::Native::View.new(catalog, RubyLLM::Native::Preferences.of(RubyLLM.config))
      def initialize(catalog, preferences = Preferences::DEFAULT, members = nil, shown = nil)
        @catalog = catalog
        @preferences = preferences
        @only = members # nil: everything, which C finds faster with its indexes
        @members, @shown = members ? [members, shown] : catalog.select(nil, 0, EVERYTHING)
        freeze
      end

      # @yieldparam model [Model]
      # @return [self, Enumerator]
      # @example
      #   RubyLLM.models.each { |model| puts model.id }
      def each(&block)
        return enum_for(:each) { size } unless block

        @catalog.each_model(@members, @shown, &block)
        self
      end

      # @return [Array<Model>] a new Array of listed and documented models, ordered by provider and id
      # @example
      #   RubyLLM.models.chat_models.all.sort_by(&:name)
      def all
        @catalog.models(@members, @shown)
      end
      alias_method :to_a, :all
      alias_method :entries, :all
      alias_method :deconstruct, :all

      # @return [Boolean] whether it is a view of equal models in the same order, including unlisted ones
      # @example
      #   RubyLLM.models.view == before
      def ==(other)
        equal?(other) || (other.is_a?(View) && content == other.content)
      end
      alias_method :eql?, :==

      # @return [Integer]
      def hash
        content.hash
      end

      # @return [Integer] how many models iterating covers
      # @example
      #   RubyLLM.models.chat_models.size  # => 1204
      def size
        @shown
      end
      alias_method :length, :size

      # Like Enumerable's; without an argument or a block it creates no models.
      #
      # @return [Integer]
      # @example
      #   RubyLLM.models.count(&:listed?)
      def count(*arguments, &block)
        (arguments.empty? && block.nil?) ? size : super
      end

      # @return [Boolean]
      def empty?
        @shown.zero?
      end

      # ---- One model ----

      # The model of that name: an id, one of the app's own aliases, or an alias that the catalog knows.
      # docs/explanation/lookup.md has the rules. With a block: Enumerable#find.
      #
      # @param id [String, Symbol]
      # @param provider_name [String, Symbol, nil] the same as `provider:`, which may also be given
      # @return [Model]
      # @raise [RubyLLM::ModelNotFoundError] when there is none; suggests the nearest ids
      # @example
      #   RubyLLM.models.find("gpt-4.1", provider: :openai).context_window  # => 1047576
      def find(id = nil, provider_name = nil, provider: nil, &block)
        return super(*[id].compact, &block) if block

        provider ||= provider_name
        look_up(id, provider) || raise(ModelNotFoundError.new(self, id, provider))
      end

      # @param id [String, Symbol]
      # @return [Model, nil] what {#find} returns, or nil
      # @example
      #   RubyLLM.models["gpt-4.1"]&.name  # => "GPT-4.1"
      def [](id, provider: nil)
        look_up(id, provider)
      end

      # Why {#find} returns what it returns.
      #
      # @param id [String, Symbol]
      # @param provider [String, Symbol, nil]
      # @return [Explanation] prints itself
      # @example
      #   puts RubyLLM.models.explain("claude-opus-4-5")
      def explain(id, provider: nil)
        query = preferences.target(id, provider)
        found = candidates_of(*query)
        found = candidates_of(query.first, KnownEndpoints.slug(query.last)) if found.empty? && query.last
        suggestions = found.empty? ? suggestions(query.first, provider: query.last) : []
        Explanation.new([id.to_s, provider&.to_s], query, found, preferences, suggestions)
      end

      # @param id [String, Symbol]
      # @param provider [String, Symbol, nil]
      # @return [Array<String>] the nearest ids and aliases, at most three. Takes some milliseconds: use it for messages
      # @example
      #   RubyLLM.models.suggestions("gpt4.1")  # => ["gpt-4.1"]
      def suggestions(id, provider: nil)
        among = provider ? by_provider(provider) : self
        ranks = preferences.order.each_with_index.to_h
        ids = among.sort_by { |model| ranks.fetch(model.provider, ranks.size) }.map(&:id)
        Suggestions.nearest(id, ids.uniq, (provider || @only) ? [] : preferences.aliases.keys | @catalog.aliases)
      end

      # @return [Model, nil] the model with the lowest sum of standard input and output prices for text; models without
      #   both prices are ignored
      # @example
      #   RubyLLM.models.configured.chat_models.supporting(:vision).cheapest&.id
      def cheapest
        index = @catalog.cheapest(@members, @shown, preferences.order)
        @catalog.model(index) if index
      end

      # @return [Model, nil] the most recently created model; nil when no source states a date
      # @example
      #   RubyLLM.models.by_provider(:anthropic).latest&.id
      def latest
        model = newest_first.first
        model if model&.created_at
      end

      # ---- Fewer models ----

      # The models that meet all criteria. An unknown fact meets none.
      #
      # @param criteria [Hash{Symbol => Object}] nil values are ignored
      # @option criteria [String, Symbol, Array] :provider one of these
      # @option criteria [Symbol, String, Array] :type one of these: :chat, :embedding, …
      # @option criteria [String, Symbol, Array] :family one of these
      # @option criteria [Symbol, String, Array] :input accepts all of these modalities: :text, :image, …
      # @option criteria [Symbol, String, Array] :output produces all of these modalities
      # @option criteria [Integer] :min_context tokens
      # @option criteria [Numeric] :max_input_price US dollars per million tokens of text, standard tier
      # @option criteria [Array<Symbol>] :capabilities all of these, as in {#supporting}
      # @option criteria [Symbol, Array<Symbol>] :accepts all of these parameters, as in {Model#accepts?}
      # @option criteria [Symbol, Array<Symbol>] :reasoning_effort all of these efforts: :low, :high, …
      # @option criteria [Boolean] :reasoning_toggle whether reasoning can be switched on and off
      # @option criteria [Boolean] :reasoning_mandatory whether it cannot be switched off
      # @option criteria [Integer] :min_dimensions of an embedding
      # @option criteria [Hash{Symbol => Integer}] :request_limits a request may hold as many or more, as in
      #   {Model#request_limits}: `{images: 10}`
      # @option criteria [Boolean] :open_weights whether its weights can be had
      # @option criteria [String, Array] :license one of these
      # @option criteria [Boolean] :zero_data_retention whether it can be had without anything being kept
      # @option criteria [Boolean] :training whether what it is sent trains models
      # @option criteria [String, Symbol, Array] :data_region keeps data in one of these regions
      # @return [View]
      # @raise [ArgumentError] for an unknown criterion, type, modality or capability; the message lists the known ones
      # @example
      #   RubyLLM.models.where(type: :chat, input: :image, min_context: 200_000, max_input_price: 1)
      def where(**criteria)
        narrow(Criteria.read(criteria))
      end

      # Models that read images or video also support :vision or :video.
      #
      # @param capabilities [Array<Symbol, String>] all of these
      # @return [View]
      # @raise [ArgumentError] for an unknown capability
      # @example
      #   RubyLLM.models.supporting(:vision, :function_calling)
      def supporting(*capabilities)
        where(capabilities: capabilities.flatten)
      end

      # @return [View] models of the providers that are configured
      # @example
      #   RubyLLM.models.configured.chat_models
      def configured
        narrow({provider: preferences.configured})
      end

      # @return [View] models to chat with: text in and text out, whatever else they produce
      # @example
      #   RubyLLM.models.chat_models.first
      def chat_models
        narrow(CHAT)
      end

      # @return [View]
      # @example
      #   RubyLLM.models.embedding_models.map(&:id)
      def embedding_models
        narrow(EMBEDDING)
      end

      # @return [View] models whose output includes audio
      # @example
      #   RubyLLM.models.audio_models.map(&:id)
      def audio_models
        narrow(AUDIO)
      end

      # @return [View] models whose output includes images
      # @example
      #   RubyLLM.models.image_models.map(&:id)
      def image_models
        narrow(IMAGE)
      end

      # @param provider [Symbol, String]
      # @return [View]
      # @example
      #   RubyLLM.models.by_provider(:anthropic)
      def by_provider(provider)
        narrow({provider: KnownEndpoints.spellings(provider)})
      end

      # @param family [Symbol, String]
      # @return [View]
      # @example
      #   RubyLLM.models.by_family("claude-opus")
      def by_family(family)
        narrow({family: [family.to_s]})
      end

      # @return [View] models in their provider's last complete answer
      # @example
      #   RubyLLM.models.listed.size
      def listed
        narrow(LISTED)
      end

      # @return [View] models that their provider listed once and no longer does
      # @example
      #   RubyLLM.models.unlisted.map(&:id)
      def unlisted
        gone, = @catalog.select(@only, @shown, UNLISTED)
        self.class.new(@catalog, preferences, gone, gone.bytesize / INDEX_SIZE)
      end

      # @return [View] without dated ids whose undated id, or a newer date, is also in this view
      # @example
      #   RubyLLM.models.chat_models.without_snapshots.map(&:id)
      def without_snapshots
        narrow(CURRENT)
      end

      # ---- The same models in another form ----

      # @return [View] ordered by date of creation, newest first, unknown dates last
      # @example
      #   RubyLLM.models.newest_first.first(5)
      def newest_first
        self.class.new(@catalog, preferences, @catalog.newest_first(@members, @shown), @shown)
      end

      # @return [Hash{String => View}] by provider, in this view's order; only providers with a model that is shown
      # @example
      #   RubyLLM.models.group_by_provider.transform_values(&:size)  # => {"anthropic" => 21, …}
      def group_by_provider
        @catalog.providers(@members, @shown).uniq.to_h { |provider| [provider, by_provider(provider)] }
      end

      # For Rails' `options_for_select`; grouped for `grouped_options_for_select`.
      #
      # @param grouped [Boolean]
      # @param prices [Boolean] add the standard prices of input and output per million tokens to the labels
      # @return [Array<Array(String, String)>, Array<Array(String, Array)>] label and id of each model; when grouped,
      #   each provider's name with the name and id of each of its models
      # @example
      #   form.select :model_id, RubyLLM.models.configured.chat_models.options_for_select
      #   RubyLLM.models.options_for_select(prices: true).first  # => ["OpenAI - GPT-4.1 ($2.0 / $8.0)", "gpt-4.1"]
      def options_for_select(grouped: false, prices: false)
        return map { |model| [option(model.label, model, prices), model.id] } unless grouped

        group_by_provider.map do |_, models|
          [models.first.provider_name, models.map { |model| [option(model.name, model, prices), model.id] }]
        end
      end

      # @return [String] a short table: provider, id, type, context and prices of the first twenty, and how many more
      #   there are
      def inspect
        more = "  … and #{size - ROWS} more" if size > ROWS
        ["#<#{self.class.name} #{Phrases.count(size, "model")}", *table, *more].join("\n").concat(">")
      end
      alias_method :to_s, :inspect

      # @return [void]
      def pretty_print(printer)
        TableColumns.pretty_print(printer, inspect)
      end

      # For Marshal: a catalog with only these models, their order, and the preferences.
      #
      # @api private
      def _dump(level)
        catalog, members = @only ? @catalog.excerpt(@only) : @catalog
        Marshal.dump([catalog, preferences, members, @shown], level)
      end

      # @api private
      def self._load(bytes)
        catalog, preferences, members, shown = Marshal.load(bytes)
        new(catalog, preferences, members, members && shown)
      end

      # Leaves out, for a table of models, what is right there.
      #
      # @api private
      # @return [Array(View, Array<Array>)] the models without a right row, and the other rows; the arguments and the
      #   block are those of {Catalog#unmatched}
      def unmatched(rows, places, layout, &right)
        shown = @members.byteslice(0, @shown * INDEX_SIZE)
        members, rows = @catalog.unmatched(shown, rows, places, layout, &right)
        [self.class.new(@catalog, preferences, members, members.bytesize / INDEX_SIZE), rows]
      end

      # For YAML: a sequence of {Model#as_json}.
      #
      # @api private
      def encode_with(coder)
        coder.represent_seq(nil, JSON.parse(to_json))
      end

      protected

      # The models shown, in their order, followed by the unlisted ones.
      def content
        [size, @catalog.models(@members, @members.bytesize / INDEX_SIZE)]
      end

      private

      def json_facts
        all
      end

      def shown_indexes
        @members.unpack("L#{@shown}")
      end

      # Of input and output, as text; nil where unknown.
      def shown_prices(model)
        %i[input output].map do |meter|
          amount = model.shown_price(meter, :standard)
          amount && Phrases.amount(BigDecimal(amount))
        end
      end

      def option(label, model, prices)
        amounts = prices ? shown_prices(model) : []
        if amounts.any?
          "#{label} (#{amounts.map { |amount| amount ? "$#{amount}" : "?" }.join(" / ")})"
        else
          label
        end
      end

      def narrow(criteria)
        members, shown = @catalog.select(@only, @shown, criteria)
        self.class.new(@catalog, preferences, members, shown)
      end

      def look_up(id, provider)
        id, provider = preferences.target(id, provider)
        index = place_of(id, provider)
        index ||= place_of(id, KnownEndpoints.slug(provider)) if provider
        @catalog.model(index) if index
      end

      def candidates_of(id, provider)
        @catalog.candidates(id, provider, preferences.order, preferences.region, @only)
          .map { |index, how| [@catalog.model(index), how] }
      end

      def place_of(id, provider)
        @catalog.resolve(id, provider, preferences.order, preferences.region, @only)
      end

      # Context in tokens, prices in US dollars per million tokens.
      HEADS = ["provider", "id", "type", "context", "$ input", "$ output"].freeze
      private_constant :HEADS

      def table
        rows = first(ROWS).map do |model|
          prices = shown_prices(model).map { |amount| amount || "" }
          context = model.context_window ? Phrases.thousands(model.context_window) : ""
          [model.provider.to_s, model.id, model.type.to_s, context, *prices]
        end
        rows.empty? ? [] : TableColumns.lines([HEADS, *rows], right: 3.., indent: 2)
      end
    end
  end
end
