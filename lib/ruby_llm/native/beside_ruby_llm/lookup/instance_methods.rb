# frozen_string_literal: true

require "English"

module RubyLLM
  module Native
    module BesideRubyLLM
      module Lookup
        # In all versions: `find` and `[]` of `RubyLLM.models`.
        #
        # What was found is remembered with the list, and with the id that the name stood for among ruby_llm's aliases.
        # It holds until either changes. What depends on more is not remembered: on an alias of the program's own, on a
        # provider that has a say in what its ids mean, or on the rules of a derived class. Programs change all of these
        # in place, so each call looks at what they are now.
        module InstanceMethods
          ALIASES = LoadedVersion.aliases
          private_constant :ALIASES

          # @param provider_name [String, Symbol, nil] the same as `provider:`
          # @yield with a block, Enumerable#find
          def find(model_id = nil, provider_name = nil, provider: nil, config: nil, &block)
            return all.find(*[model_id].compact, &block) if block

            provider ||= provider_name
            if !provider || native_plain_provider?(provider)
              options = RubyLLM.config # {#native_config} without a call, which takes as long as a lookup in a Hash
              options = Options.settings unless options.is_a?(Options::Extras)
              found =
                LookupCache.answer_in(@models, self, model_id, provider, ALIASES.aliases, options.model_aliases)
              return found if found
              return raise_model_not_found(model_id, provider: provider) if found == false && !options.refresh_on_miss

              memory = native_memory(model_id, provider, options)
            end
            native_look_up(model_id, provider, config, memory)
          end

          # @return [Object, nil] what {#find} returns, or nil
          def [](model_id, provider: nil)
            find(model_id, provider: provider)
          rescue RubyLLM::ModelNotFoundError
            nil
          end

          private

          # To be asked for before an answer is computed: those of a list that has changed meanwhile are never given.
          #
          # @return [Array(EntryList, RememberedAnswers, String), nil] the id for which the name stands; nil if the
          #   answer depends on more than that and the list
          def native_memory(model_id, provider, options)
            list = @models
            aliases = options.model_aliases
            return unless instance_of?(RubyLLM::Models) && list.is_a?(EntryList) && aliases.empty?

            cache = list.cache! or return
            changes = cache.contents
            meaning = LookupCache.meaning(ALIASES.aliases, model_id, provider)
            return if meaning == false

            answers = cache.current(aliases, RubyLLM::Models) ||
              cache.hold(RememberedAnswers.new, changes, aliases, RubyLLM::Models)
            [list, answers, meaning]
          end

          def native_look_up(model_id, provider, config, memory)
            options = native_config
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

          # The error of a miss is not rescued, since raising it again is dear. Other threads may replace the list, or
          # change the aliases.
          def native_remember(list, answers, meaning, model_id, provider)
            earlier = $ERROR_INFO
            found = false
            found = yield
          ensure
            error = $ERROR_INFO
            known = found || (error.instance_of?(RubyLLM::ModelNotFoundError) && !error.equal?(earlier))
            if known && @models.equal?(list) && meaning == LookupCache.meaning(ALIASES.aliases, model_id, provider)
              answers.keep(model_id, provider, [meaning, found].freeze)
            end
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

          # ruby_llm's own configuration is used directly; only a stand-in needs {Options::Settings}.
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
