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
      # The most bytes that a file may have, and a stored registry anywhere else.
      LIMIT = 1 << 30

      # If the file was replaced by a FIFO since it was checked, opening it does not block.
      FLAGS = ::File::RDONLY | ::File::BINARY | ::File::NONBLOCK | ::File::NOCTTY
      private_constant :FLAGS

      module_function

      # @param path [String, Pathname]
      # @yieldparam file [File] in binary mode
      # @yieldparam size [Integer] bytes, at most {LIMIT}
      # @return [Object] what the block returned
      # @raise [SystemCallError] when it cannot be opened
      # @raise [Native::Error] when it is not a regular file, or too large
      def open(path)
        check(::File.stat(path)) # before opening, because opening a device can already have an effect
        ::File.open(path, FLAGS) { |file| yield file, check(file.stat) }
      end

      # @param path [String, Pathname]
      # @return [String] binary
      # @raise [SystemCallError, Native::Error] like {open}
      def read(path)
        self.open(path) { |file, size| whole(file, size) }
      end

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

      # @param file [File]
      # @param size [Integer] bytes to read
      # @return [String] binary; shorter when the file ends earlier
      # @raise [Native::Error] when they do not fit into memory
      def whole(file, size)
        file.read(size).to_s
      rescue NoMemoryError
        raise Error, "it does not fit into memory: #{size} bytes"
      end

      def check(stat)
        raise Error, "it must be a regular file, got a #{WORDS.fetch(stat.ftype, stat.ftype)}" unless stat.file?
        raise Error, "it must have at most #{LIMIT} bytes, got #{stat.size}" if stat.size > LIMIT

        stat.size
      end
      private_class_method :check

      WORDS = {"fifo" => "FIFO", "characterSpecial" => "device", "blockSpecial" => "device"}.freeze
      private_constant :WORDS
    end
  end
end
