# frozen_string_literal: true

module RubyLLM
  module Native
    # Looks for newer models in the store at the start of each request and job, at most once in
    # `registry_check_interval` seconds.
    #
    # @api private
    module Freshness
      module_function

      # Only for stores that must not be read during lookups. When the store cannot be read, that is reported, and the
      # request goes on with the models there are.
      #
      # @return [void]
      def ensure!
        store = RubyLLM.config.catalog_store
        Native.registry.catch_up if store.respond_to?(:check_on_lookup?) && !store.check_on_lookup?
      rescue => error
        ::Rails.error.report(error, handled: true, severity: :warning, source: "ruby_llm_native")
      end
    end
  end
end
