# frozen_string_literal: true

require "json"
require "rbconfig"

# Many processes of bench/scale/worker.rb which share one store, and do the same tasks at the same time.
class Herd
  LONGEST = 120 # seconds for one task of all

  # @param settings [Hash] of the app
  # @param tasks [Array<String>] of worker.rb
  # @param forked [Boolean] of one master, or each on its own
  # @param preload [Boolean] whether the master opens the registry before it forks
  def self.run(settings, tasks, processes:, forked: true, preload: false)
    herd = new({**settings, tasks: tasks}, processes, forked, preload)
    begin
      yield herd
    ensure
      herd.stop
    end
  end

  attr_reader :ready_at

  def initialize(settings, processes, forked, preload)
    @processes = processes
    @reports, @to_report = IO.pipe
    @steps = Array.new(settings[:tasks].size + 1) { IO.pipe }
    all = forked ? [{workers: processes, preload: preload}] : Array.new(processes) { |number| {number: number} }
    @started = all.map { |each| start({**settings, **each}) }
    @to_report.close
    @steps.each { |reader, _| reader.close }
    @pids = collect("ready").map { |each| each.fetch("pid") }
  end

  # Let all do their next task.
  #
  # @yieldparam report [Hash] what a process reports beside
  # @return [Array<Hash>] the report of each, with the `seconds` from now until it was done
  def step(task, but: 0, &block)
    began = clock
    @steps.shift.last.close
    collect(task, @processes - but, &block).each { |report| report["after"] = report["at"] - began }
  end

  def kill(pid)
    Process.kill(:KILL, pid) if @pids.include?(pid)
  end

  # @return [Hash{String => Array<Integer>}] bytes of each process
  def memory
    each = @pids.map do |pid|
      File.read("/proc/#{pid}/smaps_rollup").scan(/^(Rss|Pss|Private_Dirty):\s+(\d+)/)
        .to_h { |name, kilobytes| [name, kilobytes.to_i * 1024] }
    end
    each.first.keys.to_h { |name| [name, each.map { |sizes| sizes.fetch(name) }] }
  end

  def stop
    @steps.each { |_, writer| writer.close }
    @started.each { |pid| Process.wait(pid) }
    @reports.close
  end

  private

  def start(settings)
    inherited = @steps.each_with_index.to_h { |(reader, _), position| [10 + position, reader] }
    spawn(RbConfig.ruby, File.join(__dir__, "worker.rb"), JSON.generate(settings), out: @to_report, **{}, **inherited)
  end

  def collect(task, count = @processes)
    give_up = clock + LONGEST
    done = []
    while done.size < count
      raise "only #{done.size} of #{count} processes: #{task}" unless @reports.wait_readable([give_up - clock, 0].max)

      report = JSON.parse(@reports.gets || raise("the processes ended: #{task}"))
      raise report["error"] if report["task"] == "failed"

      (report["task"] == task) ? done << report : yield(report)
    end
    done
  end

  def clock
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
