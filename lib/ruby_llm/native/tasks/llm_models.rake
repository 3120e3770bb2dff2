# frozen_string_literal: true

namespace :llm_models do
  # An app's own task, where there is one, configures what is compared; two files need none.
  app = -> { Rake::Task[:environment].invoke if Rake::Task.task_defined?(:environment) }

  desc "What differs between two registry files, or between one and the registry as it is now"
  task :diff, %i[old new] do |_, files|
    abort "Say which: rake llm_models:diff[old.json] or rake llm_models:diff[old.json,new.json]" unless files.old
    app.call unless files.new
    begin
      puts RubyLLM::Native.diff(files.old, files.new || RubyLLM::Native.registry)
    rescue RubyLLM::Native::Error => error
      abort error.message
    end
  end
end
