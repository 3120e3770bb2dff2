# frozen_string_literal: true

require "fileutils"
require "time"
require_relative "../atomic_file"

module RubyLLM
  module Native
    # Where a registry is kept between processes. A store is any object with these four methods:
    #
    # - `read` returns the bytes that were last written, or nil
    # - `write(bytes, stamp)` stores them atomically, and returns the stamp under which they are stored, or nil for the
    #   given one
    # - `stamp` returns the stamp of what is stored, cheaply, or nil. If it begins with the time in ISO 8601, `source`
    # can
    #   say how old the registry is
    # - `description` names the store for people
    #
    # Optional are `read_catalog` (returns only the first block of the bytes, which is all that a process needs until it
    # refreshes), `touch(stamp)` (all sources were asked and nothing changed) and `check_on_lookup?` (false: not checked
    # during lookups; the app then calls `RubyLLM.models.catch_up` when it is safe). The bytes have one
    # {FORMAT_VERSION}: store those of different versions separately.
    #
    # An error that a store raises is logged, and the registry stays in memory.
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

        # @return [String] the stamp under which it is now stored
        # @raise [SystemCallError]
        # @raise [Native::Error] when it would be too large to be read again, or the path is not a regular file
        def write(bytes, _stamp)
          limit = RegularFile::LIMIT
          raise Error, "The registry must have at most #{limit} bytes, got #{bytes.bytesize}" if bytes.bytesize > limit

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
