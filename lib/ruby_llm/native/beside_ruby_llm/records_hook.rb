# frozen_string_literal: true

require_relative "records_hook/class_methods_v1"
require_relative "records_hook/class_methods_v2"

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
          BesideRubyLLM.reopen(RubyLLM::ActiveRecord::ModelMethods.const_get(:ClassMethods), ClassMethodsV1)
        end

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

        def reopen_model
          BesideRubyLLM.reopen(RubyLLM::ActiveRecord::Model.singleton_class, ClassMethodsV2)
        end

        def when_model_is_there
          watch = TracePoint.new(:end) do |point|
            next unless RubyLLM::ActiveRecord.const_defined?(:Model, false)
            next unless point.self.equal?(RubyLLM::ActiveRecord::Model)

            watch.disable
            reopen_model
          end
          watch.enable
        end
        private_class_method :reopen_one, :reopen_two, :reopen_model, :when_model_is_there
      end
    end
  end
end
