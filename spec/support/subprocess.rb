# frozen_string_literal: true

require "open3"
require "rbconfig"

# Runs a program in a new process, which shares nothing with this one but what it can load.
module Subprocess
  module_function

  # @param arguments [Array<String>] for `ruby`
  # @return [Array<String>] the command that runs them with what this process can load
  def command(*arguments)
    [RbConfig.ruby, *$LOAD_PATH.flat_map { |path| ["-I", path] }, *arguments]
  end

  # @param program [String] Ruby
  # @param options [Array<String>] for `ruby`
  # @return [Array(String, String)] what it wrote to $stdout and to $stderr
  # @raise [RuntimeError] when it fails; says what it wrote to $stderr
  def capture(program, *options)
    out, err, status = Open3.capture3(*command(*options, "-e", program))
    raise "the program failed:\n#{err}" unless status.success?

    [out, err]
  end
end
