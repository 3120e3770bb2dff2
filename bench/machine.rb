# frozen_string_literal: true

require "etc"

module Bench
  # What figures are measured on.
  module Machine
    module_function

    # @return [String] processor, cores, system
    def description
      if File.exist?("/proc/cpuinfo")
        cpu = File.foreach("/proc/cpuinfo").grep(/\Amodel name/).first.to_s.split(":").last.to_s.strip
      end
      system = Etc.uname.values_at(:sysname, :machine).join(" ")
      [cpu.to_s, "#{Etc.nprocessors} cores", system].reject(&:empty?).join(", ")
    end
  end
end
