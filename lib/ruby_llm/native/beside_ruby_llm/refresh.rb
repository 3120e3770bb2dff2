# frozen_string_literal: true

require "forwardable"

module RubyLLM
  module Native
    module BesideRubyLLM
      # `RubyLLM.models.refresh` and `refresh!`: {Native.registry} asks, ruby_llm's registry takes in what came of it,
      # and keeps it where ruby_llm would: in 2.x in the configured store or the registry file, in 1.16 nowhere.
      #
      # What raises and what is only logged is as in the loaded version: in 1.16 nothing raises on account of the
      # network, in 2.x the published catalogue that cannot be had, and a store that cannot be written. `strict: true`
      # raises {RefreshError} for any source in both.
      module Refresh
        module_function

        # @return [void]
        def install
          BesideRubyLLM.reopen(RubyLLM::Models, OfRegistry)
          BesideRubyLLM.reopen(RubyLLM::Models, LoadedVersion.v2? ? OfRegistryTwo : OfRegistryOne)
          BesideRubyLLM.reopen(RubyLLM::Models.singleton_class, LoadedVersion.v2? ? OfClassTwo : OfClassOne)
        end

        # Ask everyone.
        #
        # @param models [RubyLLM::Models] as they are
        # @param options [Hash] see {Registry#refresh!}
        # @return [EntryList] as they are to be
        # @raise [RubyLLM::ModelRegistryError] 2.x: the published catalogue cannot be had; nothing has changed then
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

        # Raised in the block, so that nothing changes.
        def require_published(news)
          return unless LoadedVersion.v2? && news.source == :published && %i[failed empty].include?(news.status)

          reason = news.error || news.status
          url = Options.settings.published_models_url
          raise RubyLLM::ModelRegistryError, "Could not refresh the model registry from #{url}: #{reason}"
        end
        private_class_method :require_published

        module OfRegistry
          # What our registry can tell beyond ruby_llm's: `last_refresh`, `source`, `explain`, `suggestions`, `view`,
          # `catch_up`, `save`.
          extend Forwardable

          def_delegators :native_registry, :last_refresh, :source, :explain, :suggestions, :preferences, :catch_up, :save
          def_delegators :view, :options_for_select

          # What narrows: ruby_llm's own kind of registry, of the same entries.
          %i[where supporting configured cheapest latest newest_first without_snapshots].each do |name|
            define_method(name) { |*arguments, **criteria| native_part(view.public_send(name, *arguments, **criteria)) }
          end

          # @return [View] what our registry knows of these models
          def view
            whole = native_registry.view
            return whole if native_whole?

            gone, listed = @models.partition { |entry| LoadedVersion.v2? && entry.unlisted? }
            places = [listed, gone].map { |some| some.filter_map { |entry| whole.catalog.find(entry.provider.to_s, entry.id.to_s) } }
            View.new(whole.catalog, whole.preferences, places.flatten.pack("L*"), places.first.size)
          end

          # @api private
          # @return [Registry] what tells more of these models
          def native_registry
            Native.registry
          end

          # @api private
          # @return [Array] all entries, unlisted ones included
          def native_entries
            @models
          end

          # @api private
          # Take in what {Native.registry} has got otherwise than by a refresh through here: from another process, or
          # by one of its own.
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

          # Whether the registry has been given its models, as by a file or in a test, and has not asked anybody: then
          # it has these alone.
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
          # A list that was made of what another thread has replaced meanwhile is made anew at the next look.
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
              @native_catalog = CatalogMark.new(list.catalog) # also when it cannot be kept: these models then stay
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

          # What is written is a copy, so that the entries in use need not be made whole for it.
          #
          # @return [EntryList] with what the store has kept of models that are gone
          def keep_native(list)
            store = RubyLLM.config.model_registry_store
            listed = list.reject(&:unlisted?)
            kept = store ? listed : listed.reject { |model| LoadedVersion.gem_registry_files.key?(model.provider.to_sym) }
            persist_registry!(kept.map(&:dup), published: published_as_it_is)
            stored = RecordsHook.table?(store) ? listed + store.unlisted.map(&:to_llm) : stored_models
            stored ? EntryList.new(stored, list.catalog) : list
          end

          # The published catalogue in ruby_llm's own file is not ours to change: its ETag belongs to it.
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
