# frozen_string_literal: true

require "json"
require "time"
require_relative "entry_metadata"

module RubyLLM
  module Native
    module BesideRubyLLM
      # Entries of ruby_llm's own class that are built lazily from a {Model}: cheap facts are read from the model each
      # time. The rest is built on first use, and the entry is then as if ruby_llm had made it. A registry of 1,700
      # models costs two small objects per model.
      #
      # For this the entry's class is reopened, not inherited from: an entry is an instance of `RubyLLM::Model` (1.16:
      # `Model::Info`) and of nothing else.
      module Entry
        # Readers that the model answers.
        CHEAP = %i[id name provider family created_at context_window max_output_tokens knowledge_cutoff].freeze

        # Readers of facts that are built on first use.
        WHOLE = %i[capabilities pricing metadata reasoning_options].freeze
        private_constant :CHEAP, :WHOLE

        LOCK = Mutex.new

        # For reading an entry without completing it.
        VARIABLE = Kernel.instance_method(:instance_variable_get)
        SET_VARIABLE = Kernel.instance_method(:instance_variable_set)
        private_constant :LOCK, :VARIABLE, :SET_VARIABLE

        module_function

        # @param model [Model]
        # @return [Object] an entry of {LoadedVersion.entry_class}
        def of(model)
          @entry_class.allocate.tap { |entry| SET_VARIABLE.bind_call(entry, :@native, model) }
        end

        # @return [Model, nil] the model of an entry that is not complete yet
        def native(entry)
          VARIABLE.bind_call(entry, :@native)
        end

        # The registry's models for these entries. An entry of the program's own that the registry does not know is read
        # as if from a registry file.
        #
        # @param entries [Enumerable] may include this gem's models
        # @return [Array<Model>]
        # @raise [Native::Error] for an invalid entry, such as one without an id
        def models_of(entries)
          catalog = Native.registry.catalog
          models = entries.map { |entry| entry.is_a?(Model) ? entry : native(entry) || known(catalog, entry) || entry }
          strangers = models.grep_v(Model)
          strangers.empty? ? models : models.grep(Model) + read(strangers)
        end

        def known(catalog, entry)
          index = catalog.find(entry.provider.to_s, entry.id.to_s)
          index && catalog.model(index)
        end
        private_class_method :known

        def read(entries)
          file = RegistryFile.new(JSON.generate(entries.map(&:to_h)))
          return file.view.to_a if file.rejected.zero?

          names = entries.map { |entry| "#{entry.provider}/#{entry.id}" }.join(", ")
          raise Error, "#{file.rejected} of these entries cannot be read as models: #{names}"
        end
        private_class_method :read

        # What ruby_llm builds an entry from.
        #
        # @return [Hash{Symbol => Object}]
        def facts(model)
          stated = model.metadata # read only once: it costs more than all the rest
          model.record_with(EntryMetadata.of(model, stated))
            .merge(capabilities: model.capabilities.dup, reasoning_options: Model.reasoning_options_of(stated))
        end

        # What `to_h` would return, without building anything that stays.
        #
        # @param entry [Object] built by this gem or by others
        # @return [Hash{Symbol => Object}]
        def to_h(entry)
          model = native(entry) or return entry.to_h
          facts = facts(model)
          options = facts.delete(:reasoning_options)
          facts[:metadata] = facts[:metadata].merge(reasoning_options: options) if options.any?
          unless LoadedVersion.v2? # 1.16 knows fewer prices
            facts[:pricing] = RubyLLM::Model::Pricing.new(facts[:pricing]).to_h
          end
          facts
        end

        # @param entry [Object] built by this gem or by others
        # @return [Model, nil] what {Native.registry} knows under its provider and id
        def find(entry)
          known(Native.registry.catalog, entry)
        end

        # @param model [Model]
        # @return [Symbol, String, nil] as this version of ruby_llm has it
        def type(model)
          LoadedVersion.v2? ? model.type : model.type&.to_s
        end

        # Give an entry all that it would have if ruby_llm had built it, beside its model. Its type stays the model's,
        # since ruby_llm guesses the type from the output.
        def complete(entry)
          model = native(entry) or return
          whole = @entry_class.new(facts(model))
          LOCK.synchronize do
            next unless VARIABLE.bind_call(entry, :@native)

            modalities = VARIABLE.bind_call(entry, :@modalities) # may have been handed out already
            whole.instance_variables.each do |name|
              SET_VARIABLE.bind_call(entry, name, whole.instance_variable_get(name))
            end
            SET_VARIABLE.bind_call(entry, :@modalities, modalities) if modalities
            SET_VARIABLE.bind_call(entry, :@type, type(model))
            SET_VARIABLE.bind_call(entry, :@known, model)
            entry.remove_instance_variable(:@native)
          end
        end

        # Make an entry what it would be if ruby_llm had built it, and nothing more.
        def bare(entry)
          complete(entry)
          return unless VARIABLE.bind_call(entry, :@known)

          LOCK.synchronize do
            entry.remove_instance_variable(:@known) if VARIABLE.bind_call(entry, :@known)
          end
        end

        # Reopen the class.
        #
        # @return [void]
        def install
          @entry_class = LoadedVersion.entry_class
          [*CHEAP, *WHOLE, :modalities, :type, *(:unlisted_at if LoadedVersion.v2?)].each do |name|
            @entry_class.alias_method(:"#{name}_of_ruby_llm", name)
          end
          @entry_class.class_eval(readers, __FILE__, __LINE__)
          @entry_class.include(Whole)
        end

        # Source code, so that a reader is as fast as ruby_llm's own.
        def readers
          cheap = CHEAP + (LoadedVersion.v2? ? [:unlisted_at] : [])
          modalities = "RubyLLM::Model::Modalities.new(native.modalities.to_h)"
          cheap.map { |name| "def #{name} = (native = @native) ? native.#{name} : @#{name}" }.join("\n") +
            WHOLE.map { |name| "\ndef #{name} = (#{self.name}.complete(self) if @native; @#{name})" }.join +
            <<~RUBY

              def type = (native = @native) ? #{name}.type(native) : (@type || type_of_ruby_llm)
              def modalities = (native = @native) ? (@modalities ||= #{modalities}) : @modalities
              def native = @native || @known || #{name}.find(self)
            RUBY
        end
        private_class_method :readers

        # Completes an entry, and takes its model away, for whatever reads its variables or prevents new ones: YAML,
        # JSON, `Marshal.dump`, `freeze`.
        module Whole
          def instance_variables
            Entry.bare(self)
            super
          end

          %i[instance_variable_get instance_variable_set instance_variable_defined? inspect].each do |name|
            define_method(name) do |*arguments|
              Entry.bare(self)
              super(*arguments)
            end
          end

          # Must run before `clone(freeze: true)` freezes the copy.
          def initialize_clone(original, **options)
            super
            Entry.bare(self)
          end

          def freeze
            Entry.bare(self)
            super
          end

          private

          # Marshal calls this before it reads the variables.
          def respond_to_missing?(name, include_all)
            Entry.bare(self) if name == :marshal_dump
            super
          end
        end
        private_constant :Whole
      end
    end
  end
end
