# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What `RubyLLM.models` holds: a real Array of entries that programs may change in place, with an index by id.
      #
      # @example
      #   mine = RubyLLM::Model.new(id: "mine", provider: "ollama", name: "Mine")
      #   RubyLLM.models.instance_variable_get(:@models) << mine
      #   RubyLLM.models.find("mine")
      class EntryList < Array
        # Every method of Array that changes it.
        CHANGES = (%i[
          << []= append clear compact! concat collect! delete delete_at delete_if fill filter! flatten! insert
          keep_if map! pop prepend push reject! replace reverse! rotate! select! shift shuffle! slice! sort! sort_by!
          uniq! unshift
        ] & Array.instance_methods).freeze

        # Providers whose ids with a namespace are partners' models.
        WITH_PARTNERS = SOURCES.select { |source| source[:partners] }.map { |source| source[:slug] }.freeze
        private_constant :CHANGES, :WITH_PARTNERS

        # The entries of a catalog. Each exists now, and reads its facts when it is asked for them.
        #
        # @param view [View]
        # @return [EntryList] what this version of ruby_llm offers, with unlisted models if it supports them
        def self.of_view(view)
          known = Hash.new { |all, provider| all[provider] = LoadedVersion.provider?(provider) }
          offered = models_of(view).select { |model| known[model.provider] && callable?(model) }
          new(offered.map { |model| Entry.of(model) }, view.catalog)
        end

        # The entries of a registry file, including those of providers that this version cannot call, since ruby_llm
        # shows them. Entries that it does not show are kept in {#hidden}, so that saving the list does not lose them.
        #
        # @param view [View]
        # @return [EntryList]
        def self.of_file(view)
          shown, hidden = models_of(view).partition { |model| callable?(model) }
          new(shown.map { |model| Entry.of(model) }, view.catalog, hidden.map { |model| Entry.of(model) })
        end

        def self.models_of(view)
          LoadedVersion.v2? ? [*view, *view.unlisted].sort_by { |model| [model.provider, model.id] } : view.to_a
        end
        private_class_method :models_of

        # @param entries [Array]
        # @return [EntryList]
        def self.wrap(entries)
          entries.is_a?(EntryList) ? entries : new(entries)
        end

        # 1.16 leaves out partners' models, which it cannot call.
        def self.callable?(model)
          LoadedVersion.v2? || !model.id.include?("/") || !WITH_PARTNERS.include?(model.provider)
        end
        private_class_method :callable?

        # @return [Catalog, nil] the catalog of this gem's registry from which the list was made
        attr_reader :catalog

        # @return [Array] entries of the registry file that this version of ruby_llm does not show
        attr_reader :hidden

        # @param entries [Array]
        # @param catalog [Catalog, nil]
        # @param hidden [Array]
        def initialize(entries, catalog = nil, hidden = [])
          super(entries)
          @catalog = catalog
          @hidden = hidden
          @given = entries.dup.freeze
        end

        # @return [LookupCache, nil] answers of a `find` in the list; its contents are another object after each change
        attr_reader :cache

        # What is answered after it exists can be kept in it: each change that has not ended by then tells it.
        #
        # @return [LookupCache, nil] nil for a frozen list
        def cache!
          frozen? ? nil : @cache ||= LookupCache.new
        end

        # @return [Array] the entries of that id, in the order of the list
        def of_id(id)
          by_id.fetch(id) { [] }
        end

        # @return [Hash{String => Array}]
        def by_id
          changes, index = @by_id
          return index if index && changes.equal?(@changes)

          changes = @changes # a change during the next line makes this index stale
          group_by(&:id).tap { |fresh| @by_id = [changes, fresh].freeze }
        end

        # @return [Array] entries that were added since
        def added
          self - @given
        end

        # Marshal gets only the entries: the catalog and the index cannot be dumped, and are useless elsewhere.
        #
        # @return [Array]
        def marshal_dump
          to_a
        end

        # @param entries [Array]
        # @return [void]
        def marshal_load(entries)
          initialize(entries)
        end

        # YAML gets an Array that any program can read.
        #
        # @param coder [Psych::Coder]
        # @return [void]
        def encode_with(coder)
          coder.represent_seq(nil, to_a)
        end

        CHANGES.each do |name|
          define_method(name) do |*arguments, &block|
            changed
            super(*arguments, &block)
          ensure
            changed # the block, or another thread, may have looked something up meanwhile
          end
        end

        # Other Ractors get the list without its answers.
        def freeze
          @cache = nil unless frozen?
          super
        end

        private

        def initialize_copy(other)
          super
          @cache = nil
        end

        def changed
          @changes = Object.new
          @cache&.contents = @changes
        end
      end
    end
  end
end
