# frozen_string_literal: true

require "fileutils"
require "tmpdir"
require_relative "contestant"
require_relative "documents"
require_relative "results"
require_relative "row"
require_relative "server"

module Bench
  # What is measured, a part each. A part has a title, says what its figures are, measures them, makes rows of them, and
  # says of rows that miss their goals (`MISSED`) where the time goes, and what to try next.
  module Parts
    NATIVE = Contestant::NATIVE.name
    BESIDE = Contestant::BESIDE.name
    NEWEST = Contestant::NEWEST.name

    module_function

    # @return [Array<Module>] in the order of the page
    def all
      [Lookup, Start, Refresh, Endpoints, Waiting, Save, Growth, Workers]
    end

    def named(name)
      all.find { |part| name == part::NAME } or abort "There is no part #{name}"
    end

    # The models as ruby_llm keeps them, and as we do.
    #
    # @yieldparam file [String] a registry file
    # @yieldparam folder [String] of a stored registry
    def with_registry(write = Documents.method(:write_registry))
      Dir.mktmpdir do |folder|
        file = "#{folder}/models.json"
        write.call(file)
        Contestant::NATIVE.run("store", file: file, folder: folder)
        yield file, folder
      end
    end
  end
end

Dir["#{__dir__}/parts/*.rb"].each { |file| require file }
