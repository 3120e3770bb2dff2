# frozen_string_literal: true

module Lint
  # The core's folders build on each other in one order; Ruby, libcurl and yajl each have one place.
  class Includes
    CORE = "ext/ruby_llm_native/core"
    ORDER = %w[base json model redact sources block lookup fetch export registry].freeze
    PLACES = {"curl" => "fetch/{http*.c,transfer.[ch]}", "yajl" => "json/json.c"}.freeze
    INCLUDE = /^\s*#\s*include\s*(<|")([^>"]+)[>"]/

    # @param root [String] the project's folder
    def initialize(root)
      @core = File.join(root, CORE)
    end

    # @return [Array<String>] "file:line: what is wrong; what to do"
    def offences
      Dir.glob("**/*.{c,h}", base: @core).sort.flat_map { |path| offences_of(path) }
    end

    private

    def offences_of(path)
      File.foreach(File.join(@core, path), encoding: "UTF-8").with_index(1).filter_map do |line, number|
        mark, header = line.match(INCLUDE)&.captures
        flaw = header && (library(path, header) || (upward(path, header) if mark == '"'))
        "#{CORE}/#{path}:#{number}: #{flaw}" if flaw
      end
    end

    def library(path, header)
      name = header[/\A(ruby|curl|yajl)(?=[.\/])/]
      return if name.nil?
      return "the core must not include #{header}; move what needs Ruby to binding/" if name == "ruby"
      return if File.fnmatch(PLACES[name], path, File::FNM_EXTGLOB)

      "only core/#{PLACES[name]} may include #{header}; call a function of that file instead"
    end

    def upward(path, header)
      own, other = [path, header].map { |name| name.include?("/") ? name[/\A[^\/]+/] : "" }
      unknown = [own, other].find { |folder| !ORDER.include?(folder) }
      return "#{unknown.inspect} is not in ORDER of rakelib/lint/includes.rb; include \"folder/file.h\"" if unknown
      return if ORDER.index(other) <= ORDER.index(own)

      "#{own}/ must not include #{header}, because #{other}/ builds on #{own}/; move what both need down"
    end
  end
end
