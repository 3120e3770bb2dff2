# frozen_string_literal: true

# What PostgreSQL was sent, by its own log: also what a process sent that was killed.
class Statements
  ADAPTER = /
    \A(?:SET|SHOW|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SELECT\ 1\b|SELECT\ version) | \bpg_\w+ | current_schema
  /x
  private_constant :ADAPTER

  # @param folder [String] of the server, which writes its log there
  def initialize(folder)
    @log = File.join(folder, "log")
    set("log_parameter_max_length", 0)
    set("log_statement", "all")
    reset
  end

  def stop
    set("log_statement", "none")
  end

  def reset
    @from = File.size(@log)
  end

  # @return [Hash{Symbol => Integer}] since {#reset}: those of this gem, and those of ActiveRecord for itself, such as
  #   the setup of a connection, the columns of a table, BEGIN and COMMIT
  def count
    text = File.open(@log, "rb") { |file| file.seek(@from) && file.read }
    # The lines of one statement but the first are indented.
    sent = text.gsub("\n\t", " ").scan(/^\S.*?LOG:  (?:statement|execute [^:]+): *(.*)$/).flatten
    adapter, ours = sent.partition { |sql| sql.match?(ADAPTER) }
    {ours: ours.size, adapter: adapter.size}
  end

  private

  def set(name, value)
    ActiveRecord::Base.connection.execute("ALTER SYSTEM SET #{name} = '#{value}'")
    ActiveRecord::Base.connection.execute("SELECT pg_reload_conf()")
  end
end
