# frozen_string_literal: true

require "ruby_llm/native/rails/task_output"

namespace :llm_models do
  desc "Ask all providers and bring the tables of models up to date; fails only when nothing could be had"
  task sync: :environment do
    RubyLLM::Native::TaskOutput.new.sync
  end

  desc "Show which models are stored, how old they are, and from where this process has its own"
  task status: :environment do
    RubyLLM::Native::TaskOutput.new.status
  end

  desc "Fill the tables of models without a network, with what the gem and the store know"
  task seed: :environment do
    RubyLLM::Native::TaskOutput.new.seed
  end

  desc "Once, for a table that a job of the app's own has filled: sync, and leave it as a new one would be"
  task adopt: :environment do
    RubyLLM::Native::TaskOutput.new.adopt
  end
end
