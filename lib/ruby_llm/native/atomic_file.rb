# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    # Writing a file so that readers see the old one or the new one, never half.
    module AtomicFile
      module_function

      # A temporary file beside it, on disk before it takes the name; the mode of a file that is there is kept.
      #
      # @param path [String]
      # @param bytes [String]
      # @return [File::Stat] of what now stands there
      # @raise [SystemCallError] the old file is then as it was
      def write(path, bytes)
        draft = "#{path}.#{SecureRandom.hex(6)}.tmp"
        stat = ::File.open(draft, ::File::WRONLY | ::File::CREAT | ::File::EXCL | ::File::BINARY, 0o666) do |file|
          file.binmode # also where the program transcodes what it writes (default_internal, as Rails sets it)
          file.chmod(::File.stat(path).mode & 0o777) if ::File.exist?(path)
          file.write(bytes)
          file.fsync
          file.stat
        end
        ::File.rename(draft, path)
        sync_folder(::File.dirname(path))
        stat
      ensure
        ::File.unlink(draft) if ::File.exist?(draft)
      end

      # A rename is on disk when its folder is. Not every system lets a folder be opened.
      def sync_folder(folder)
        ::File.open(folder, &:fsync)
      rescue SystemCallError
        nil
      end
      private_class_method :sync_folder
    end
  end
end
