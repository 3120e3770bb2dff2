# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # The list that replaces another one: what {Native.registry} knows now, what foreign providers answered, what
      # provider gems contain, and those old entries about which nothing new is known.
      #
      # It keeps what ruby_llm keeps: in 2.x the models of providers that failed, or that appear in no answer and no
      # catalog; in 1.16 also those of providers that were not asked. Entries that the program added itself stay until
      # their provider has answered.
      class ListMerge
        # @param before [Array] the previous entries
        # @param foreign [OtherProviders, nil] nil: nothing was asked
        def initialize(before, foreign)
          @before = before
          @foreign = foreign
          report = foreign ? Native.registry.last_refresh : Report.new
          @answered = [*foreign&.answered, *providers(report.select(&:answered?))].to_h { |provider| [provider, true] }
          failed = report.select { |outcome| %i[failed empty].include?(outcome.status) }
          @failed = [*foreign&.failed, *providers(failed)].to_h { |provider| [provider, true] }
        end

        # @return [EntryList] ordered by provider and id
        def list
          known = EntryList.of_view(Native.registry.view)
          others = [*@foreign&.models, *shipped]
          @covered = [*known, *others].to_h { |entry| [entry.provider, true] }
          found = {}
          [*known, *others, *kept].each { |entry| found[[entry.provider.to_s, entry.id.to_s]] ||= entry }
          EntryList.new(found.sort_by(&:first).map(&:last), known.catalog)
        end

        private

        def shipped
          LoadedVersion.gem_registry_files.empty? ? [] : RubyLLM::Models.models_from_provider_gems
        end

        def kept
          added = @before.is_a?(EntryList) ? @before.added.to_h { |entry| [entry, true] }.compare_by_identity : {}
          @before.select { |entry| keep?(entry.provider.to_s, added.key?(entry)) }
        end

        def keep?(provider, added)
          return false if @answered.key?(provider) || LoadedVersion.gem_registry_files.key?(provider.to_sym)

          added || @failed.key?(provider) || !@covered.key?(provider) || !LoadedVersion.v2?
        end

        def providers(outcomes)
          outcomes.map { |outcome| outcome.provider.to_s }
        end
      end
    end
  end
end
