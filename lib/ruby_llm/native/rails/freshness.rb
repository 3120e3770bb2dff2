# frozen_string_literal: true

module RubyLLM
  module Native
    # At the start of each request and job: are there newer models in the store? Asks at most once in
    # `registry_check_interval` seconds.
    module Freshness
      module_function

      # Only for stores that do not want to be asked at look-ups. A store that cannot be read is reported; the request
      # goes on with the models there are.
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
