# frozen_string_literal: true

require "forwardable"

module RubyLLM
  module Native
    module BesideRubyLLM
      module Refresh
        # In all versions: what this gem's registry offers beyond ruby_llm's, and how ruby_llm's follows it.
        module InstanceMethods
          extend Forwardable

          def_delegators :native_registry, :last_refresh, :source, :explain, :suggestions, :preferences, :catch_up,
            :save
          def_delegators :view, :options_for_select

          # Selections return ruby_llm's own kind of registry, with the same entries.
          %i[
            where supporting configured cheapest cheapest_for unpriced retiring deprecated latest newest_first
            without_snapshots
          ].each do |name|
            define_method(name) { |*arguments, **criteria| native_part(view.public_send(name, *arguments, **criteria)) }
          end

          # @return [View] these models as this gem's registry knows them
          def view
            whole = native_registry.view
            return whole if native_whole?

            gone, listed = @models.partition { |entry| LoadedVersion.v2? && entry.unlisted? }
            places = [listed, gone].map do |entries|
              entries.filter_map { |entry| whole.catalog.find(entry.provider.to_s, entry.id.to_s) }
            end
            View.new(whole.catalog, whole.preferences, places.flatten.pack("L*"), places.first.size)
          end

          # @api private
          # @return [Registry] of this gem, which knows more about these models
          def native_registry
            Native.registry
          end

          # @api private
          # @return [Array] all entries, including unlisted ones
          def native_entries
            @models
          end

          # @api private
          # @return [CatalogMark, nil]
          attr_reader :native_catalog

          # Take over what {Native.registry} has got other than by a refresh through this object: from another process,
          # or from a refresh of its own.
          #
          # @api private
          # @return [self]
          def follow_native
            Loading.take_over(self)
            Native.registry.catch_up if Native.registry.stale?
            contents = Native.registry.contents
            catalog = contents.catalog
            if @native_catalog&.made_from?(catalog)
              @native_catalog.contents = contents
              return self
            end

            first = @native_catalog.nil? || @native_catalog.unknown?
            @native_catalog = CatalogMark.new(catalog)
            replace_native(ListMerge.new(anew? ? [] : @models, nil).list) unless first || catalog.size.zero?
            self
          end

          # Whether the registry was given its models, for example from a file or in a test, without asking any source:
          # then it has only these.
          def anew?
            !%i[refresh store].include?(Native.registry.source.kind)
          end
          private :anew?

          # @return [RubyLLM::Models, Object] the entries of these models
          def native_part(part)
            return native_at(part.provider, part.id) if part.is_a?(Model)
            return part unless part.is_a?(View)

            self.class.new(EntryList.new(part.filter_map { |model| native_at(model.provider, model.id) }))
          end
          private :native_part

          # If another thread has replaced the catalog meanwhile, the list is built again at the next use.
          #
          # @api private
          # @return [self]
          def replace_native(list)
            @native_catalog = CatalogMark.new((list.catalog if list.is_a?(EntryList)) || native_registry.catalog)
            @models = list
            @model_index = nil if instance_variable_defined?(:@model_index)
            self
          end
        end
        private_constant :InstanceMethods
      end
    end
  end
end
