# frozen_string_literal: true

module RubyLLM
  module Native
    # Plugs the registry into the ruby_llm gem where it is loaded: `RubyLLM.models` remains ruby_llm's object with
    # entries of ruby_llm's classes, and gets its models from {Native.registry}.
    #
    # Read loaded_version.rb first (what differs between the versions of ruby_llm), then entry.rb and entry_list.rb
    # (what `RubyLLM.models` holds), loading.rb, lookup.rb and refresh.rb, each with a folder of the methods of ruby_llm
    # that are reopened, records.rb (its table of models). Methods are reopened, not prepended, because RSpec's
    # `any_instance` refuses to stub a prepended method. ruby_llm's own methods stay callable as `<name>_of_ruby_llm`.
    #
    # @api private
    module BesideRubyLLM
      # The versions whose internals are known.
      KNOWN = Gem::Requirement.new(">= 1.16", "< 3").freeze

      module_function

      # Load ruby_llm if the program has it but has not loaded it yet: it must come first, because it would take this
      # gem's constants for its own.
      #
      # @return [Boolean] whether ruby_llm is loaded
      def load
        return true if RubyLLM.const_defined?(:Models, false)
        return false unless Gem.loaded_specs.key?("ruby_llm")

        require "ruby_llm"
        true
      rescue LoadError
        false
      end

      # Plug in, once.
      #
      # @return [void]
      def install
        return if @installed

        @installed = true
        Later.load! # ruby_llm has loaded all its own
        require_relative "beside_ruby_llm/loaded_version"
        require_relative "beside_ruby_llm/options"
        require_relative "beside_ruby_llm/foreign_endpoint"
        require_relative "beside_ruby_llm/entry"
        require_relative "beside_ruby_llm/entry_list"
        Options.install(RubyLLM::Configuration)
        Native.registry = Registry.new(storage: Storage.new { Options.settings }) { Options.settings }
        KNOWN.satisfied_by?(LoadedVersion.version) ? install_all : install_store
      end

      # @api private
      # @param models [Enumerable] this gem's models, or ruby_llm's entries
      # @return [Enumerable<Model>]
      # @raise [Native::Error] for an invalid entry
      def models_of(models)
        @installed ? Entry.models_of(models) : models
      end

      # @api private
      # @return [Array<String>] slugs of the providers that ruby_llm, a gem for it or the program can call
      def callable
        @installed ? RubyLLM::Provider.providers.keys.map(&:to_s) : []
      end

      # @api private
      # @param slug [String]
      # @return [KnownEndpoints::Endpoint, nil] what ruby_llm's provider of that slug tells of itself
      def known_endpoint(slug)
        ForeignEndpoint.of(slug) if @installed
      end

      # Without Bundler, ruby_llm may be loaded after this gem: it then replaces the standalone RubyLLM.
      #
      # @return [void]
      def watch
        RubyLLM.singleton_class.prepend(Arrival)
      end

      # Give a class of ruby_llm's these methods. Methods that it already has are kept as `<name>_of_ruby_llm`; private
      # ones stay private.
      #
      # @api private
      # @param owner [Class]
      # @param methods [Module]
      # @return [void]
      def reopen(owner, methods)
        (methods.instance_methods(false) + methods.private_instance_methods(false)).each do |name|
          if owner.method_defined?(name) || owner.private_method_defined?(name)
            owner.alias_method(name.to_s.sub(/[!?]?\z/) { |mark| "_of_ruby_llm#{mark}" }, name)
          end
          owner.define_method(name, methods.instance_method(name))
          owner.send(:private, name) if methods.private_method_defined?(name)
        end
      end

      # @api private
      def install_all
        require_relative "beside_ruby_llm/loading"
        require_relative "beside_ruby_llm/lookup"
        require_relative "beside_ruby_llm/other_providers"
        require_relative "beside_ruby_llm/list_merge"
        require_relative "beside_ruby_llm/catalog_mark"
        require_relative "beside_ruby_llm/refresh"
        require_relative "beside_ruby_llm/context_models"
        require_relative "beside_ruby_llm/records_hook"
        [Entry, Loading, Lookup, Refresh, ContextModels, RecordsHook].each(&:install)
      end
      private_class_method :install_all

      # @api private
      def install_store
        warn "ruby_llm_native does not support ruby_llm #{LoadedVersion.version} (supported: #{KNOWN}), " \
          "so RubyLLM.models is ruby_llm's alone. " \
          "Use RubyLLM::Native.registry, or a version of ruby_llm_native that supports it"
        return unless RubyLLM.config.respond_to?(:model_registry_store) && LoadedVersion.entry_class

        require_relative "beside_ruby_llm/registry_store"
        RubyLLM.config.model_registry_store ||= RegistryStore.new
      end
      private_class_method :install_store

      # Ruby calls this for each method added to RubyLLM: ruby_llm defines `models` once its classes can be found.
      module Arrival
        def singleton_method_added(name)
          super
          return unless name == :models && RubyLLM.const_defined?(:Models, false)

          standalone = @config
          @models = nil
          @config = RubyLLM::Configuration.new
          BesideRubyLLM.install
          Options.carry_over(standalone, @config)
        end
      end
      private_constant :Arrival
    end
  end
end
