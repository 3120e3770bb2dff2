# frozen_string_literal: true

module RubyLLM
  module Native
    # Reading a file that somebody may have put something else in the place of: a FIFO, a terminal or a device would
    # be waited for without an end, and a size that is only claimed would be allocated.
    #
    # @example
    #   RegularFile.read("config/llm_models.json")
    module RegularFile
      # Bytes; as many as a stored registry may have.
      LIMIT = StoredFile::LIMIT

      # Where somebody has put a FIFO in the file's place since it was looked at, opening does not wait.
      FLAGS = ::File::RDONLY | ::File::BINARY | ::File::NONBLOCK | ::File::NOCTTY
      private_constant :FLAGS

      module_function

      # @param path [String, Pathname]
      # @yieldparam file [File] in binary mode
      # @yieldparam size [Integer] bytes, at most {LIMIT}
      # @return [Object] what the block gave
      # @raise [SystemCallError] when it cannot be opened
      # @raise [Native::Error] when it is not a regular file, or is too large
      def open(path)
        check(::File.stat(path)) # opening a device can already do something
        ::File.open(path, FLAGS) { |file| yield file, check(file.stat) }
      end

      # @param path [String, Pathname]
      # @return [String] binary
      # @raise [SystemCallError, Native::Error] as {open}
      def read(path)
        self.open(path) { |file, size| whole(file, size) }
      end

      # @param file [File]
      # @param size [Integer] bytes that are wanted of it
      # @return [String] binary; shorter when the file ends before
      # @raise [Native::Error] when that does not fit into memory
      def whole(file, size)
        file.read(size).to_s
      rescue NoMemoryError
        raise Error, "it has #{size} bytes, which do not fit into memory"
      end

      def check(stat)
        raise Error, "it must be a regular file, and is a #{WORDS.fetch(stat.ftype, stat.ftype)}" unless stat.file?
        raise Error, "it must have at most #{LIMIT} bytes, and has #{stat.size}" if stat.size > LIMIT

        stat.size
      end
      private_class_method :check

      WORDS = {"fifo" => "FIFO", "characterSpecial" => "device", "blockSpecial" => "device"}.freeze
      private_constant :WORDS
    end
  end
end
