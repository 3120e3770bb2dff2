# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # Says of which catalog a registry was made. A copy that went through Marshal or YAML is of none.
      class CatalogMark
        # @param catalog [Catalog]
        def initialize(catalog)
          @catalog = catalog
        end

        # @param catalog [Catalog]
        # @return [Boolean] whether it is that very object
        def of?(catalog)
          @catalog.equal?(catalog)
        end

        # @return [Boolean]
        def of_none?
          @catalog.nil?
        end

        # A catalog is of this process alone.
        #
        # @return [nil]
        def marshal_dump
        end

        # @return [void]
        def marshal_load(_nothing)
        end

        # @return [void]
        def encode_with(_coder)
        end
      end
    end
  end
end
