# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # Makes {Records} write ruby_llm's table of models once ActiveRecord is loaded, whether that is before this gem,
      # after it, or never.
      module RecordsHook
        module_function

        # @return [void]
        def install
          return unless defined?(ActiveSupport) && ActiveSupport.respond_to?(:on_load)

          ActiveSupport.on_load(:active_record) { RecordsHook.reopen }
        end

        # @return [void]
        def reopen
          return if @reopened

          @reopened = true
          require_relative "records"
          LoadedVersion.v2? ? reopen_two : reopen_one
        end

        # @return [Boolean] whether that store is the table of ruby_llm 2.x, which also holds the unlisted models after
        #   a write
        def table?(store)
          return false if store.nil? || !RubyLLM.const_defined?(:ActiveRecord, false)

          RubyLLM::ActiveRecord.const_defined?(:Model, false) && store.equal?(RubyLLM::ActiveRecord::Model)
        end

        # ruby_llm's own hook requires these files too, and may run after this one.
        def reopen_one
          require "ruby_llm/active_record/model_methods"
          BesideRubyLLM.reopen(RubyLLM::ActiveRecord::ModelMethods.const_get(:ClassMethods), OfTableOne)
        end
        private_class_method :reopen_one

        # In 2.1 the records have a common parent. If either class is missing after its file was required, that file is
        # what has loaded ActiveRecord, and its first line is still being evaluated.
        def reopen_two
          there = %w[record model].all? do |name|
            file = "ruby_llm/active_record/#{name}"
            next true unless $LOAD_PATH.resolve_feature_path(file)

            require file
            RubyLLM::ActiveRecord.const_defined?(name.capitalize, false)
          end
          there ? reopen_model : when_model_is_there
        end
        private_class_method :reopen_two

        def reopen_model
          BesideRubyLLM.reopen(RubyLLM::ActiveRecord::Model.singleton_class, OfTableTwo)
        end
        private_class_method :reopen_model

        def when_model_is_there
          watch = TracePoint.new(:end) do |point|
            next unless RubyLLM::ActiveRecord.const_defined?(:Model, false)
            next unless point.self.equal?(RubyLLM::ActiveRecord::Model)
            watch.disable
            reopen_model
          end
          watch.enable
        end
        private_class_method :when_model_is_there

        # The table of 1.16: the application's own class. Its rows are never deleted.
        module OfTableOne
          def save_to_database
            models = RubyLLM.models.all
            Records.new(self).save(models) || save_to_database_of_ruby_llm
            models
          end

          def refresh
            refresh!
          end
        end

        # The table of 2.x: ruby_llm's own class. ruby_llm itself deletes or unlists what the registry no longer has.
        module OfTableTwo
          def save_to_database(registry = RubyLLM.models)
            Records.new(self).save(registry.all) { |kept| unlist(kept) } || save_to_database_of_ruby_llm(registry)
            nil
          end

          def refresh!
            refresh
          end
        end
      end
    end
  end
end
