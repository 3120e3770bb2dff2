# frozen_string_literal: true

module RubyLLM
  module Native
    # Rows in columns, for people to read.
    module TableColumns
      module_function

      # @param rows [Array<Array<String>>] all of one length
      # @param right [Array<Integer>, Range] the columns that are aligned at their right
      # @param indent [Integer]
      # @return [Array<String>] a line each
      # @example
      #   TableColumns.lines([["a", "bc"], ["def", "g"]])  # => ["a    bc", "def  g"]
      def lines(rows, right: [], indent: 0)
        widths = rows.transpose.map { |column| column.map(&:length).max }
        rows.map do |row|
          cells = row.each_with_index.map { |cell, column| right.include?(column) ? cell.rjust(widths[column]) : cell.ljust(widths[column]) }
          "#{" " * indent}#{cells.join("  ").rstrip}"
        end
      end

      # For `pp`: a text of several lines as it stands.
      #
      # @param printer [PP]
      # @param text [String]
      # @return [void]
      def pretty_print(printer, text)
        text.each_line.with_index do |line, number|
          printer.breakable if number.positive?
          printer.text(line.chomp)
        end
      end
    end
  end
end
