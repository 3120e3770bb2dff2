# frozen_string_literal: true

module RubyLLM
  module Native
    class Configuration
      # Options set by what is meant. ruby_llm's own configuration gets these methods, too.
      module Shorthands
        # Forbid the network: `refresh!` raises {OfflineError}, and the registry keeps what is stored.
        #
        # @return [void]
        # @example
        #   RubyLLM.configure(&:offline!)
        def offline!
          self.offline = true
        end

        # Give a model a name of your own. It takes precedence over every other meaning of that name. `model_aliases`
        # returns all of them.
        #
        # @param name [String, Symbol]
        # @param id [String, Symbol]
        # @param provider [String, Symbol, nil] the model's provider; nil: the preferred one, or the one asked for
        # @return [void]
        # @raise [ConfigurationError] when a name or an id is empty
        # @example
        #   RubyLLM.configure { |c| c.model_alias "fast", "gpt-4.1-nano" }
        def model_alias(name, id, provider: nil)
          self.model_aliases = model_aliases.merge(name.to_s => [id, provider])
        end
      end
    end
  end
end
