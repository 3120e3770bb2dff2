# frozen_string_literal: true

module RubyLLM
  module Native
    # A whole registry as lossless JSON: {load} turns what {dump} writes back into the same bytes. For review in git,
    # for moving a registry to another machine, and for repairs by hand. docs/reference/export-format.md describes the
    # format; {Registry#save_to_json} writes the ruby_llm gem's.
    #
    # @example
    #   File.write("registry.json", RubyLLM::Native::Export.dump(catalog, sheets))
    #   catalog, sheets = RubyLLM::Native::Export.load(Pathname("registry.json"))
    module Export
      module_function

      # @param catalog [Catalog]
      # @param sheets [Hash{String => String}] slug => the bytes of that source's sheet
      # @return [String] UTF-8; equal registries give equal text
      # @raise [CatalogError] when the bytes of a sheet are damaged, or belong to another source
      # @example
      #   RubyLLM::Native::Export.dump(RubyLLM.models.catalog, {}).lines.first(2)  # => ["{\n", "  \"format\": {…},\n"]
      def dump(catalog, sheets)
        Native.export(catalog.bytes, sheets)
      end

      # @param source [String, Pathname] what {dump} returned, which begins with a brace, or the path of a file with it
      # @return [Array(Catalog, Hash{String => String})] the Hash is frozen, its keys in the order of the text
      # @raise [Native::Error] when the file is missing or the text is invalid: names the file, group, model and fact
      #   that is wrong
      # @example
      #   catalog, sheets = RubyLLM::Native::Export.load("config/registry.json")
      def load(source)
        return parse(source) if text?(source)

        RegularFile.parse(source) { |bytes| parse(bytes) }
      end

      # @param source [String, Pathname]
      # @return [Boolean] whether it is the JSON itself rather than a path
      # @example
      #   RubyLLM::Native::Export.text?("config/registry.json")  # => false
      def text?(source)
        source.is_a?(String) && source.b.match?(/\A\s*\{/n)
      end

      def parse(text)
        catalog, sheets = Native.import(text)
        [Catalog.load(catalog), sheets.freeze]
      end
      private_class_method :parse
    end
  end
end
