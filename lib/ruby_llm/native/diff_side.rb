# frozen_string_literal: true

require "pathname"

module RubyLLM
  module Native
    # One side of a {Diff}: a catalog, and the facts that its format can state.
    #
    # @api private
    class DiffSide
      # @return [Catalog]
      attr_reader :catalog

      # @return [Array<Symbol>]
      attr_reader :fields

      # @param source [Registry, View, Catalog, String, Pathname] see {Native.diff}
      def initialize(source)
        @fields = Diff::FIELDS
        @catalog =
          case source
          when Catalog then source
          when Registry, View then source.catalog
          when String, Pathname then RegularFile.parse(source) { |bytes| read(bytes) }
          else raise ArgumentError, "Each side must be a registry, a view, a catalog or a path, got #{source.inspect}"
          end
      end

      private

      def read(bytes)
        return StoredFile.load_catalog(bytes) if StoredFile.begins?(bytes)
        return Export.load(bytes).first if Export.text?(bytes)

        @fields = Diff::FILE_FIELDS
        RegistryFile.new(bytes).catalog
      end
    end
    private_constant :DiffSide
  end
end
