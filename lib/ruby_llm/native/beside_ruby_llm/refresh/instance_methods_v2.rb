# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      module Refresh
        # In 2.x: `refresh` and `refresh!` of `RubyLLM.models`.
        module InstanceMethodsV2
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
        private_constant :InstanceMethodsV2
      end
    end
  end
end
