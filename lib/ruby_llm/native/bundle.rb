# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    # A catalog and the sheets it was made of as the bytes that a store keeps: one block after the other, the catalog's first, and at the end
    # what the last refresh did, as JSON.
    #
    # Nothing stands between them: a block's head says how long it is, a sheet's also whose it is.
    module Bundle
      # Bytes at the beginning of a block that hold its size: `stored_header` in core/layout.h.
      HEAD = 48

      # @return [Integer] bytes of the first block, so that a store need not read the others; as its head says, which nobody has checked yet
      # @raise [CatalogError] when this does not begin as a block
      def self.size_of_first(head)
        raise CatalogError, "#{head.bytesize} bytes are too few for a registry block" if head.bytesize < HEAD

        magic, size = head.unpack("a4 x36 Q")
        raise CatalogError, "it does not begin as a registry block" unless magic == "RLMB" && size && size.between?(HEAD, LIMIT)

        size
      end

      # As many bytes as a block may have.
      LIMIT = 1 << 30
      private_constant :LIMIT

      module_function

      # @param catalog [Catalog]
      # @param sheets [Hash{String => String}]
      # @param report [Report, nil]
      # @return [String] equal content gives equal bytes
      def dump(catalog, sheets, report = nil)
        [catalog.bytes, *sheets.sort.map(&:last), *(JSON.generate(report.to_h).b if report&.any?)].join
      end

      # @param bytes [String]
      # @param known [Catalog, nil] taken for the one in the bytes when it has its content
      # @return [Array(Catalog, Hash{String => String}, Report)] the report is nil when there is none
      # @raise [CatalogError] when the catalog is damaged; a damaged sheet is found when it is used, and is then as none
      def load(bytes, known: nil)
        (catalog, *sheets), rest = blocks(bytes)
        raise CatalogError, "no bytes" unless catalog

        catalog = known && Native.block_head(catalog)[:content_hash] == known.content_hash ? known : Catalog.load(catalog)
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

      # One that cannot be read is as none: no model hangs on it.
      def report(text)
        Report.of(JSON.parse(text, symbolize_names: true)) unless text.empty?
      rescue JSON::ParserError, ArgumentError, KeyError, TypeError, NoMethodError
        nil
      end
      private_class_method :blocks, :report
    end
  end
end
