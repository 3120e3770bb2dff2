# frozen_string_literal: true

require "ruby_llm/native/rails/task_output"

namespace :llm_models do
  desc "Ask all providers and update the tables of models; fails only when all providers failed"
  task sync: :environment do
    RubyLLM::Native::TaskOutput.new.sync
  end

  desc "Show which models are stored, how old they are, and where this process got its own"
  task status: :environment do
    RubyLLM::Native::TaskOutput.new.status
  end

  desc "Fill the tables of models without a network, from the gem and the store"
  task seed: :environment do
    RubyLLM::Native::TaskOutput.new.seed
  end

  desc "Run once on a table filled by the app's own job: sync, and leave it as a new table would be"
  task adopt: :environment do
    RubyLLM::Native::TaskOutput.new.adopt
  end
end
