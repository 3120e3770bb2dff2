# frozen_string_literal: true

module RubyLLM
  module Native
    # The endpoints of a configuration: those that are named after a provider, which its options configure, and those
    # that `config.endpoint` defines.
    #
    # @example
    #   Endpoints.of(RubyLLM.config)["openai"].missing  # => :openai_api_key
    #
    # @api private
    module Endpoints
      # Of the files of this gem, which no app calls itself.
      HERE = File.expand_path("..", __dir__)
      private_constant :HERE

      module_function

      # Everything that can be asked, metadata sources included.
      #
      # @param configuration [Configuration]
      # @param others [Array<String>] names that are asked although they may not be defined
      # @return [Hash{String => Endpoint}] by name, in the order in which reports list them
      def of(configuration, others = [])
        defined = configuration.defined_endpoints
        (Plan::KNOWN.keys | defined.keys | others).each_with_object({}) do |name, all|
          all[name] = Endpoint.new(defined[name] || Endpoint::Definition.bare(name), configuration)
        end
      end

      # @param configuration [Configuration]
      # @return [Hash{Symbol => Endpoint}] those that lack nothing
      def configured(configuration)
        of(configuration).each_value.reject { |endpoint| endpoint.missing || endpoint.source[:catalogue] }
          .to_h { |endpoint| [endpoint.name, endpoint] }
      end

      # What `config.endpoint` does.
      #
      # @param configuration [Configuration]
      # @param name [String, Symbol]
      # @param options [Hash{Symbol => Object}]
      # @return [void]
      # @raise [ConfigurationError]
      def define(configuration, name, options)
        said = Endpoint::Definition.read(name, options.transform_keys(&:to_sym), owner: configuration.object_id,
          place: place)
        all = configuration.defined_endpoints
        before = all[said.name]
        mine = before&.owner == said.owner
        kept = said.builtin? ? said.without_assignments : said
        kept = before + kept if mine
        forget_inherited(configuration, said) unless mine
        assign(configuration, said.assignments) if said.builtin?
        configuration.defined_endpoints = all.merge(said.name => kept) unless kept.equal?(before)
      end

      # What `config.endpoints_from_environment` does.
      #
      # @return [Array<Symbol>] the names of the endpoints that are defined by it
      def define_from_environment(configuration, only:, except:)
        defined = configured(configuration)
        found = KnownEndpoints.in_environment(ENV, only: only, except: except)
        found = found.reject { |name, _| defined.key?(name.to_sym) }
        found.map do |name, options|
          Plan::KNOWN.key?(name) ? assign(configuration, options) : define(configuration, name, options)
          name.to_sym
        end
      end

      # An endpoint that a context defines replaces the one that it inherits as a whole, whoever's options that were.
      def forget_inherited(configuration, definition)
        parent = configuration.copied_from
        return unless parent && definition.builtin?

        definition.configured_by.each do |option|
          value = configuration.public_send(option)
          configuration.public_send(:"#{option}=", nil) if !value.nil? && value.equal?(parent.public_send(option))
        end
      end

      def assign(configuration, options)
        options.each { |option, value| configuration.public_send(:"#{option}=", value) }
      end

      def place
        caller = caller_locations(2, 12).find { |location| !location.absolute_path.to_s.start_with?(HERE) }
        "#{caller.path}:#{caller.lineno}" if caller
      end
      private_class_method :forget_inherited, :assign, :place
    end
    private_constant :Endpoints
  end
end
