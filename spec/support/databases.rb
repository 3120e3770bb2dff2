# frozen_string_literal: true

require "active_record"
require "etc"
require "fileutils"
require "logger"
require "tmpdir"

# The databases that the specs run on: SQLite in a file, PostgreSQL and MariaDB as private servers, each in a folder
# of its own that only a UNIX socket leads into. MariaDB comes with both of its clients. A server is started when the
# first example needs it and is gone when the specs end.
#
# @example
#   Databases.all.each { |database| context("on #{database.name}") { before { database.connect } } }
module Databases
  # Runs one server: a prepared folder, a process, its end.
  class Server
    # @param user [Array<String>] whom to be when we are root; the first that the machine knows
    def initialize(user:)
      if Process.uid.zero?
        @user = Etc.enum_for(:passwd).select { |known| user.include?(known.name) }.min_by do |known|
          user.index(known.name)
        end
      end
      @folder = Dir.mktmpdir("rlm")
      FileUtils.chown(@user.uid, @user.gid, @folder) if @user
      owner = Process.pid # a child that some spec forks must not end the server of its parent
      at_exit { stop if Process.pid == owner }
    end

    attr_reader :folder

    # Run a program to its end.
    def run(*command)
      _, status = Process.wait2(spawn_as_user(command))
      status.success? || raise("failed: #{command.join(" ")}\n#{File.read(log)}")
    end

    # Start the server itself and wait until the block no longer raises.
    def start(*command, stop_with:)
      @stop_with = stop_with
      @pid = spawn_as_user(command)
      deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 60
      begin
        yield
      rescue ActiveRecord::ActiveRecordError => error
        sleep(0.05)
        retry if Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline
        raise "#{command.first} does not answer: #{error.message}\n#{File.read(log)}"
      end
    end

    def stop
      if @pid
        Process.kill(@stop_with, @pid)
        Process.wait(@pid)
      end
    rescue Errno::ESRCH, Errno::ECHILD
      # It ended by itself.
    ensure
      @pid = nil
      FileUtils.rm_rf(@folder)
    end

    private

    def log
      File.join(@folder, "log")
    end

    def spawn_as_user(command)
      fork do
        if @user
          Process.initgroups(@user.name, @user.gid)
          Process::GID.change_privilege(@user.gid)
          Process::UID.change_privilege(@user.uid)
        end
        exec({"LC_ALL" => "C"}, *command, in: File::NULL, out: [log, "a"], err: [:child, :out], chdir: @folder)
      rescue SystemCallError => error
        warn "#{command.first}: #{error.message}"
        exit!(127)
      end
    end
  end

  # One kind of database.
  class Database
    attr_reader :name

    def initialize(name, needs: [], &configuration)
      @name = name
      @needs = needs
      @configuration = configuration
    end

    # @return [Array<String>] programs that this machine lacks
    def missing
      @needs.reject { |program| Databases.program(program) }
    end

    # @return [Hash] as other processes need it too
    def settings
      @settings ||= {pool: 32, **@configuration.call}
    end

    def connect
      ActiveRecord::Base.establish_connection(settings)
    end
  end

  module_function

  # @return [String, nil] the path of a server's program: Debian keeps PostgreSQL's by version, MariaDB's in sbin
  def program(name)
    versions = Dir["/usr/lib/postgresql/*/bin"].sort_by { |folder| -folder[/\d+/].to_i }
    folders = [*versions, *ENV.fetch("PATH").split(":"), "/usr/sbin"]
    folders.map { |folder| File.join(folder, name) }.find { |path| File.executable?(path) }
  end

  def postgresql
    server = Server.new(user: %w[postgres nobody])
    data = File.join(server.folder, "data")
    settings = {adapter: "postgresql", host: server.folder, username: "rlm", database: "postgres"}
    server.run(program("initdb"), "-D", data, "-U", "rlm", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=300"]
    server.start(program("postgres"), "-D", data, "-k", server.folder, *options, stop_with: :INT) do
      ping(settings)
    end
    settings
  end

  def sqlite
    folder = Dir.mktmpdir("rlm")
    owner = Process.pid
    at_exit { FileUtils.rm_rf(folder) if Process.pid == owner }
    {adapter: "sqlite3", database: File.join(folder, "db"), timeout: 5000}
  end

  # @param adapter [String] trilogy or mysql2: two clients of one server
  def mariadb(adapter)
    (@mariadb ||= start_mariadb).merge(adapter: adapter)
  end

  def start_mariadb
    server = Server.new(user: %w[mysql nobody])
    socket = File.join(server.folder, "socket")
    data = "--datadir=#{File.join(server.folder, "data")}"
    settings = {adapter: "trilogy", socket: socket, username: "root", database: "mysql", encoding: "utf8mb4"}
    server.run(
      program("mariadb-install-db"), "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"
    )
    server.start(program("mariadbd"), "--no-defaults", data,
      "--socket=#{socket}", "--pid-file=#{server.folder}/pid", "--skip-networking",
      "--innodb-flush-log-at-trx-commit=0", stop_with: :TERM) { ping(settings) }
    ActiveRecord::Base.connection.execute("CREATE DATABASE rlm CHARACTER SET utf8mb4")
    settings.merge(database: "rlm")
  end

  def ping(settings)
    ActiveRecord::Base.establish_connection(settings)
    ActiveRecord::Base.connection.execute("SELECT 1")
  end

  def all
    @all ||= [
      Database.new("SQLite") { sqlite },
      Database.new("PostgreSQL", needs: %w[initdb postgres]) { postgresql },
      Database.new("MariaDB", needs: %w[mariadb-install-db mariadbd]) { mariadb("trilogy") },
      Database.new("MariaDB by mysql2", needs: %w[mariadb-install-db mariadbd]) { mariadb("mysql2") }
    ]
  end

  # What a block sends to the database, the adapter's own questions and BEGIN and COMMIT left out.
  #
  # @return [Array<String>]
  def statements
    sent = []
    note = lambda do |*, event|
      sent << event[:sql] unless event[:cached] || %w[SCHEMA TRANSACTION].include?(event[:name])
    end
    ActiveSupport::Notifications.subscribed(note, "sql.active_record") { yield }
    sent
  end
end
