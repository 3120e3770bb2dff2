# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    private_constant :BLOCK_HEAD # the bytes of a block that Native.block_size needs

    # A catalog and its sheets as the bytes that a store keeps: one block after the other, the catalog's first, and at
    # the end the report of the last refresh, as JSON.
    #
    # There are no separators: a block's head has its size, and a sheet's also its source.
    module StoredFile
      # The most bytes that a store may hold, and a block may have.
      LIMIT = 1 << 30

      module_function

      # @param head [String] at least the first {BLOCK_HEAD} bytes of a block
      # @param available [Integer] bytes of the block and of what follows
      # @return [Integer] bytes of the block, so that a store need not read what follows
      # @raise [CatalogError] when this is not the beginning of a block, or claims more bytes than there are
      def size_of_first(head, available = head.bytesize)
        Native.block_size(head, [available, LIMIT].min)
      end

      # @param catalog [Catalog]
      # @param sheets [Hash{String => String}]
      # @param report [Report, nil]
      # @return [String] equal content gives equal bytes
      def dump(catalog, sheets, report = nil)
        [catalog.bytes, *sheets.sort.map(&:last), *(JSON.generate(report.to_h).b if report&.any?)].join
      end

      # @param bytes [String]
      # @param known [Catalog, nil] used instead of the one in the bytes when the content is the same
      # @return [Array(Catalog, Hash{String => String}, Report)] the report is nil when there is none
      # @raise [CatalogError] when the catalog is damaged; a damaged sheet is found when it is used, and is then ignored
      def load(bytes, known: nil)
        (catalog, *sheets), rest = blocks(bytes)
        raise CatalogError, "there are no bytes" unless catalog

        same = known && Native.block_head(catalog)[:content_hash] == known.content_hash
        catalog = same ? known : Catalog.load(catalog)
        [catalog, sheets.to_h { |sheet| [Native.block_head(sheet)[:source], sheet] }.freeze, report(rest)]
      end

      def blocks(bytes)
        blocks = []
        until bytes.empty? || bytes.start_with?("{")
          size = Native.block_head(bytes)[:size]
          blocks << bytes.byteslice(0, size).freeze
          bytes = bytes.byteslice(size, bytes.bytesize)
        end
        [blocks, bytes]
      end

      # A report that cannot be read is ignored: no model depends on it.
      def report(text)
        Report.of(JSON.parse(text, symbolize_names: true)) unless text.empty?
      rescue JSON::ParserError, ArgumentError, KeyError, TypeError, NoMethodError
        nil
      end
      private_class_method :blocks, :report
    end
  end
end
