# frozen_string_literal: true

namespace :catalog do
  # The registry that a program without a network and without a stored one begins with. Not kept in the repository.
  #
  #   rake catalog:snapshot            # before `gem build`
  #   MODELS_DEV_URL=… rake catalog:snapshot[path]
  desc "Build the snapshot that is packaged with the gem, from models.dev"
  task :snapshot, [:path] => :compile do |_, arguments|
    $LOAD_PATH.unshift(File.expand_path("../lib", __dir__))
    require "ruby_llm_native"

    config = RubyLLM::Native::Configuration.new
    config.models_dev_url = ENV["MODELS_DEV_URL"] if ENV["MODELS_DEV_URL"]
    registry = RubyLLM::Native::Registry.new { config }.refresh!(only: :models_dev, strict: true)
    path = arguments[:path] || RubyLLM::Native.const_get(:Seed)::SNAPSHOT
    registry.save(path)
    puts "#{registry.size} models, #{File.size(path)} bytes: #{path}"
  end
end
