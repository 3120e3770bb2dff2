# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # What `RubyLLM.models` holds: a real Array of entries, which programs may change in place, and which finds an id without looking at all.
      #
      # @example
      #   RubyLLM.models.instance_variable_get(:@models) << RubyLLM::Model.new(id: "mine", provider: "ollama", name: "Mine")
      #   RubyLLM.models.find("mine")
      class List < Array
        # Every method of Array that changes it.
        CHANGES = (%i[<< []= append clear compact! concat collect! delete delete_at delete_if fill filter! flatten! insert keep_if map! pop prepend
          push reject! replace reverse! rotate! select! shift shuffle! slice! sort! sort_by! uniq! unshift] & Array.instance_methods).freeze
        private_constant :CHANGES

        # The entries of a catalog: each is made now, and what it says when it is asked.
        #
        # @param view [View]
        # @return [List] unlisted models included where this version of ruby_llm knows of such
        def self.of_view(view)
          models = Edition.two? ? [*view, *view.unlisted].sort_by { |model| [model.provider, model.id] } : view.to_a
          new(models.filter_map { |model| Entry.of(model) if offered?(model) }, view.catalog)
        end

        # @param entries [Array]
        # @return [List]
        def self.wrap(entries)
          entries.is_a?(List) ? entries : new(entries)
        end

        # 1.16 leaves out the models of Vertex AI that are others' and cannot be called by their ids.
        def self.offered?(model)
          Edition.provider?(model.provider) && (Edition.two? || model.provider != "vertexai" || !model.id.include?("/"))
        end
        private_class_method :offered?

        # @return [Catalog, nil] of our registry, that it was made of
        attr_reader :catalog

        # @param entries [Array]
        # @param catalog [Catalog, nil]
        def initialize(entries, catalog = nil)
          super(entries)
          @catalog = catalog
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
