# frozen_string_literal: true

require_relative "refresh/instance_methods"
require_relative "refresh/instance_methods_v1"
require_relative "refresh/instance_methods_v2"
require_relative "refresh/class_methods_v1"
require_relative "refresh/class_methods_v2"

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
          BesideRubyLLM.reopen(RubyLLM::Models, InstanceMethods)
          BesideRubyLLM.reopen(RubyLLM::Models, LoadedVersion.v2? ? InstanceMethodsV2 : InstanceMethodsV1)
          BesideRubyLLM.reopen(RubyLLM::Models.singleton_class, LoadedVersion.v2? ? ClassMethodsV2 : ClassMethodsV1)
        end

        # Ask all sources. Options are those of {Registry#refresh!}.
        #
        # @param models [RubyLLM::Models] the current ones
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
      end
    end
  end
end
