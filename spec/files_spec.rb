# frozen_string_literal: true

require "securerandom"
require "socket"
require_relative "spec_helper"
require_relative "support/homes"

RSpec.describe "files" do
  around { |example| Dir.mktmpdir("rlm-files") { |folder| (@folder = folder) && Timeout.timeout(60) { example.run } } }

  let(:path) { File.join(@folder, "models.json") }

  def drafts
    Dir.children(@folder).grep(/\.tmp\z/)
  end

  def mode(path)
    File.lstat(path).mode & 0o7777
  end

  describe RubyLLM::Native::AtomicFile do
    def write(bytes, to: path)
      described_class.write(to, bytes)
    end

    # Another process that has a draft, and the lock on it, until it is told to end.
    def writer
      here, there = UNIXSocket.pair
      pid = fork do
        here.close
        draft = File.open("#{path}.#{SecureRandom.hex(6)}.tmp", "wb")
        draft.flock(File::LOCK_EX)
        draft.write("half of")
        there.write("!")
        there.read(1)
        exit!(0)
      end
      there.close
      here.read(1)
      [pid, here]
    end

    # A process that writes one file after the other, each of "new" and 4 MB of one letter.
    def endless_writer
      fork do
        ("a".."z").cycle { |letter| write("new#{letter * (4 << 20)}") }
      ensure
        exit!(0)
      end
    end

    it "leaves the old file or a new one when its process is killed, whenever that is" do
      write("new")
      12.times do |round|
        pid = endless_writer
        sleep(0.002 * round)
        Process.kill(:KILL, pid)
        Process.wait(pid)
        expect([3, 3 + (4 << 20)]).to include(File.size(path))
        expect(File.read(path)).to match(/\Anew([a-z]?)\1*\z/)
      end
      write("last")
      expect([File.read(path), drafts]).to eq(["last", []])
    end

    it "leaves the old file when the new one does not fit" do
      write("old")
      pid = fork do
        trap(:XFSZ, "IGNORE")
        Process.setrlimit(Process::RLIMIT_FSIZE, 1000)
        write("n" * 2000)
        exit!(1)
      rescue Errno::EFBIG => error
        exit!((error.message == "File too large - #{path}") ? 0 : 1)
      end

      expect(Process.wait2(pid).last).to be_success
      expect([File.read(path), drafts]).to eq(["old", []])
    end

    it "lets an exception of another thread through, once the file is written" do
      write("old")
      [Interrupt, Class.new(RuntimeError), Class.new(Exception)].each do |exception|
        thread = Thread.new { loop { write("new" * (1 << 20)) } }
        thread.report_on_exception = false
        sleep(0.02)
        thread.raise(exception, "enough")

        expect { thread.value }.to raise_error(exception, "enough")
        expect([File.size(path), drafts]).to eq([3 << 20, []])
      end
    end

    it "is over before Thread#kill" do
      write("old")
      thread = Thread.new { loop { write("new" * (1 << 20)) } }
      sleep(0.05)
      thread.kill.join

      expect([File.size(path), drafts]).to eq([3 << 20, []])
    end

    it "names the file in its errors" do
      nowhere = File.join(@folder, "none", "models.json")
      expect { write("new", to: nowhere) }
        .to raise_error(Errno::ENOENT, "No such file or directory - #{nowhere}")
      expect { write("new", to: "a\0b") }.to raise_error(ArgumentError)
      expect { write(7) }.to raise_error(TypeError)
    end

    it "takes a path without a folder, and says what it wrote" do
      Dir.chdir(@folder) { expect(write("new", to: "models.json").last).to eq(3) }
      time, inode, size = write("newer")
      expect([time, inode, size]).to eq(File.stat(path).then { |stat| [stat.mtime, stat.ino, stat.size] })
    end

    it "removes the drafts of killed writers, and no other file" do
      others = ["models.json.tmp", "models.json.0123456789ab",
        "models.json.0123456789abcd.tmp", "models.json.0123456789xy.tmp",
        "models_json.0123456789ab.tmp", "other.json.0123456789ab.tmp"]
      others.each { |name| File.write(File.join(@folder, name), "mine") }
      Dir.mkdir(File.join(@folder, "models.json.ba9876543210.tmp"))
      pids = Array.new(3) { writer.first }
      pids.each { |pid| Process.kill(:KILL, pid) && Process.wait(pid) }
      expect(drafts.grep(/\Amodels\.json\.\h{12}\.tmp\z/).size).to eq(4)

      write("new")
      expect(Dir.children(@folder)).to match_array(["models.json", "models.json.ba9876543210.tmp", *others])
    end

    it "leaves the draft of a living writer alone, until it has ended" do
      pid, socket = writer
      3.times { write("mine") }
      expect([File.read(path), drafts.size]).to eq(["mine", 1])

      socket.write("!")
      Process.wait(pid)
      write("mine again")
      expect(drafts).to be_empty
    end

    it "takes names that are no patterns, in any encoding" do
      %w[a[b]*{c}?.rlm résumé.rlm].each do |name|
        odd = File.join(@folder, name)
        File.write("#{odd}.0123456789ab.tmp", "left behind")
        write("new", to: odd)
        expect([File.read(odd), drafts]).to eq(["new", []])
      end
    end

    {
      0o777 => 0o664, 0o666 => 0o664, 0o606 => 0o604, 0o646 => 0o644, 0o6755 => 0o644, 0o640 => 0o640, 0o600 => 0o600
    }.each do |old, new|
      it format("makes %o of a file that is %o", new, old) do
        write("old")
        File.chmod(old, path)
        write("new")
        expect(format("%o", mode(path))).to eq(format("%o", new))
      end
    end

    it "gives a file in place of another user's no more than both allow" do
      skip "only root may give a file away" unless Process.uid.zero?
      write("old")
      File.chmod(0o664, path)
      File.chown(65_534, 65_534, path)
      write("new")
      expect([mode(path), File.stat(path).uid]).to eq([0o664 & ~File.umask, 0])
    end

    it "replaces a link, and neither writes where it points nor takes the mode from there" do
      File.write(target = File.join(@folder, "elsewhere"), "precious")
      File.chmod(0o777, target)
      [target, File.join(@folder, "nowhere"), path].each do |points_to|
        FileUtils.rm_f(path)
        File.symlink(points_to, path)
        write("new")
        expect([File.lstat(path).ftype, mode(path), File.read(path)]).to eq(["file", 0o666 & ~File.umask, "new"])
      end
      expect([File.read(target), File.exist?(File.join(@folder, "nowhere"))]).to eq(["precious", false])
    end

    it "leaves alone what is not a file" do
      File.mkfifo(path)
      expect { write("new") }
        .to raise_error(RubyLLM::Native::Error, "#{path} must be a regular file, got a FIFO. It was not changed")
      File.unlink(path)
      Dir.mkdir(path)
      expect { write("new") }.to raise_error(RubyLLM::Native::Error, /must be a regular file, got a directory/)
      Dir.unlink(path)
      UNIXServer.open(path) do
        expect { write("new") }.to raise_error(RubyLLM::Native::Error, /must be a regular file, got a socket/)
      end
      expect([File.lstat(path).ftype, drafts]).to eq(["socket", []])
    end
  end

  describe "#{RubyLLM::Native::AtomicFile}.write_with_folder" do
    def write(to)
      RubyLLM::Native::AtomicFile.write_with_folder(to, "new")
    end

    it "makes all folders that are missing, as open as the umask allows" do
      mask = File.umask(0o027)
      deep = File.join(@folder, "some", "new", "folder", "models.json")
      expect(write(deep).last).to eq(3)
      expect([File.read(deep), mode(File.dirname(deep)), mode(deep)]).to eq(["new", 0o750, 0o640])
    ensure
      File.umask(mask)
    end

    it "names the folder that cannot be made" do
      File.symlink("nowhere", link = File.join(@folder, "link"))
      expect { write(File.join(link, "below", "models.json")) }.to raise_error(Errno::EEXIST, "File exists - #{link}")
      expect { write("/proc/none/below/models.json") }
        .to raise_error(Errno::ENOENT, "No such file or directory - /proc/none")
    end

    it "takes a folder that others make at the same time" do
      20.times do |number|
        paths = Array.new(4) { |writer| File.join(@folder, number.to_s, "a", "b", "c", writer.to_s) }
        paths.map { |path| Thread.new { write(path) } }.each(&:value)
        expect(paths.map { |path| File.read(path) }).to eq(["new"] * 4)
      end
    end
  end

  describe RubyLLM::Native::RegularFile do
    it "reads bytes, and knows no encoding" do
      File.binwrite(path, "r\xC3\xA9sum\xFF")
      expect(described_class.read(Pathname(path))).to eq("r\xC3\xA9sum\xFF".b)
      expect(described_class.read(path).encoding).to eq(Encoding::BINARY)
      File.binwrite(path, "")
      expect(described_class.read(path)).to eq("")
    end

    it "names the file in its errors" do
      expect { described_class.read(path) }.to raise_error(Errno::ENOENT, "No such file or directory - #{path}")
      expect { RubyLLM::Native::Catalog.read(path) }
        .to raise_error(Errno::ENOENT, "No such file or directory - #{path}")
      expect { described_class.read("a\0b") }.to raise_error(ArgumentError)
      expect { described_class.read(nil) }.to raise_error(TypeError)
    end

    it "says that a file does not fit into memory" do
      File.open(path, "wb") { |file| file.truncate(1 << 30) }
      child = fork do
        Process.setrlimit(Process::RLIMIT_AS, File.read("/proc/self/statm").to_i * 4096 + (300 << 20))
        described_class.read(path)
      rescue RubyLLM::Native::Error => error
        exit!((error.message == "it does not fit into memory: 1073741824 bytes") ? 0 : 1)
      end
      expect(Process.wait2(child).last).to be_success
    end

    it "leaves no file open in a thread that is killed" do
      File.binwrite(path, RubyLLM::Native::Catalog.empty.bytes + ("x" * (8 << 20)))
      before = Dir.children("/proc/self/fd").size
      20.times do |round|
        thread = Thread.new { loop { described_class.read(path) && RubyLLM::Native::Catalog.read(path) } }
        sleep(0.001 * round)
        thread.kill.join
      end
      expect(Dir.children("/proc/self/fd").size).to be <= before
    end

    it "is not kept from reading by an exception that has to wait" do
      File.binwrite(path, "text")
      read = nil
      masked = Thread::Queue.new
      thread = Thread.new do
        Thread.handle_interrupt(StandardError => :never) do
          masked.push(true)
          sleep 0.001 until Thread.pending_interrupt?
          read = described_class.read(path)
        end
      end
      thread.report_on_exception = false
      masked.pop
      thread.raise(IOError, "enough")

      expect { thread.value }.to raise_error(IOError, "enough")
      expect(read).to eq("text")
    end
  end

  # What can stand where a file belongs, and must not be opened.
  def self.intruders
    {
      "a FIFO" => ->(path) { File.mkfifo(path) },
      "a link to a FIFO" => ->(path) { File.mkfifo("#{path}.fifo") && File.symlink("#{path}.fifo", path) },
      "a folder" => ->(path) { Dir.mkdir(path) },
      "a socket" => ->(path) { UNIXServer.open(path, &:path) },
      "an endless device" => ->(path) { File.symlink("/dev/zero", path) },
      "a terminal" => ->(path) { File.symlink("/dev/ptmx", path) },
      "a file of two gigabytes without a block on disk" =>
        ->(path) { File.open(path, "wb") { |file| file.truncate(2 << 30) } }
    }
  end

  intruders.each do |what, put|
    it "does not read #{what} as a registry file, and says so" do
      put.call(path)
      registry = RubyLLM::Native::Registry.new { RubyLLM::Native::Configuration.new }
      limits = "(be a regular file, got a|have at most 1073741824 bytes, got 2147483648)"
      wrong = /\AThe registry file #{path} cannot be read: it must #{limits}/

      expect { registry.load_from_json(path) }.to raise_error(RubyLLM::Native::Error, wrong)
      expect { registry.import_json(path) }.to raise_error(RubyLLM::Native::Error, wrong)
      expect { RubyLLM::Native.diff(path, registry) }.to raise_error(RubyLLM::Native::Error, wrong)
    end
  end

  describe "a stored registry" do
    include_context "with a kept registry"

    intruders.each do |what, put|
      it "is kept in memory where #{what} is in its place" do
        put.call(file)
        before = File.lstat(file).ftype
        took = seconds { expect(registry.to_a).to eq([]) }

        expect(took).to be < 10
        expect(warnings).to contain_exactly(/cannot be read: it must (be a regular file|have at most)/)
        expect(registry.refresh!(only: :openai).listed.size).to eq(12)
        expect(kept_registry.to_a.size).to eq(%w[link file].include?(before) ? 12 : 0)
        expect(File.lstat(file).ftype).to eq((before == "link") ? "file" : before)
      end
    end

    # Where the head says how long its block is.
    def claim(size)
      registry.refresh!(only: :openai)
      bytes = File.binread(file)
      bytes[40, 8] = [size].pack("Q")
      File.binwrite(file, bytes)
    end

    it "does not believe the size that its head claims" do
      [900 << 20, 1 << 29, 95, 0, (1 << 64) - 1].each do |size|
        claim(size)
        log.truncate(0)
        expect(kept_registry.to_a).to eq([])
        expect(warnings)
          .to contain_exactly(/cannot be read: unusable registry block: it is cut off/), size.to_s
      end
    end

    it "allocates nothing for a size that is there without being a block's" do
      claim(900 << 20)
      File.truncate(file, 901 << 20)
      child = fork do
        Process.setrlimit(Process::RLIMIT_AS, File.read("/proc/self/statm").to_i * 4096 + (300 << 20))
        exit!((kept_registry.to_a == [] && warnings.grep(/its parts do not add up to its size/).size == 1) ? 0 : 1)
      end
      expect(Process.wait2(child).last).to be_success
    end

    it "is not written where it would be too large to be read again" do
      stub_const("RubyLLM::Native::RegularFile::LIMIT", 1000)
      registry.refresh!(only: :openai)
      expect(warnings).to contain_exactly(/cannot be written: The registry must have at most 1000 bytes, got \d+/)
      expect(Dir.children(folder)).to be_empty
    end
  end

  describe "an exception from another thread" do
    include_context "with a kept registry"

    # A store that is slow, and tells when it has begun.
    let(:store) do
      Class.new do
        attr_reader :began, :written

        def initialize
          @began = Queue.new
        end

        def read = nil

        def stamp = nil

        def description = "a slow store"

        def write(bytes, stamp)
          @began.push(true)
          sleep 0.2
          @written = bytes
          stamp
        end
      end.new
    end

    before { config.catalog_store = store }

    [Class.new(StandardError), Class.new(IOError), Class.new(Timeout::Error), Interrupt].each do |exception|
      it "is not taken for the store's: #{exception.ancestors.find(&:name)}" do
        thread = Thread.new { registry.refresh!(only: :openai) }
        thread.report_on_exception = false
        store.began.pop
        thread.raise(exception, "enough")

        expect { thread.value }.to raise_error(exception, "enough")
        expect(warnings).to be_empty
      end
    end

    it "is a deadline that the program has set" do
      late = Class.new(StandardError)
      expect { Timeout.timeout(0.1, late) { registry.refresh!(only: :openai) } }.to raise_error(late)
      expect { Timeout.timeout(0.1) { registry.refresh!(only: :openai) } }.to raise_error(Timeout::Error)
      expect(warnings).to be_empty
    end
  end
end
