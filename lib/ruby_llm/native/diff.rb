# frozen_string_literal: true

module RubyLLM
  module Native
    # The differences between two registries: models that were added or removed, and for the others the old and new
    # value of each fact that changed.
    #
    # An unlisted model counts as removed. Only the facts are compared, not where they come from. Frozen.
    #
    # @example
    #   puts RubyLLM::Native.diff("config/registry.json", RubyLLM.models)
    #   # 1 added, 1 changed
    #   #
    #   # + openai gpt-5
    #   # ~ openai gpt-4.1  input price 2.0 -> 1.5
    class Diff
      include Value::ByContent

      # The keys for pattern matching.
      FACTS = %i[added removed changed].freeze

      # The facts that are compared, in the order of the output.
      FIELDS = %i[
        name family type standing endpoints status created_at deprecated_at retires_at retires_no_sooner? replacements
        knowledge_cutoff knowledge_cutoff_precision context_window
        max_input_tokens max_output_tokens input_modalities output_modalities
        capabilities denied_capabilities reasoning parameters bounds data_policy license open_weights
        prices kin metadata
      ].freeze

      # The fields that a registry file of the ruby_llm gem can state.
      FILE_FIELDS = (FIELDS - %i[
        standing endpoints status deprecated_at retires_at retires_no_sooner? replacements denied_capabilities
        reasoning parameters bounds data_policy license open_weights kin
      ]).freeze

      # @return [Array<Model>] only in the new registry, ordered by provider and id
      attr_reader :added

      # @return [Array<Model>] only in the old registry
      attr_reader :removed

      # @return [Array<Change>]
      attr_reader :changed

      # @param before [Catalog]
      # @param after [Catalog]
      # @param fields [Array<Symbol>] the {FIELDS} to compare
      def initialize(before, after, fields: FIELDS)
        old, new = [before, after].map { |catalog| View.new(catalog).to_a }
        # Models are equal by fingerprint: what remains was added, removed or changed.
        old, new = [old - new, new - old].map { |models| models.to_h { |model| [[model.provider, model.id], model] } }
        @added = new.except(*old.keys).values.freeze
        @removed = old.except(*new.keys).values.freeze
        @changed = old.filter_map { |key, model| change(model, new[key], fields) if new.key?(key) }.freeze
        freeze
      end

      # @return [Boolean] whether nothing differs
      # @example
      #   RubyLLM::Native.diff("a.json", "b.json").empty?  # => true
      def empty?
        added.empty? && removed.empty? && changed.empty?
      end

      # For JSON: only strings, numbers, Arrays and Hashes. Amounts of money are strings, so that no digit is lost.
      #
      # @return [Hash{Symbol => Array<Hash>}]
      # @example
      #   diff.to_h[:changed]  # => [{provider: "openai", id: "gpt-4.1", fields: {context_window: [128000, 1047576]}}]
      def to_h
        {
          added: added.map { |model| key(model) }, removed: removed.map { |model| key(model) },
          changed: changed.map { |change| key(change.after).merge(fields: Value.plain(change.fields)) }
        }
      end

      # For people: one line per model or fact. For metadata it says only that they differ.
      #
      # @return [String]
      def to_s
        return "No differences" if empty?

        counts = {"added" => added, "removed" => removed, "changed" => changed}.reject { |_, models| models.empty? }
        lines = added.map { |model| "+ #{title(model)}" } + removed.map { |model| "- #{title(model)}" }
        head = counts.map { |word, models| "#{models.size} #{word}" }.join(", ")
        [head, "", *lines, *changed.flat_map { |change| lines_of(change) }].join("\n")
      end

      # @return [String]
      def inspect
        "#<#{self.class.name} #{added.size} added, #{removed.size} removed, #{changed.size} changed>"
      end

      private

      def change(before, after, fields)
        pairs = fields.to_h { |name| [name, [before.public_send(name), after.public_send(name)].freeze] }
        pairs.reject! { |_, (old, new)| old == new }
        pairs.delete(:prices) if fields.equal?(FILE_FIELDS) && before.pricing.to_h == after.pricing.to_h
        Change.new(before: before, after: after, fields: pairs.freeze).freeze if pairs.any?
      end

      def key(model)
        {provider: model.provider, id: model.id}
      end

      def title(model)
        "#{model.provider} #{model.id}"
      end

      # The facts below one another, with the model before the first.
      def lines_of(change)
        head = "~ #{title(change.after)}  "
        texts = change.fields.flat_map { |name, pair| describe(name, *pair) }
        texts.each_with_index.map { |text, line| (line.zero? ? head : " " * head.length) + text }
      end

      def describe(name, old, new)
        words = name.to_s.tr("_", " ").delete("?")
        case name
        when :prices then prices(old, new)
        when :metadata then words
        when :reasoning, :bounds, :data_policy then parts(words, old || {}, new || {})
        # The numbers of parameters are among the bounds.
        when :parameters then (old.keys == new.keys) ? [] : "parameters #{members(old.keys, new.keys)}"
        when :replacements then "replacements #{members(named(old), named(new))}"
        else old.is_a?(Array) ? "#{words} #{members(old, new)}" : "#{words} #{shown(old)} -> #{shown(new)}"
        end
      end

      def members(old, new)
        [*(new - old).map { |word| "+#{word}" }, *(old - new).map { |word| "-#{word}" }].join(" ")
      end

      def named(replacements)
        replacements.map { |each| "#{each.kind} #{each.id}" }
      end

      # One line for each member of a Hash that differs.
      def parts(words, old, new)
        (old.keys | new.keys).reject { |key| old[key] == new[key] }.map do |key|
          "#{words} #{key.name.tr("_", " ")} #{part(old, key)} -> #{part(new, key)}"
        end
      end

      # [:low, :high], {max: 2.0} and {} in words.
      def part(all, key)
        case (value = all[key])
        when nil then "unknown"
        when Array then value.empty? ? "none" : value.join(", ")
        when Hash then value.empty? ? "stated" : value.map { |name, number| "#{name} #{shown(number)}" }.join(", ")
        else shown(value)
        end
      end

      def prices(old, new)
        old, new = [old, new].map { |list| list.to_h { |price| [price_name(price), Phrases.amount(price.amount)] } }
        names = (old.keys | new.keys).reject { |name| old[name] == new[name] }
        names.map { |name| "#{name} #{shown(old[name])} -> #{shown(new[name])}" }
      end

      # "input price", "audio output price (batch, above 200,000 tokens)", "image price per image".
      def price_name(price)
        unit = " per #{price.unit.name.tr("_", " ")}" unless price.unit == :million_tokens
        conditions = price.conditions_in_words
        "#{price.meter.name.tr("_", " ")} price#{unit}#{" (#{conditions.join(", ")})" if conditions.any?}"
      end

      def shown(value)
        case value
        when nil then "unknown"
        when Time, Date then value.iso8601
        else value.to_s
        end
      end
    end

    # The differences between two registries.
    #
    # @param old [Registry, View, Catalog, String, Pathname] a {View} stands for its whole catalog; a path may be that
    #   of an exported JSON, of a registry file of the ruby_llm gem (facts that its format lacks are not compared), or
    #   of a stored registry
    # @param new [Registry, View, Catalog, String, Pathname]
    # @return [Diff]
    # @raise [Native::Error] when a file cannot be read
    # @raise [ArgumentError] for any other object
    # @example
    #   RubyLLM::Native.diff("config/registry.json", RubyLLM.models).changed.map { |change| change.after.id }
    def self.diff(old, new)
      old, new = [old, new].map { |source| DiffSide.new(source) }
      Diff.new(old.catalog, new.catalog, fields: old.fields & new.fields)
    end
  end
end
