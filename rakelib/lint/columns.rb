# frozen_string_literal: true

module Lint
  # Lines that fit: clang-format and standard leave long strings and long comments as they are.
  class Columns
    MOST = 120
    FOLDERS = %w[bench bin ext fuzz gemfiles lib rakelib sig spec].freeze
    # Not broken by hand, or one row a line.
    DATA = %w[
      spec/fixtures/ spec/approved/ lib/ruby_llm/native/known_endpoints/by_hand.json
      lib/ruby_llm/native/known_endpoints/generated.json
    ].freeze

    # @return [Array<String>] what is checked; built files are no texts, and are left out when they are read
    def self.files(root)
      Dir.glob("{#{FOLDERS.join(",")}}/**/*", base: root).select { |path| File.file?(File.join(root, path)) }
    end

    # @param root [String] the project's folder
    # @param paths [Array<String>] files below it
    def initialize(root, paths)
      @root = root
      @paths = paths
    end

    # @return [Array<String>] "file:line: what is wrong; what to do"
    def offences
      @paths.reject { |path| path.start_with?(*DATA) }.sort.flat_map { |path| offences_of(path) }
    end

    private

    def offences_of(path)
      text = File.read(File.join(@root, path), encoding: "UTF-8")
      return [] if !text.valid_encoding? || text.include?("\0") # not a text

      text.each_line(chomp: true).with_index(1).select { |line, _| line.length > MOST }.map do |line, number|
        "#{path}:#{number}: #{line.length} columns, #{MOST} at most; break the line, or give a part of it a name"
      end
    end
  end
end
