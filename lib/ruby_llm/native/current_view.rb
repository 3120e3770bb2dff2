# frozen_string_literal: true

module RubyLLM
  module Native
    # What a registry answers from: a view, what it was made from, and its answers so far.
    #
    # A view never changes, so an answer holds as long as the view does, and goes with it. An answer that is computed
    # while the registry gets other models is remembered with the view that gave it, which nobody asks any more. A view
    # cannot remember them itself, since Ractors share it.
    #
    # @api private
    class CurrentView
      # @return [Configuration]
      attr_reader :configuration

      # @return [Integer] the configuration's when the view was made
      attr_reader :version

      # @return [View]
      attr_reader :view

      # @param catalog [Catalog]
      # @param configuration [Configuration]
      # @param version [Integer] of the configuration, which may have changed since
      def initialize(catalog, configuration, version)
        @configuration = configuration
        @version = version
        @view = View.new(catalog, Preferences.of(configuration))
        @remembered = RememberedAnswers.new
        @parts = {}
      end

      # @param catalog [Catalog]
      # @param configuration [Configuration]
      # @param version [Integer]
      # @return [Boolean] whether a new view of these would answer the same
      def made_from?(catalog, configuration, version)
        @view.catalog.equal?(catalog) && @configuration.equal?(configuration) && @version == version
      end

      # @param name [Symbol] a method of {View} without arguments
      # @return [View] what it returns
      def part(name)
        @parts[name] ||= @view.public_send(name)
      end

      # @param id [String, Symbol]
      # @param provider [String, Symbol, nil]
      # @return [Model, false] what {View#[]} returns, or false
      def answer(id, provider)
        known = @remembered[id, provider]
        known.nil? ? @remembered.keep(id, provider, @view[id, provider: provider] || false) : known
      end

      # @return [Hash{String, Symbol, nil => Hash}] provider => id => what {#answer} returned
      def answers
        @remembered.answers
      end
    end
    private_constant :CurrentView
  end
end
