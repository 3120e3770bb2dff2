# frozen_string_literal: true

# Gives ActiveRecord classes `acts_as_llm_model`, whichever is loaded first and with or without Rails. Costs nothing
# without ActiveRecord.

begin
  # ActiveRecord may come later: the hook must be in place before it runs its own.
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
