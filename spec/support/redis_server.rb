# frozen_string_literal: true

require "fileutils"
require "socket"
require "tmpdir"

# A Redis of the specs' own, behind a UNIX socket, with nothing on disk.
#
# @example
#   redis = RedisServer.start
#   redis.url  # => "unix:///tmp/redis-…/redis.sock"
#   redis.stop
class RedisServer
  # @return [Boolean] whether this machine has it
  def self.there?
    ENV.fetch("PATH").split(":").any? { |folder| File.executable?(File.join(folder, "redis-server")) }
  end

  def self.start
    new.tap(&:wait_until_ready)
  end

  def initialize
    @folder = Dir.mktmpdir("redis-")
    @pid = spawn("redis-server", "--port", "0", "--unixsocket",
      socket, "--save", "", "--appendonly", "no", "--dir", @folder,
      in: File::NULL, out: File.join(@folder, "log"), err: [:child, :out])
    owner = Process.pid
    at_exit { stop if Process.pid == owner }
  end

  def url
    "unix://#{socket}"
  end

  def wait_until_ready
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 20
    begin
      UNIXSocket.open(socket) { |line| line.write("PING\r\n") && line.gets }
    rescue SystemCallError
      sleep 0.02
      retry if Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline
      raise "redis-server does not answer:\n#{File.read(File.join(@folder, "log"))}"
    end
  end

  # May be called twice.
  def stop
    return unless @pid

    Process.kill(:TERM, @pid)
    Process.wait(@pid)
    @pid = nil
    FileUtils.rm_rf(@folder)
  end

  private

  def socket
    File.join(@folder, "redis.sock")
  end
end
