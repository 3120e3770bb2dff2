# frozen_string_literal: true

module RubyLLM
  module Native
    module BesideRubyLLM
      # Records which catalog a list was made from. A copy by way of Marshal or YAML has none.
      class CatalogMark
        # @return [RegistryContents, nil] the registry's when the list was last seen to be made from their catalog
        attr_accessor :contents

        # @param catalog [Catalog]
        def initialize(catalog)
          @catalog = catalog
        end

        # @param catalog [Catalog]
        # @return [Boolean] whether it was made from that very object
        def made_from?(catalog)
          @catalog.equal?(catalog)
        end

        # @return [Boolean] whether it is a copy's
        def unknown?
          @catalog.nil?
        end

        # A catalog exists only in this process.
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
