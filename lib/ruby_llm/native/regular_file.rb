# frozen_string_literal: true

module RubyLLM
  module Native
    # Reads a file that may have been replaced by something else: a FIFO, terminal or device would block without end,
    # and a size that is only claimed would be allocated.
    #
    # @example
    #   RegularFile.read("config/llm_models.json")
    #
    # @api private
    module RegularFile
      module_function

      # Read a registry that a user has named, in whatever format.
      #
      # @param path [String, Pathname]
      # @yieldparam bytes [String] binary
      # @return [Object] what the block returned
      # @raise [Native::Error] names the file when it cannot be read, or the block cannot make sense of it
      def parse(path)
        yield read(path)
      rescue SystemCallError, Error => error
        raise Error, "The registry file #{path} cannot be read: #{error.message}"
      end
    end
  end
end
