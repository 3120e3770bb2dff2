# frozen_string_literal: true

require "socket"

# Many endpoints on the loopback at once: one thread answers any number of connections, each request after the same
# delay, and counts the connections that are open.
#
# {ReplayServer} takes a thread for each request that waits, and has 64 of them.
#
# @example
#   EndpointServer.open(delay: 0.3) { |path| [200, '{"data":[{"id":"m"}]}'] }
class EndpointServer
  # A connection's answer, when it is due.
  Due = Struct.new(:at, :socket, :answer)
  private_constant :Due

  # @yieldparam path [String] of a request
  # @yieldreturn [Array(Integer, String), :reset, :cut] status and JSON; or what is done at once instead
  # @param delay [Float] seconds before each answer
  # @return [EndpointServer] already listening
  def self.open(delay: 0.0, &answer)
    new(delay, answer)
  end

  # @return [Integer] the most requests that waited for an answer at one time: each has a connection. Of connections
  #   themselves, a busy server sees new ones before the ends of old ones
  attr_reader :most

  def initialize(delay, answer)
    @delay = delay
    @answer = answer
    @listener = TCPServer.new("127.0.0.1", 0)
    @listener.listen(Socket::SOMAXCONN)
    @stopped, @stop = IO.pipe
    @open = {}
    @due = []
    @most = 0
    @thread = Thread.new { serve }
  end

  # @return [String] the base URL of an endpoint
  def url(name)
    "http://127.0.0.1:#{@listener.addr[1]}/#{name}"
  end

  def stop
    @stop.close
    @thread.join
    [*@open.keys, @listener, @stopped].each(&:close)
  end

  private

  def serve
    loop do
      wait = @due.empty? ? nil : [@due.first.at - now, 0].max
      ready, = IO.select([@stopped, @listener, *@open.keys], nil, nil, wait)
      return if ready&.include?(@stopped)

      ready&.each { |io| io.equal?(@listener) ? accept : read(io) }
      give(@due.shift) while @due.any? && @due.first.at <= now
    end
  end

  def accept
    while (socket = @listener.accept_nonblock(exception: false)).is_a?(TCPSocket)
      @open[socket] = +""
    end
  end

  def read(socket)
    bytes = socket.read_nonblock(16_384, exception: false)
    return if bytes == :wait_readable
    return close(socket) unless bytes

    text = @open.fetch(socket) << bytes
    return unless text.end_with?("\r\n\r\n")

    take(socket, @answer.call(text[/\AGET (\S+)/, 1]))
    text.clear
  rescue SystemCallError
    close(socket)
  end

  def take(socket, answer)
    case answer
    when :reset then socket.setsockopt(Socket::Option.linger(true, 0))
    when :cut then socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":[")
    else return wait(Due.new(now + @delay, socket, answer))
    end
    close(socket)
  end

  def wait(due)
    @due << due
    @most = [@most, @due.size].max
  end

  def give(due)
    status, body = due.answer
    return unless @open.key?(due.socket)

    due.socket.write("HTTP/1.1 #{status} So\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
  rescue SystemCallError
    close(due.socket)
  end

  def close(socket)
    @open.delete(socket)
    socket.close
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
