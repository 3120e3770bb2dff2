# frozen_string_literal: true

require "securerandom"

module RubyLLM
  module Native
    # Writes a file so that readers see either the old one or the new one, never a part.
    #
    # The new file is a draft beside the old one until it is on disk. Its writer holds a lock on it, so a draft without
    # a lock was left behind by a killed process, and the next write removes it.
    module AtomicFile
      FLAGS = ::File::RDWR | ::File::CREAT | ::File::EXCL | ::File::BINARY | ::File::SHARE_DELETE
      DRAFT = /\.\h{12}\.tmp\z/
      private_constant :FLAGS, :DRAFT

      module_function

      # Keeps the mode of an existing file, without its bits that let everybody write or execute it. A symbolic link is
      # replaced, never followed.
      #
      # @param path [String, Pathname]
      # @param bytes [String]
      # @return [File::Stat] of the new file
      # @raise [SystemCallError] the old file is then unchanged
      # @raise [Native::Error] when the path is not a regular file
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

        raise Error, "#{path} must be a regular file, got a #{stat.ftype}. It was not changed"
      rescue Errno::ENOENT, Errno::ENOTDIR
        nil
      end
      private_class_method :old_file

      # @return [File::Stat, nil] nil: another process removed the draft as abandoned
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
        file.binmode # without it the program's default_internal, which Rails sets, would transcode the bytes
        file.write(bytes)
        file.fsync
      end
      private_class_method :fill

      def mode(old)
        old && (old.mode & 0o664)
      end
      private_class_method :mode

      # With another owner, the same bits would admit other users than before.
      def owned_alike?(old, new)
        old.uid == new.uid && old.gid == new.gid
      end
      private_class_method :owned_alike?

      # Another process may have locked and removed the draft before this one locked it.
      def lock(file, draft)
        file.flock(::File::LOCK_EX | ::File::LOCK_NB) && ::File.identical?(file, draft)
      rescue SystemCallError, NotImplementedError
        true # a file system without locks, where no process removes drafts
      end
      private_class_method :lock

      def remove_abandoned_drafts(path)
        name = ::File.basename(path).b
        Dir.each_child(::File.dirname(path)) do |child|
          if child.b.start_with?("#{name}.") && child.b.sub(DRAFT, "") == name
            remove_abandoned("#{path}#{child.b[DRAFT]}")
          end
        end
      rescue SystemCallError
        nil # the folder will be written to anyway
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

      # After a rename the draft no longer exists. Another exception must not replace the one being raised.
      def remove(draft)
        ::File.unlink(draft)
      rescue SystemCallError
        nil
      end
      private_class_method :remove

      # A rename is durable once its folder is. Not every system can open a folder.
      def sync_folder(folder)
        ::File.open(folder, &:fsync)
      rescue SystemCallError
        nil
      end
      private_class_method :sync_folder
    end
  end
end
