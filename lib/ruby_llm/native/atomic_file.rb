# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    # Writing a file so that readers see the old one or the new one, never half.
    #
    # The new one is a draft beside it until it is on disk. Its writer holds a lock on it: a draft that nobody has
    # locked was left behind by a process that was killed, and the next write removes it.
    module AtomicFile
      FLAGS = ::File::RDWR | ::File::CREAT | ::File::EXCL | ::File::BINARY | ::File::SHARE_DELETE
      DRAFT = /\.\h{12}\.tmp\z/
      private_constant :FLAGS, :DRAFT

      module_function

      # The mode of a file that is there is kept, but for what lets everybody write or run it. A link is replaced,
      # never followed.
      #
      # @param path [String, Pathname]
      # @param bytes [String]
      # @return [File::Stat] of what now stands there
      # @raise [SystemCallError] the old file is then as it was
      # @raise [Native::Error] when something other than a file stands there
      def write(path, bytes)
        path = path.to_s
        old = old_file(path)
        remove_abandoned_drafts(path)
        nil until (stat = attempt(path, bytes, old))
        sync_folder(::File.dirname(path))
        stat
      end

      # @return [File::Stat, nil]
      def old_file(path)
        stat = ::File.lstat(path)
        return stat if stat.file?
        return if stat.symlink?

        raise Error, "#{path} is a #{stat.ftype}, not a file: it is left alone"
      rescue Errno::ENOENT, Errno::ENOTDIR
        nil
      end
      private_class_method :old_file

      # @return [File::Stat, nil] nil: the draft was taken for an abandoned one
      def attempt(path, bytes, old)
        draft = "#{path}.#{SecureRandom.hex(6)}.tmp"
        begin
          ::File.open(draft, FLAGS, mode(old) || 0o666) do |file|
            next unless lock(file, draft)

            file.chmod(mode(old)) if old && owned_alike?(old, file.stat)
            fill(file, bytes)
            ::File.rename(draft, path)
            file.stat
          end
        ensure
          remove(draft)
        end
      end
      private_class_method :attempt

      def fill(file, bytes)
        file.binmode # also where the program transcodes what it writes (default_internal, as Rails sets it)
        file.write(bytes)
        file.fsync
      end
      private_class_method :fill

      def mode(old)
        old && (old.mode & 0o664)
      end
      private_class_method :mode

      # Else the same bits would let in others than before.
      def owned_alike?(old, new)
        old.uid == new.uid && old.gid == new.gid
      end
      private_class_method :owned_alike?

      # Whoever cleans up may have locked and removed it before we could lock it.
      def lock(file, draft)
        file.flock(::File::LOCK_EX | ::File::LOCK_NB) && ::File.identical?(file, draft)
      rescue SystemCallError, NotImplementedError
        true # a file system without locks: there nobody cleans up
      end
      private_class_method :lock

      def remove_abandoned_drafts(path)
        name = ::File.basename(path).b
        Dir.each_child(::File.dirname(path)) do |child|
          remove_abandoned("#{path}#{child.b[DRAFT]}") if child.b.start_with?("#{name}.") && child.b.sub(DRAFT, "") == name
        end
      rescue SystemCallError
        nil # the folder will be written to all the same
      end
      private_class_method :remove_abandoned_drafts

      def remove_abandoned(draft)
        return unless ::File.lstat(draft).file?

        ::File.open(draft, ::File::RDWR | ::File::NONBLOCK) do |file|
          remove(draft) if file.flock(::File::LOCK_EX | ::File::LOCK_NB)
        end
      rescue SystemCallError, NotImplementedError
        nil
      end
      private_class_method :remove_abandoned

      # One that is not there any more has taken its name. What stops us may not be replaced by another exception.
      def remove(draft)
        ::File.unlink(draft)
      rescue SystemCallError
        nil
      end
      private_class_method :remove

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
