# frozen_string_literal: true

require "English"

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In all versions: `find` and `[]` of `RubyLLM.models`.
        #
        # What was found is remembered with the list, and holds until the list changes. What depends on more is not
        # remembered: on an alias, ruby_llm's or the program's own, on a provider that has a say in what its ids mean,
        # or on the rules of a derived class. Programs change these in place, so each call makes sure that none applies.
        module InstanceMethods
          ALIASES = LoadedVersion.aliases
          private_constant :ALIASES

          # @param provider_name [String, Symbol, nil] the same as `provider:`
          # @yield with a block, Enumerable#find
          def find(model_id = nil, provider_name = nil, provider: nil, config: nil, &block)
            return all.find(*[model_id].compact, &block) if block

            provider ||= provider_name
            options = native_config
            list = @models
            if native_plain?(list, model_id, provider)
              found = list.cache&.answer(model_id, provider, list.changes, options.model_aliases)
              return found if found
              return raise_model_not_found(model_id, provider: provider) if found == false && !options.refresh_on_miss

              answers = native_answers(list, options)
            end
            native_look_up(model_id, provider, config, options, answers && [list, answers])
          end

          # @return [Object, nil] what {#find} returns, or nil
          def [](model_id, provider: nil)
            find(model_id, provider: provider)
          rescue RubyLLM::ModelNotFoundError
            nil
          end

          private

          # @return [Boolean] whether the list and the program's own aliases determine the answer
          def native_plain?(list, model_id, provider)
            instance_of?(RubyLLM::Models) && list.is_a?(EntryList) && ALIASES.aliases[model_id].nil? &&
              (provider.nil? || native_plain_provider?(provider))
          end

          # To be asked for before an answer is computed: those of a list that has changed meanwhile are never given.
          #
          # @return [RememberedAnswers, nil] nil if the program has aliases of its own
          def native_answers(list, options)
            aliases = options.model_aliases
            cache = list.cache! if aliases.empty?
            return unless cache

            changes = list.changes
            cache.current(changes, aliases) || cache.hold(RememberedAnswers.new, nil, changes, aliases)
          end

          def native_look_up(model_id, provider, config, options, memory)
            if options.model_aliases.any?
              model_id, provider = native_registry.preferences.target(model_id, provider)
            end
            return native_find_or_refresh(model_id, provider, config, memory) if options.refresh_on_miss

            native_find(model_id, provider, config, memory)
          end

          def native_find(model_id, provider, config, memory)
            return native_resolve(model_id, provider, config) unless memory

            native_remember(*memory, model_id, provider) { native_resolve(model_id, provider, config) }
          end

          # The error of a miss is not rescued, since raising it again is dear. Other threads may replace the list.
          def native_remember(list, answers, model_id, provider)
            earlier = $ERROR_INFO
            found = false
            found = yield
          ensure
            error = $ERROR_INFO
            known = found || (error.instance_of?(RubyLLM::ModelNotFoundError) && !error.equal?(earlier))
            answers.keep(model_id, provider, found) if known && @models.equal?(list)
          end

          def native_resolve(model_id, provider, config)
            return find_without_provider(model_id) unless provider

            LoadedVersion.v2? ? find_with_provider(model_id, provider, config) : find_with_provider(model_id, provider)
          end

          # Apart from {#find}, since an exception that is raised again costs as much as some lookups: Ruby writes out
          # its backtrace.
          def native_find_or_refresh(model_id, provider, config, memory)
            native_find(model_id, provider, config, memory)
          rescue RubyLLM::ModelNotFoundError
            raise unless refreshed_for_miss?

            native_resolve(model_id, provider, config) # in another list
          end

          # Read by every lookup, so ruby_llm's own configuration is used directly; only a stand-in needs
          # {Options::Settings}.
          def native_config
            config = RubyLLM.config
            config.is_a?(Options::Extras) ? config : Options.settings
          end

          # Only the program's registry refreshes after a miss, not a part of it.
          def refreshed_for_miss?
            native_whole? && native_registry.refresh_for_miss(native_registry.view) && follow_native
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
        private_constant :InstanceMethods
      end
    end
  end
end
