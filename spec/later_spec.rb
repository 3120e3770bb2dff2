# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/subprocess"

# What is loaded by `require "ruby_llm_native"`, and what only on first use.
RSpec.describe "require" do
  def lines(program)
    out, = Subprocess.capture(%(require "ruby_llm_native"; #{program}))
    out.lines(chomp: true)
  end

  it "loads nothing that only a refresh, a write or a database needs, and neither does a lookup" do
    later = lines(<<~RUBY)
      RubyLLM.config.registry_path = false
      RubyLLM.models["gpt-4.1"]
      module RubyLLM::Native
        names = Later.send(:const_get, :FILES).keys
        puts names.size, names.count { |name| autoload?(name) }, Stores.autoload?(:ActiveRecord).nil?
      end
    RUBY

    expect(later).to eq((RUBY_VERSION < "3.2") ? %w[12 0 true] : %w[12 12 false])
  end

  it "loads what a refresh needs when something is configured, so that nothing is left for the refresh to load" do
    loaded = lines(<<~RUBY)
      RubyLLM.configure do |config|
        config.registry_path = false
        config.models_dev_url = nil
        config.openai_api_base = "http://localhost:1/v1"
        config.openai_api_key = "no-real-key"
      end
      before = $LOADED_FEATURES.dup
      RubyLLM.models.refresh! rescue puts $!.class
      puts RubyLLM.models.last_refresh[:openai].status, $LOADED_FEATURES - before
    RUBY

    expect(loaded).to eq(%w[RubyLLM::Native::RefreshError failed])
  end

  it "lets threads find what is loaded later, all at once" do
    names = %i[Context Endpoint Outcome Progress Proxies Refresher RegistryFile Report]
    found = lines(<<~RUBY)
      threads = Array.new(8) { |turn| Thread.new { #{names.inspect}.rotate(turn).map { |name|
        RubyLLM::Native.class_eval(name.to_s).name
      } } }
      puts threads.flat_map(&:value).uniq.sort
    RUBY

    expect(found).to eq(names.map { |name| "RubyLLM::Native::#{name}" })
  end

  it "leaves nothing out that other Ractors may need: they could not load it", if: RUBY_VERSION >= "3.2" do
    found = lines(<<~RUBY)
      Warning[:experimental] = false
      ractor = Ractor.new(RubyLLM::Native.registry.view) do |view|
        [RubyLLM::Native.diff(view, view).to_s, RubyLLM::Native::Export.name, view.chat_models.as_json.size]
      end
      puts ractor.respond_to?(:value) ? ractor.value : ractor.take
    RUBY

    expect(found).to eq(["No differences", "RubyLLM::Native::Export", "0"])
  end

  it "is completed by what Rails calls before a server forks" do
    loaded = lines(<<~RUBY)
      module RubyLLM::Native
        Later.eager_load!
        puts Later.send(:const_get, :FILES).keys.filter_map { |name| autoload?(name) }
        puts [const_defined?(:Refresher), Object.const_defined?(:URI), Object.const_defined?(:IPAddr)]
      end
    RUBY

    expect(loaded).to eq(%w[true true true])
  end
end
