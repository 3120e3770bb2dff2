# frozen_string_literal: true

module RubyLLM
  module Native
    module Stores
      # A file that is replaced atomically.
      #
      # @example
      #   RubyLLM.config.catalog_store = RubyLLM::Native::Stores::File.new("/var/cache/app/models.rlm")
      class File
        # @return [String]
        attr_reader :path

        # @param path [String, Pathname]
        def initialize(path)
          @path = path.to_s
        end

        # @return [String, nil]
        def read
          RegularFile.read(path)
        rescue Errno::ENOENT, Errno::ENOTDIR
          nil
        end

        # @api private
        # @return [String, nil] what the version of this gem before has stored, in a folder where each has a file
        def read_older
          return unless ::File.basename(path) == Location::FILE_NAME

          RegularFile.read(::File.join(::File.dirname(path), Location::OLDER_FILE_NAME))
        rescue Errno::ENOENT, Errno::ENOTDIR
          nil
        end

        # @return [String, nil]
        def read_catalog
          load_catalog&.bytes
        end

        # @api private
        # @return [Catalog, nil] what {#read_catalog} returns, without a String in between
        def load_catalog
          Catalog.read(path)
        rescue Errno::ENOENT, Errno::ENOTDIR
          nil
        end

        # @return [String] the stamp under which it is now stored
        # @raise [SystemCallError]
        # @raise [Native::Error] when it would be too large to be read again, or the path is not a regular file
        def write(bytes, _stamp)
          limit = RegularFile::LIMIT
          raise Error, "The registry must have at most #{limit} bytes, got #{bytes.bytesize}" if bytes.bytesize > limit

          stamp_of(*AtomicFile.write_with_folder(path, bytes))
        end

        # @return [String, nil]
        def touch(_stamp)
          ::File.utime(nil, nil, path)
          stamp
        rescue Errno::ENOENT
          nil
        end

        # @return [String, nil] changes with every write
        def stamp
          stat = ::File::Stat.new(path) # keeps the interpreter's lock: to wait for it again takes longer than a stat
          stamp_of(stat.mtime, stat.ino, stat.size)
        rescue Errno::ENOENT, Errno::ENOTDIR
          nil
        end

        # @return [String]
        def description
          "the file #{path}"
        end

        # @return [String]
        def inspect
          "#<#{self.class.name} #{path}>"
        end

        private

        def stamp_of(time, inode, size)
          "#{time.utc.strftime("%FT%T.%9NZ")} #{inode} #{size}"
        end
      end
    end
  end
end
