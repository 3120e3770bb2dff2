# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What `RubyLLM.models` holds: a real Array of entries, which programs may change in place, and which finds an
      # id without looking at all.
      #
      # @example
      #   RubyLLM.models.instance_variable_get(:@models) << RubyLLM::Model.new(id: "mine", provider: "ollama", name: "Mine")
      #   RubyLLM.models.find("mine")
      class EntryList < Array
        # Every method of Array that changes it.
        CHANGES = (%i[<< []= append clear compact! concat collect! delete delete_at delete_if fill filter! flatten! insert keep_if map! pop prepend
          push reject! replace reverse! rotate! select! shift shuffle! slice! sort! sort_by! uniq! unshift] & Array.instance_methods).freeze
        private_constant :CHANGES

        # The entries of a catalog: each is made now, and what it says when it is asked.
        #
        # @param view [View]
        # @return [EntryList] what this version of ruby_llm offers; unlisted models included where it knows of such
        def self.of_view(view)
          new(models_of(view).filter_map { |model| Entry.of(model) if offered?(model) }, view.catalog)
        end

        # The entries of a registry file: all of them, also those of providers that this version cannot talk to, as
        # ruby_llm shows them. What it does not show it would lose when the list is saved again: {#hidden} has it.
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

        def self.offered?(model)
          LoadedVersion.provider?(model.provider) && callable?(model)
        end

        # 1.16 leaves out the models of Vertex AI that are others' and cannot be called by their ids.
        def self.callable?(model)
          LoadedVersion.v2? || model.provider != "vertexai" || !model.id.include?("/")
        end
        private_class_method :offered?, :callable?

        # @return [Catalog, nil] of our registry, that it was made of
        attr_reader :catalog

        # @return [Array] entries of the file it was read from that this version of ruby_llm does not show
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

        # @return [Array] the entries of that id, in the order of the list
        def of_id(id)
          by_id.fetch(id) { [] }
        end

        # @return [Hash{String => Array}]
        def by_id
          changes, index = @by_id
          return index if index && changes == @changes

          changes = @changes # one that comes while we look makes this index an old one
          group_by(&:id).tap { |fresh| @by_id = [changes, fresh].freeze }
        end

        # @return [Array] what has been put in since
        def added
          self - @given
        end

        # To Marshal the entries alone: neither the catalog nor the index can be written, or is of use elsewhere.
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

        # To YAML an Array, as any program can read it.
        #
        # @param coder [Psych::Coder]
        # @return [void]
        def encode_with(coder)
          coder.represent_seq(nil, to_a)
        end

        CHANGES.each do |name|
          define_method(name) do |*arguments, &block|
            @changes = Object.new
            super(*arguments, &block)
          ensure
            @changes = Object.new # the block, or another thread, may have looked something up
          end
        end
      end
    end
  end
end
