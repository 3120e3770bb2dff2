# frozen_string_literal: true

module RubyLLM
  module Native
    # Aligns rows in columns, for people.
    #
    # @api private
    module TableColumns
      module_function

      # @param rows [Array<Array<String>>] all of the same length
      # @param right [Array<Integer>, Range] the columns to align on the right
      # @param indent [Integer]
      # @return [Array<String>] one line per row
      # @example
      #   TableColumns.lines([["a", "bc"], ["def", "g"]])  # => ["a    bc", "def  g"]
      def lines(rows, right: [], indent: 0)
        widths = rows.transpose.map { |column| column.map(&:length).max }
        rows.map do |row|
          cells = row.each_with_index.map do |cell, column|
            right.include?(column) ? cell.rjust(widths[column]) : cell.ljust(widths[column])
          end
          "#{" " * indent}#{cells.join("  ").rstrip}"
        end
      end

      # For `pp`: prints a text of several lines as it is.
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
    private_constant :TableColumns
  end
end
