# frozen_string_literal: true

# Begins a chat with each model and way of thinking of standard input, and prints what arrived at a server of its own:
# a list of bodies, or why ruby_llm sent nothing. Run with and without this gem; the first argument is the gem to
# require.

require "json"
require "logger"
require "socket"
require ARGV.fetch(0)

# Notes what is posted, and refuses it.
class Desk
  attr_reader :port, :posted

  def initialize
    @socket = TCPServer.new("127.0.0.1", 0)
    @port = @socket.addr[1]
    @posted = []
    Thread.new { loop { serve(@socket.accept) } }
  end

  def serve(client)
    path = client.gets.split[1]
    length = 0
    while (line = client.gets.chomp) != ""
      length = line[/\d+/].to_i if line.downcase.start_with?("content-length:")
    end
    @posted << [path, JSON.parse(client.read(length))]
    head = ["HTTP/1.1 400 Bad Request", "Content-Type: application/json", "Content-Length: 2", "Connection: close"]
    client.write("#{head.join("\r\n")}\r\n\r\n{}")
  ensure
    client.close
  end
end

def ask(chat, way)
  case way
  when "on" then chat.with_thinking
  when "off" then chat.with_thinking(false)
  when Integer then chat.with_thinking(budget: way)
  else chat.with_thinking(effort: way.to_sym)
  end
  chat.ask("Two and v2?")
rescue ArgumentError => error
  error.message
rescue RubyLLM::Error
  "refused" # by the desk
end

desk = Desk.new
chats = JSON.parse($stdin.read)
RubyLLM.configure do |config|
  config.registry_path = false if config.respond_to?(:registry_path)
  config.model_registry_file = File.join(Dir.pwd, "none.json") if RubyLLM::VERSION >= "2"
  config.logger = Logger.new(nil)
  config.max_retries = 0
  chats.map(&:first).uniq.each do |provider|
    config.public_send(:"#{provider}_api_key=", "key")
    config.public_send(:"#{provider}_api_base=", "http://127.0.0.1:#{desk.port}/#{provider}")
  end
end

told = chats.map do |provider, id, way|
  desk.posted.clear
  said = ask(RubyLLM.chat(model: id, provider: provider.to_sym), way)
  desk.posted.empty? ? said : desk.posted.dup
end
puts JSON.generate(told)
