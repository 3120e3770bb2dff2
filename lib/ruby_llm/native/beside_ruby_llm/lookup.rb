# frozen_string_literal: true

require "forwardable"

module RubyLLM
  module Native
    module BesideRubyLLM
      # How `RubyLLM.models.find` works: by the rules of the loaded version of ruby_llm, in both of its forms, without
      # scanning all models.
      module Lookup
        module_function

        # @return [void]
        def install
          BesideRubyLLM.reopen(RubyLLM::Models, OfRegistry)
          BesideRubyLLM.reopen(RubyLLM::Models, if indexed?
            Indexed
          else
            (LoadedVersion.v2? ? Two : One)
          end)
        end

        # 2.1 has its own index, which does not see entries added after the first lookup.
        def indexed?
          RubyLLM::Models.private_method_defined?(:models_by_id)
        end
        private_class_method :indexed?

        module OfRegistry
          # @param provider_name [String, Symbol, nil] the same as `provider:`
          # @yield with a block, Enumerable#find
          def find(model_id = nil, provider_name = nil, provider: nil, config: nil, &block)
            return all.find(*[model_id].compact, &block) if block

            provider ||= provider_name
            aliased = native_config.model_aliases.any?
            model_id, provider = native_registry.preferences.target(model_id, provider) if aliased
            native_find(model_id, provider, config)
          rescue RubyLLM::ModelNotFoundError
            raise unless refreshed_for_miss?

            native_find(model_id, provider, config)
          end

          # @return [Object, nil] what {#find} returns, or nil
          def [](model_id, provider: nil)
            find(model_id, provider: provider)
          rescue RubyLLM::ModelNotFoundError
            nil
          end

          private

          def native_find(model_id, provider, config)
            return find_without_provider(model_id) unless provider

            LoadedVersion.v2? ? find_with_provider(model_id, provider, config) : find_with_provider(model_id, provider)
          end

          # Read by every lookup, so ruby_llm's own configuration is used directly; only a stand-in needs
          # {Options::Settings}.
          def native_config
            config = RubyLLM.config
            config.is_a?(Options::Extras) ? config : Options.settings
          end

          # Only the program's registry refreshes after a miss, not a part of it.
          def refreshed_for_miss?
            return false unless native_config.refresh_on_miss && native_whole?

            native_registry.refresh_for_miss(native_registry.view) && follow_native
          end

          def native_whole?
            equal?(self.class.instance)
          end

          def native_of_id(id)
            @models.is_a?(EntryList) ? @models.of_id(id) : @models.select { |model| model.id == id }
          end

          def native_at(provider, *ids)
            ids.each { |id| native_of_id(id).each { |model| return model if model.provider == provider.to_s } }
            nil
          end
        end

        module One
          private

          def find_with_provider(model_id, provider)
            resolved = LoadedVersion.aliases.resolve(model_id, provider)
            resolved = resolve_bedrock_region_id(resolved) if provider.to_s == "bedrock"
            native_at(provider, resolved, model_id) || raise_model_not_found(model_id, provider: provider)
          end

          def find_without_provider(model_id)
            found = native_of_id(model_id)
            found = native_of_id(LoadedVersion.aliases.resolve(model_id)) if found.empty?
            found.empty? ? raise_model_not_found(model_id) : preferred_match(found)
          end
        end

        module Two
          private

          def find_with_provider(model_id, provider, config = nil)
            resolved = resolve_provider_registry_id(LoadedVersion.aliases.resolve(model_id, provider), provider, config)
            native_at(provider, resolved, model_id) || raise_model_not_found(model_id, provider: provider)
          end

          def find_without_provider(model_id)
            found = [model_id, LoadedVersion.aliases.resolve(model_id)].uniq.flat_map { |id| native_of_id(id) }
            preferred_match(found) || raise_model_not_found(model_id)
          end
        end

        module Indexed
          private

          def models_by_id
            @models.is_a?(EntryList) ? @models.by_id : @models.group_by(&:id)
          end
        end
      end
    end
  end
end
