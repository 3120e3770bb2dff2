# frozen_string_literal: true

require "monitor"
require_relative "loading/class_methods"
require_relative "loading/class_methods_v1"
require_relative "loading/class_methods_v2"
require_relative "loading/instance_methods_v1"
require_relative "loading/instance_methods_v2"

module RubyLLM
  module Native
    module BesideRubyLLM
      # Where `RubyLLM.models` gets its models before any refresh: from the same places as in ruby_llm and in the same
      # order, but read by the core. What the core cannot read completely, such as invalid JSON or a row that is not a
      # model, is left to ruby_llm and its warnings.
      module Loading
        # Held while `RubyLLM.models` is created or taken over.
        BEGINNING = Monitor.new
        private_constant :BEGINNING

        module_function

        # @return [void]
        def install
          singleton = RubyLLM::Models.singleton_class
          BesideRubyLLM.reopen(singleton, ClassMethods)
          BesideRubyLLM.reopen(singleton, LoadedVersion.v2? ? ClassMethodsV2 : ClassMethodsV1)
          BesideRubyLLM.reopen(RubyLLM::Models, LoadedVersion.v2? ? InstanceMethodsV2 : InstanceMethodsV1)
          @earlier = RubyLLM::Models.instance_variable_get(:@instance)
        end

        # @param path [String, nil] of a registry file
        # @return [EntryList, nil] its models; nil when the core cannot read it completely, or it has none
        def file(path)
          view = read(path, RegistryFile::FILE) and EntryList.of_file(view)
        end

        # @param source [String] the slug of the source that reads it
        # @return [View, nil]
        def read(path, source)
          return unless path && File.file?(path.to_s)

          file = RegistryFile.new(RegularFile.read(path.to_s), source: source)
          return unless file.rejected.zero?

          view = file.view
          view unless view.empty?
        rescue SystemCallError, Error
          nil
        end
        private_class_method :read

        # What there is without a file of the program's own: what the registry has stored or starts with, without the
        # guesses in ruby_llm's own registry file, and the models of that file that nobody has stated since.
        #
        # @param path [String] of that file
        # @return [EntryList, nil]
        def bundle(path)
          view = Native.registry.view
          return bundled(path) if view.empty?

          list = EntryList.of_view(view)
          others = others_of(path, view)
          others.empty? ? list : EntryList.new([*list, *others].sort_by { |entry| [entry.provider, entry.id] })
        end

        # A refresh of 2.x replaces ruby_llm's file; one of 1.16 replaces the models of the providers that answered.
        # Models that a program has given the registry itself, as in a test, are all there is.
        def others_of(path, view)
          kinds = LoadedVersion.v2? ? [:snapshot] : %i[snapshot store refresh]
          return [] unless kinds.include?(Native.registry.source.kind)

          known = view.to_h { |model| [[model.provider, model.id], true] }
          answered = view.select(&:listed?).to_h { |model| [model.provider, true] }
          bundled(path).to_a.reject { |entry| answered.key?(entry.provider) || known.key?([entry.provider, entry.id]) }
        end
        private_class_method :others_of

        # @return [EntryList, nil] the models of ruby_llm's own registry file, without its guesses
        def bundled(path)
          view = read(path, RegistryFile::BUNDLE) and EntryList.of_view(view)
        end
        private_class_method :bundled

        # @return [String] the path of ruby_llm's own registry file
        def bundled_path
          return RubyLLM::Models.bundled_registry_file if LoadedVersion.v2?

          @bundled_path ||= File.join(File.dirname(RubyLLM::Models.schema_file), "models.json")
        end

        # One thread creates `RubyLLM.models`. A program that sets `@instance` of `Models` to nil wants the whole
        # registry forgotten; a thread that has only waited for another one's first use does not.
        #
        # @param known [#call] returns what there is by now
        # @yieldreturn [RubyLLM::Models]
        # @return [RubyLLM::Models]
        def begin_anew(known)
          BEGINNING.synchronize do
            known.call || begin
              Native.registry.forget! if @begun
              @begun = true
              yield
            end
          end
        end

        # The registry that ruby_llm created before this gem was loaded, as when a gem reads `RubyLLM.models` while it
        # is being loaded. On its next use it gets the models that it would have got from here. Entries that the program
        # added stay.
        #
        # @param models [RubyLLM::Models]
        # @return [void]
        def take_over(models)
          return unless models.equal?(@earlier)

          BEGINNING.synchronize do
            next unless models.equal?(@earlier)

            own = own_of(models.native_entries)
            list = models.class.load_models
            models.replace_native(list)
            known = list.to_h { |entry| [[entry.provider.to_s, entry.id.to_s], true] }
            own.each { |entry| list << entry unless known.key?([entry.provider.to_s, entry.id.to_s]) }
            @begun = true
            @earlier = nil
          end
        end

        # Entries that are not from ruby_llm's own registry file.
        def own_of(entries)
          bundled = read(bundled_path, RegistryFile::BUNDLE).to_a.to_h { |model| [[model.provider, model.id], true] }
          entries.reject { |entry| bundled.key?([entry.provider.to_s, entry.id.to_s]) }
        end
        private_class_method :own_of
      end
    end
  end
end
