# frozen_string_literal: true

namespace :llm_models do
  # In an app its `environment` task configures the registry; comparing two files needs no configuration.
  app = -> { Rake::Task[:environment].invoke if Rake::Task.task_defined?(:environment) }

  desc "Show what differs between two registry files, or between one and the current registry"
  task :diff, %i[old new] do |_, files|
    abort "Name the files: rake llm_models:diff[old.json] or rake llm_models:diff[old.json,new.json]" unless files.old
    app.call unless files.new
    begin
      puts RubyLLM::Native.diff(files.old, files.new || RubyLLM::Native.registry)
    rescue RubyLLM::Native::Error => error
      abort error.message
    end
  end
end
