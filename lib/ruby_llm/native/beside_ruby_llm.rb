# frozen_string_literal: true

module RubyLLM
  module Native
    # Plugs the registry into the ruby_llm gem, where that is there: `RubyLLM.models` stays its own object with
    # entries of its own classes, and gets its models from {Native.registry}.
    #
    # Read edition.rb first (what differs between the versions of ruby_llm), then entry.rb and list.rb (what
    # `RubyLLM.models` holds), loading.rb, lookup.rb and refresh.rb (what of ruby_llm's is reopened), records.rb (its
    # table of models). Methods are reopened rather than prepended: RSpec's `any_instance` refuses to stub a prepended
    # method. What ruby_llm defined stays callable under `<name>_of_ruby_llm`.
    module BesideRubyLLM
      # The versions whose insides are known.
      KNOWN = Gem::Requirement.new(">= 1.16", "< 3").freeze

      module_function

      # Load ruby_llm if this program has it but has not loaded it yet: it must come first, as it takes what is
      # defined for its own.
      #
      # @return [Boolean] whether it is there
      def load
        return true if RubyLLM.const_defined?(:Models, false)
        return false unless Gem.loaded_specs.key?("ruby_llm")

        require "ruby_llm"
        true
      rescue LoadError
        false
      end

      # Plug in. Done once, whoever asks.
      #
      # @return [void]
      def install
        return if @installed

        @installed = true
        require_relative "beside_ruby_llm/loaded_version"
        require_relative "beside_ruby_llm/options"
        require_relative "beside_ruby_llm/entry"
        require_relative "beside_ruby_llm/entry_list"
        Options.install(RubyLLM::Configuration)
        Native.registry = Registry.new(storage: Storage.new { Options.settings }) { Options.settings }
        KNOWN.satisfied_by?(LoadedVersion.version) ? install_all : install_store
      end

      # @api private
      # @param models [Enumerable] of ours, or entries of ruby_llm's
      # @return [Enumerable<Model>]
      # @raise [Native::Error] for an entry that is no model
      def models_of(models)
        @installed ? Entry.models_of(models) : models
      end

      # By hand, and without Bundler, ruby_llm may be loaded after this gem: then it takes over from the standalone
      # RubyLLM.
      #
      # @return [void]
      def watch
        RubyLLM.singleton_class.prepend(Arrival)
      end

      # Give a class of ruby_llm's these methods; what it had under their names becomes `<name>_of_ruby_llm`, and a
      # private one stays private.
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
        warn "ruby_llm_native does not know ruby_llm #{LoadedVersion.version} (known: #{KNOWN}): RubyLLM.models is ruby_llm's alone. " \
          "Use RubyLLM::Native.registry, or a version of ruby_llm_native that knows it."
        return unless RubyLLM.config.respond_to?(:model_registry_store) && LoadedVersion.entry_class

        require_relative "beside_ruby_llm/registry_store"
        RubyLLM.config.model_registry_store ||= RegistryStore.new
      end
      private_class_method :install_store

      # Told by Ruby of each method that RubyLLM gets: ruby_llm defines `models` when its classes can be found.
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
