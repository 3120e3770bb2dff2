# frozen_string_literal: true

module RubyLLM
  module Native
    # A registry file of the ruby_llm gem, as one source's sheet.
    #
    # @example
    #   RegistryFile.new('[{"id": "gpt-4.1", "provider": "openai"}]').view.size  # => 1
    #
    # @api private
    class RegistryFile
      # The source that reads a file of the program's own.
      FILE = "file"

      # The source that reads the file in an installed ruby_llm gem.
      BUNDLE = "bundle"

      # @return [String] the block
      attr_reader :sheet

      # @return [Integer] entries that could not be read as models
      attr_reader :rejected

      # @param json [String]
      # @param source [String] {FILE} or {BUNDLE}
      # @param at [Time] when the file was written or read
      # @raise [Native::Error] when it is not a registry file
      def initialize(json, source: FILE, at: Time.now)
        @source = source
        @sheet, @rejected = Native.read_sheet(source, json, at.to_i)
      end

      # @return [Hash{String => String}]
      def sheets
        {@source => sheet}.freeze
      end

      # @return [Catalog] of this file alone
      def catalog
        Catalog.merge([sheet])
      end

      # @return [View] of this file alone
      def view
        View.new(catalog)
      end
    end
    private_constant :RegistryFile
  end
end
