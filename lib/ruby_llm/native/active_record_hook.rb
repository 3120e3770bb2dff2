# frozen_string_literal: true

# Adds `acts_as_llm_model` to ActiveRecord classes, whichever is loaded first, with or without Rails. Costs nothing
# without ActiveRecord.

begin
  # ActiveRecord may be loaded later, so the hook is registered now.
  require "active_support/lazy_load_hooks"
rescue LoadError
  # No ActiveSupport, so no ActiveRecord either.
end

if defined?(ActiveSupport) && ActiveSupport.respond_to?(:on_load)
  ActiveSupport.on_load(:active_record) do
    require "ruby_llm/native/persistence"
    extend RubyLLM::Native::ActsAsLLMModel
  end
end
