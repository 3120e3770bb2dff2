# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Turns a table filled by an app's own job into what a new table would be: this gem writes every row, and models
      # of providers without credentials become unavailable, which such jobs do not check. Rows of providers that have
      # no options of their own stay as they are: the app may know how to call them.
      #
      # @example
      #   adoption = Adoption.new(LLMModel)
      #   adoption.rewrite
      #   LLMModel.sync!
      #   adoption.withdraw  # => {"bedrock" => 120}
      #
      # @api private
      class Adoption
        # @param record [Class] an ActiveRecord class that `acts_as_llm_model`
        # @raise [Error] when no provider is configured, since this process then cannot tell which ones the app uses
        def initialize(record)
          @record = record
          @columns = record.llm_columns.in(record)
          @configured = Preferences.of(RubyLLM.config).configured
          return if @configured.any?

          raise Error, "No provider is configured in this process. Set the keys that the app uses, then run this again"
        end

        # Make the next sync write every row, whatever its fingerprint.
        #
        # @return [void]
        def rewrite
          @record.unscoped.update_all(@columns["fingerprint"] => nil) if @columns.key?("fingerprint")
        end

        # @return [Hash{String => Integer}] rows that are no longer available, by provider
        def withdraw
          offered = @record.unscoped.where(@columns["available"] => true)
          unconfigured = Preferences::PROVIDERS.map(&:to_s) - @configured
          providers = offered.distinct.pluck(@columns["provider"]).compact & unconfigured
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

          keys = rows.where(@columns["is_default"] => true).pluck(*@columns.values_at(*Database::KEY))
          keys.map { |provider, id| {provider: provider, model_id: id} }
        end
      end
    end
  end
end
