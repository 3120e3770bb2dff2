# frozen_string_literal: true

require "fileutils"
require "time"
require_relative "../atomic_file"

module RubyLLM
  module Native
    # Where a registry is kept between processes. A store is any object with these four methods:
    #
    # - `read` gives the bytes that were written last, or nil
    # - `write(bytes, stamp)` keeps them, whole or not at all, and gives the stamp under which they are now kept, or
    #   nil for the one given
    # - `stamp` gives the stamp of what is kept now, cheaply, or nil. It begins with the time in ISO 8601, then
    #   `source` can say how old it is
    # - `description` names the store for people
    #
    # and, if it likes, `read_catalog` (the first block of the bytes alone, which is all that a process needs until it
    # refreshes), `touch(stamp)` (everything was asked anew and is still the same) and `check_on_lookup?` (false: not
    # to be looked at during a lookup; the app then calls `RubyLLM.models.catch_up` where it suits). The bytes are of
    # one {FORMAT_VERSION}: keep those of different versions apart.
    #
    # Whatever a store raises is logged, and the registry goes on in memory.
    module Stores
      # A file, replaced whole.
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

        # @return [String, nil]
        def read_catalog
          RegularFile.open(path) do |file, size|
            first = StoredFile.size_of_first(file.read(BLOCK_HEAD).to_s, size)
            file.rewind
            RegularFile.whole(file, first)
          end
        rescue Errno::ENOENT, Errno::ENOTDIR
          nil
        end

        # @return [String] the stamp under which it is now kept
        # @raise [SystemCallError]
        # @raise [Native::Error] when it would be larger than what is read again, or something other than a file
        #   stands there
        def write(bytes, _stamp)
          raise Error, "The registry has #{bytes.bytesize} bytes, more than #{RegularFile::LIMIT}" if bytes.bytesize > RegularFile::LIMIT

          FileUtils.mkdir_p(::File.dirname(path))
          stamp_of(AtomicFile.write(path, bytes))
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
          stamp_of(::File.stat(path))
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

        def stamp_of(stat)
          "#{stat.mtime.utc.iso8601(9)} #{stat.ino} #{stat.size}"
        end
      end
    end
  end
end
