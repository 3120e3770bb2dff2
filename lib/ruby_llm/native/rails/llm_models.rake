# frozen_string_literal: true

require "ruby_llm/native/rails/task_runner"

namespace :llm_models do
  desc "Ask all endpoints, or those named, and update the tables of models; fails only if all providers fail"
  task :sync, [:endpoints] => :environment do |_task, names|
    RubyLLM::Native::TaskRunner.new.sync(*names)
  end

  desc "Show which models are stored, how old they are, and where this process got its own"
  task status: :environment do
    RubyLLM::Native::TaskRunner.new.status
  end

  desc "Fill the tables of models without a network, from the gem and the store"
  task seed: :environment do
    RubyLLM::Native::TaskRunner.new.seed
  end

  desc "Adopt a table that the app's own job filled (run once): sync it, and leave it like a new table"
  task adopt: :environment do
    RubyLLM::Native::TaskRunner.new.adopt
  end
end
