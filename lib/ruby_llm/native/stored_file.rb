# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    private_constant :BLOCK_HEAD

    # A catalog and its sheets as the bytes that a store keeps: one block after the other, the catalog's first, and at
    # the end the report of the last refresh, as JSON.
    #
    # There are no separators: a block's head has its size, and a sheet's also its source. What the version before this
    # one has stored is read, too.
    module StoredFile
      # The bytes of a block that {size_of_first} needs.
      HEAD = BLOCK_HEAD

      module_function

      # @api private
      # @param bytes [String] of a file
      # @return [Boolean] whether they begin as a stored registry does
      def begins?(bytes)
        Native.block?(bytes)
      end

      # @param head [String] at least the first {HEAD} bytes of a block
      # @param available [Integer] bytes of the block and of what follows
      # @return [Integer] bytes of the block, so that a store need not read what follows
      # @raise [CatalogError] when this is not the beginning of a block, or claims more bytes than there are
      def size_of_first(head, available = head.bytesize)
        Native.block_size(head, [available, RegularFile::LIMIT].min)
      end

      # @param bytes [String]
      # @return [Array(String, String)] the first block, and all that follows it
      # @raise [CatalogError] like {size_of_first}
      # @example
      #   catalog, sheets = RubyLLM::Native::StoredFile.split(bytes)
      def split(bytes)
        size = size_of_first(bytes)
        [bytes.byteslice(0, size).freeze, bytes.byteslice(size, bytes.bytesize)]
      end

      # @api private
      # @param catalog [Catalog]
      # @param sheets [Hash{String => String}]
      # @param report [Report, nil]
      # @return [String] equal content gives equal bytes
      def dump(catalog, sheets, report = nil)
        [catalog.bytes, *sheets.sort.map(&:last), *(JSON.generate(report.to_h).b if report&.any?)].join
      end

      # @api private
      # @param bytes [String] may end after the catalog
      # @return [Catalog]
      # @raise [CatalogError] when it is damaged
      def load_catalog(bytes)
        bytes = Native.upgrade(bytes)
        size = size_of_first(bytes)
        Catalog.load((size == bytes.bytesize) ? bytes : bytes.byteslice(0, size))
      end

      # @api private
      # @param bytes [String]
      # @param known [Catalog, nil] used instead of the one in the bytes when the content is the same
      # @return [Array(Catalog, Hash{String => String}, Report)] the report is nil when there is none
      # @raise [CatalogError] when the catalog is damaged; a damaged sheet is found when it is used, and is then ignored
      def load(bytes, known: nil)
        raise CatalogError, "it is empty" if bytes.empty? || json?(bytes)

        bytes = Native.upgrade(bytes)
        catalog, rest = split(bytes)
        sheets, rest = split_sheets(rest)
        same = known && Native.block_head(catalog)[:content_hash] == known.content_hash
        [same ? known : Catalog.load(catalog), sheets, report(rest)]
      end

      def split_sheets(bytes)
        sheets = {}
        until bytes.empty? || json?(bytes)
          sheet, bytes = split(bytes)
          sheets[Native.block_head(sheet)[:source]] = sheet
        end
        [sheets.freeze, bytes]
      end

      def json?(bytes)
        bytes.start_with?("{")
      end

      # A report that cannot be read is ignored: no model depends on it.
      def report(text)
        Report.of(JSON.parse(text, symbolize_names: true)) unless text.empty?
      rescue JSON::ParserError, ArgumentError, KeyError, TypeError, NoMethodError
        nil
      end
      private_class_method :split_sheets, :json?, :report
    end
  end
end
