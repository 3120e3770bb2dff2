# frozen_string_literal: true

require "forwardable"

module RubyLLM
  module Native
    module BesideRubyLLM
      # `RubyLLM.models.refresh` and `refresh!`: {Native.registry} asks the sources, and ruby_llm's registry takes over
      # the result and stores it where ruby_llm would: in 2.x in the configured store or the registry file, in 1.16
      # nowhere.
      #
      # What raises and what is only logged is as in the loaded version. In 1.16 no failed request raises; in 2.x a
      # failure to get the published registry raises, and so does a store that cannot be written. In both, `strict:
      # true` raises {RefreshError} when any source failed.
      module Refresh
        module_function

        # @return [void]
        def install
          BesideRubyLLM.reopen(RubyLLM::Models, OfRegistry)
          BesideRubyLLM.reopen(RubyLLM::Models, LoadedVersion.v2? ? OfRegistryTwo : OfRegistryOne)
          BesideRubyLLM.reopen(RubyLLM::Models.singleton_class, LoadedVersion.v2? ? OfClassTwo : OfClassOne)
        end

        # Ask all sources.
        #
        # @param models [RubyLLM::Models] the current ones
        # @param options [Hash] see {Registry#refresh!}
        # @return [EntryList] the new ones
        # @raise [RubyLLM::ModelRegistryError] 2.x: the published registry could not be fetched; nothing has changed
        # @raise [RefreshError] with `strict: true`
        def ask(models, only: nil, remote_only: false, strict: false, timeout: nil, &progress)
          foreign = OtherProviders.new(only: only, remote_only: remote_only)
          before = models.native_entries
          ask_registry(foreign.others_of(only), remote_only: remote_only, strict: strict, timeout: timeout, &progress)
          foreign.ask
          ListMerge.new(before, foreign).list
        end

        def ask_registry(only, strict:, **options, &progress)
          return if only == []

          Native.registry.refresh!(only: only, strict: strict, **options) do |news|
            require_published(news)
            progress&.call(news)
          end
        rescue RefreshError
          raise if strict
        end
        private_class_method :ask_registry

        # Raised in the refresh's block, so that nothing changes.
        def require_published(news)
          return unless LoadedVersion.v2? && news.source == :published && %i[failed empty].include?(news.status)

          reason = news.error || news.status
          url = Options.settings.published_models_url
          raise RubyLLM::ModelRegistryError, "Could not refresh the model registry from #{url}: #{reason}"
        end
        private_class_method :require_published

        module OfRegistry
          # What this gem's registry offers beyond ruby_llm's: `last_refresh`, `source`, `explain`, `suggestions`,
          # `view`, `catch_up`, `save`.
          extend Forwardable

          def_delegators :native_registry, :last_refresh, :source, :explain, :suggestions, :preferences, :catch_up,
            :save
          def_delegators :view, :options_for_select

          # Selections return ruby_llm's own kind of registry, with the same entries.
          %i[where supporting configured cheapest latest newest_first without_snapshots].each do |name|
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
          # Take over what {Native.registry} has got other than by a refresh through this object: from another process,
          # or from a refresh of its own.
          #
          # @return [self]
          def follow_native
            Loading.take_over(self)
            Native.registry.catch_up if Native.registry.stale?
            catalog = Native.registry.catalog
            return self if @native_catalog&.of?(catalog)

            first = @native_catalog.nil? || @native_catalog.of_none?
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

          # @api private
          # If another thread has replaced the catalog meanwhile, the list is built again at the next use.
          #
          # @return [self]
          def replace_native(list)
            @native_catalog = CatalogMark.new((list.catalog if list.is_a?(EntryList)) || native_registry.catalog)
            @models = list
            @model_index = nil if instance_variable_defined?(:@model_index)
            self
          end
        end

        module OfRegistryOne
          def refresh!(**options, &progress)
            self.class.refresh!(**options, &progress)
          end

          def refresh(**options, &progress)
            refresh!(**options, &progress)
          end
        end

        module OfClassOne
          def refresh!(remote_only: false, **options, &progress)
            return refresh_by_ruby_llm(remote_only) unless Options.settings.native_refresh

            RubyLLM.instrument("models.refresh.ruby_llm", remote_only: remote_only) do |payload|
              list = Refresh.ask(instance, remote_only: remote_only, **options, &progress)
              payload[:model_count] = list.size
              @instance = new(list).replace_native(list)
            end
          end

          def refresh(**options, &progress)
            refresh!(**options, &progress)
          end

          private

          def refresh_by_ruby_llm(remote_only)
            refresh_of_ruby_llm!(remote_only: remote_only)
            instance.replace_native(EntryList.wrap(instance.native_entries))
          end
        end

        module OfRegistryTwo
          def refresh(remote_only: false, **options, &progress)
            return refresh_by_ruby_llm(remote_only) unless Options.settings.native_refresh

            RubyLLM.instrument("models.refresh.ruby_llm", remote_only: remote_only) do |payload|
              list = Refresh.ask(self, remote_only: remote_only, **options, &progress)
              @native_catalog = CatalogMark.new(list.catalog) # set first: the models stay even if they cannot be stored
              replace_native(keep_native(list))
              payload.merge!(model_count: all.size, not_modified: last_refresh[:published]&.status == :unchanged)
            end
            self
          end

          def refresh!(**options, &progress)
            refresh(**options, &progress)
          end

          private

          def refresh_by_ruby_llm(remote_only)
            refresh_of_ruby_llm(remote_only: remote_only)
            replace_native(EntryList.wrap(@models))
          end

          # Writes copies, so that the entries in use need not be completed for it.
          #
          # @return [EntryList] including unlisted models that the store has kept
          def keep_native(list)
            store = RubyLLM.config.model_registry_store
            listed = list.reject(&:unlisted?)
            from_gems = LoadedVersion.gem_registry_files
            kept = store ? listed : listed.reject { |model| from_gems.key?(model.provider.to_sym) }
            persist_registry!(kept.map(&:dup), published: published_as_it_is)
            stored = RecordsHook.table?(store) ? listed + store.unlisted.map(&:to_llm) : stored_models
            stored ? EntryList.new(stored, list.catalog) : list
          end

          # The published registry in ruby_llm's own file is not replaced, so its ETag must stay with it.
          def published_as_it_is
            RubyLLM::Models::Registry::PublishedSource::Result.new(nil, file_store&.etag, true)
          end
        end

        module OfClassTwo
          def refresh(**options, &progress)
            instance.refresh(**options, &progress)
          end

          def refresh!(**options, &progress)
            instance.refresh(**options, &progress)
          end
        end
      end
    end
  end
end
