# frozen_string_literal: true

require "ruby_llm_native/ruby_llm_native"
require_relative "ruby_llm/native/later"
require_relative "ruby_llm/native/version"
require_relative "ruby_llm/native/deprecator"
require_relative "ruby_llm/native/former_names"
require_relative "ruby_llm/native/errors"
require_relative "ruby_llm/native/redactor"
require_relative "ruby_llm/native/credentials"
require_relative "ruby_llm/native/configuration"
require_relative "ruby_llm/native/value"
require_relative "ruby_llm/native/catalog"
require_relative "ruby_llm/native/model"
require_relative "ruby_llm/native/network"
require_relative "ruby_llm/native/documented_providers"
require_relative "ruby_llm/native/plan"
require_relative "ruby_llm/native/preferences"
require_relative "ruby_llm/native/criteria"
require_relative "ruby_llm/native/table_columns"
require_relative "ruby_llm/native/phrases"
require_relative "ruby_llm/native/suggestions"
require_relative "ruby_llm/native/usage"
require_relative "ruby_llm/native/explanation"
require_relative "ruby_llm/native/regular_file"
require_relative "ruby_llm/native/known_endpoints"
require_relative "ruby_llm/native/view"
require_relative "ruby_llm/native/single_flight"
require_relative "ruby_llm/native/refresh_log"
require_relative "ruby_llm/native/hooks"
require_relative "ruby_llm/native/registry_source"
require_relative "ruby_llm/native/registry_contents"
require_relative "ruby_llm/native/stored_file"
require_relative "ruby_llm/native/location"
require_relative "ruby_llm/native/stores"
require_relative "ruby_llm/native/seed"
require_relative "ruby_llm/native/storage"
require_relative "ruby_llm/native/recent_catalogs"
require_relative "ruby_llm/native/registry_state"
require_relative "ruby_llm/native/remembered_answers"
require_relative "ruby_llm/native/current_view"
require_relative "ruby_llm/native/registry"
require_relative "ruby_llm/native/export"
require_relative "ruby_llm/native/diff_side"
require_relative "ruby_llm/native/diff"
require_relative "ruby_llm/native/diff/change"

require_relative "ruby_llm/native/active_record_hook"
require_relative "ruby_llm/native/beside_ruby_llm"

module RubyLLM
  # The model registry of ruby_llm_native. `RubyLLM.models` is the way to it; this module has what a program needs
  # beyond that: {.on_refresh}, {.deprecator}, {Export}, {Testing}, the stores and the classes of what is returned.
  #
  # @example
  #   RubyLLM::Native.registry.equal?(RubyLLM.models)  # => true, without the ruby_llm gem
  module Native
    Later.eager_load! if Later.at_once?

    @registry = Registry.new(storage: Storage.new { RubyLLM.config })

    class << self
      # @return [Registry] the process's registry
      attr_reader :registry

      # @api private
      attr_writer :registry
    end
  end
end

# With the ruby_llm gem, RubyLLM.models remains that gem's object and gets its models from here.
if RubyLLM::Native::BesideRubyLLM.load
  RubyLLM::Native::BesideRubyLLM.install
else
  require_relative "ruby_llm/native/standalone"
  RubyLLM::Native::BesideRubyLLM.watch
end
require_relative "ruby_llm/native/model_not_found_error"
require_relative "ruby_llm/native/rails/railtie" if defined?(Rails::Railtie)
