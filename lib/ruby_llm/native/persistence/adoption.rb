# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Leaves a table that an app's own job has filled as a new one would be: every row written by us, and no model
      # available whose provider has no credentials here, which such a job does not look at. Rows of providers that we
      # do not know stay as they are.
      #
      # @example
      #   adoption = Adoption.new(LLMModel)
      #   adoption.rewrite
      #   LLMModel.sync!
      #   adoption.withdraw  # => {"bedrock" => 120}
      class Adoption
        # @param record [Class] an ActiveRecord class that `acts_as_llm_model`
        # @raise [Error] when no provider is configured: then this process cannot tell what is the app's to call
        def initialize(record)
          @record = record
          @columns = record.llm_columns.in(record)
          @configured = Preferences.of(RubyLLM.config).configured
          raise Error, "No provider is configured in this process: set the keys that the app uses, then run this again" if @configured.empty?
        end

        # Let the next sync write every row, whatever its fingerprint says.
        #
        # @return [void]
        def rewrite
          @record.unscoped.update_all(@columns["fingerprint"] => nil) if @columns.key?("fingerprint")
        end

        # @return [Hash{String => Integer}] rows that are no longer available, by provider
        def withdraw
          offered = @record.unscoped.where(@columns["available"] => true)
          providers = offered.distinct.pluck(@columns["provider"]).compact & (Preferences::PROVIDERS.map(&:to_s) - @configured)
          rows = offered.where(@columns["provider"] => providers)
          counts = rows.group(@columns["provider"]).count
          lost = defaults(rows)
          rows.update_all(@columns["available"] => false, **stamp)
          LostDefaults.report(@record, lost)
          counts.sort.to_h
        end

        private

        def stamp
          {@columns["updated_at"] => Time.now.utc}.except(nil)
        end

        def defaults(rows)
          return [] unless @columns.key?("is_default")

          rows.where(@columns["is_default"] => true).pluck(*@columns.values_at(*Columns::KEY)).map { |provider, id| {provider: provider, model_id: id} }
        end
      end
    end
  end
end
