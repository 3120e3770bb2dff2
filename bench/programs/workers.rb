# frozen_string_literal: true

# Bytes of memory that forked workers do not share with their parent, by what they do. The parent has opened the
# registry, or only loaded the library.

require_relative "program"

FIRST = 5 # workers that find what only the first ones cost: they are not counted

def private_bytes(pid)
  maps = File.read("/proc/#{pid}/smaps_rollup")
  maps.scan(/^Private_(?:Clean|Dirty):\s+(\d+)/).sum { |kilobytes,| kilobytes.to_i * 1024 }
end

def workers(count)
  told, tell = IO.pipe
  wait, go = IO.pipe
  pids = Array.new(count) do
    fork do
      [told, go].each(&:close)
      yield
      tell.write(".")
      wait.read
      exit!(0)
    end
  end
  [tell, wait].each(&:close)
  told.read(count)
  pids.map { |pid| private_bytes(pid) }
ensure
  go.close
  pids.each { |pid| Process.wait(pid) }
end

Program.activate
Program.load
file, folder, names, count, open = Program::SETTINGS.values_at(:file, :folder, :names, :workers, :open)
Program.configure(file, folder)
names = names.map(&:first).cycle.first(100)
models = RubyLLM.models if open
models&.find(names.first)
work = -> { names.each { |name| models ? models.find(name) : name } }
Program.collect
workers(FIRST, &work)
Program.tell(Program.median(workers(count, &work)))
