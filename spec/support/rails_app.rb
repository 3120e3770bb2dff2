# frozen_string_literal: true

require "bundler"
require "fileutils"
require "json"
require "open3"
require "rbconfig"
require "tmpdir"
require "yaml"

# A Rails app of `rails new`, in a folder of its own, with this checkout in its bundle. No network: its gems are those
# that are installed.
#
# `rails new` runs once; each app is a copy. What starts with `LLM_` in the environment of a command is a setting:
# `LLM_REFRESH_TIMEOUT=5`.
#
# @example
#   app = RailsApp.new(database: {adapter: "sqlite3", database: "storage/app.sqlite3"}, gems: %w[solid_queue])
#   app.rails("g", "ruby_llm_native:install")
#   app.rails("db:migrate").output
#   app.delete
class RailsApp
  ROOT = File.expand_path("../..", __dir__)
  SKIPPED = %w[
    action-cable action-mailbox action-mailer action-text active-storage asset-pipeline bootsnap brakeman bundle
    ci dev-gems docker git hotwire javascript jbuilder keeps rubocop system-test test
  ].map { |part| "--skip-#{part}" }.freeze
  DRIVERS = {"sqlite3" => "sqlite3", "postgresql" => "pg", "trilogy" => "trilogy", "mysql2" => "mysql2"}.freeze
  SETTINGS = <<~RUBY.gsub(/^/, "    ")
    ENV.each do |name, value|
      config.ruby_llm_native[name.delete_prefix("LLM_").downcase.to_sym] = value if name.start_with?("LLM_")
    end
  RUBY

  # How a command ended, and what it printed on both its outputs.
  Result = Struct.new(:output, :status, keyword_init: true) do
    def success?
      status.zero?
    end
  end

  # Another command failed than one that should.
  class Failed < StandardError; end

  class << self
    # @return [String] the folder of what `rails new` makes
    def template
      @template ||= File.join(folder, "template").tap do |path|
        output, status = Open3.capture2e(environment(Bundler.default_gemfile.to_s),
          "bundle", "exec", "rails", "new", path, "--quiet", "--name=shop",
          *SKIPPED, chdir: folder)
        raise Failed, "rails new:\n#{output}" unless status.success?

        adapt(path)
      end
    end

    # @return [String] the folder of all apps, gone when the specs end
    def folder
      @folder ||= begin
        FileUtils.mkdir_p(File.join(ROOT, "tmp"))
        owner = Process.pid
        Dir.mktmpdir("rails-", File.join(ROOT, "tmp")).tap do |path|
          at_exit { FileUtils.rm_rf(path) if Process.pid == owner }
        end
      end
    end

    # Ours is without what bundler sets for the specs. Where bundler keeps gems in a folder of the project, they are
    # found there.
    #
    # @return [Hash{String => String, nil}]
    def environment(gemfile)
      ENV.keys.grep(/\A(BUNDLE|RAILS|RACK|LLM_|DATABASE_URL)/).to_h { |name| [name, nil] }.merge(
        "BUNDLE_GEMFILE" => gemfile, "BUNDLE_APP_CONFIG" => File.join(folder, ".bundle"),
        "BUNDLE_SILENCE_ROOT_WARNING" => "1", "RUBYOPT" => nil,
        "RUBYLIB" => nil, "GEM_HOME" => Gem.dir, "GEM_PATH" => Gem.path.join(":"),
        "SECRET_KEY_BASE_DUMMY" => "1", "RAILS_LOG_TO_STDOUT" => nil
      )
    end

    private

    def adapt(path)
      settings = File.join(path, "config/application.rb")
      File.write(settings, File.read(settings).sub(/^ *config\.load_defaults.*\n/) { "#{$&}#{SETTINGS}" })
    end
  end

  attr_reader :folder

  # @param database [Hash, Hash{String => Hash}] settings for ActiveRecord, or those of several databases by their names
  # @param gems [Array<String>] more of them, in the bundle
  # @param required [Boolean] whether those are loaded when the app is
  def initialize(database: {"adapter" => "sqlite3", "database" => "storage/app.sqlite3"}, gems: [], required: true)
    @folder = File.join(Dir.mktmpdir("app-", self.class.folder), "shop")
    FileUtils.cp_r(self.class.template, @folder)
    @databases = (database.values.all?(Hash) ? database : {"primary" => database}).transform_values do |settings|
      settings.transform_keys(&:to_s)
    end
    write(
      "config/database.yml",
      YAML.dump(%w[development test production].to_h { |name| [name, @databases] }, line_width: -1)
    )
    bundle(@databases.values.map { |settings| DRIVERS.fetch(settings["adapter"]) }.uniq, gems, required)
  end

  # @return [Hash{String => Object}] settings for ActiveRecord
  def database(name = "primary")
    @databases.fetch(name)
  end

  # Run bin/rails.
  #
  # @param env [Hash{String => Object}] more of the environment
  # @param fails [Boolean] whether it may end with something else than 0
  # @return [Result]
  def rails(*arguments, env: {}, fails: false)
    run(RbConfig.ruby, "bin/rails", *arguments, env: env, fails: fails)
  end

  # @return [Result]
  def run(*command, env: {}, fails: false)
    output, status = Open3.capture2e(environment(env), *command, chdir: folder)
    raise Failed, "#{command.join(" ")} ended with #{status.inspect}:\n#{output}" unless fails || status.success?

    Result.new(output: output.force_encoding(Encoding::UTF_8), status: status.exitstatus)
  end

  # @return [Object] what an expression in the app comes to, by way of JSON
  def value(expression, env: {})
    JSON.parse(rails("runner", "puts \"value:\" + JSON.generate(#{expression})", env: env).output[/^value:(.*)/, 1])
  end

  # Start a process of the app, and stop it when the block ends. What it has printed is shown when the block raises.
  def while_running(*command, env: {})
    log = File.join(folder, "log", "#{File.basename(command.last)}-#{rand(10**6)}.log")
    pid = spawn(environment(env), *command, chdir: folder, in: File::NULL, out: log, err: [:child, :out], pgroup: true)
    yield
  rescue
    warn File.read(log)
    raise
  ensure
    stop(pid) if pid
  end

  def write(path, text)
    FileUtils.mkdir_p(File.dirname(path_of(path)))
    File.write(path_of(path), text)
  end

  def read(path)
    File.read(path_of(path), encoding: Encoding::UTF_8) # whatever the locale of the specs
  end

  def there?(path)
    File.exist?(path_of(path))
  end

  # @return [Hash{String => String}] every file but logs and such, with what is in it
  def files
    Dir.glob("{app,config,db,lib}/**/*", base: folder).select { |path| File.file?(path_of(path)) }.to_h do |path|
      [path, read(path)]
    end
  end

  # @return [String] the one file that the pattern finds
  def find(pattern)
    found = Dir.glob(pattern, base: folder)
    (found.size == 1) ? found.first : raise("#{pattern} finds #{found}")
  end

  def delete
    FileUtils.rm_rf(File.dirname(folder))
  end

  private

  def path_of(path)
    File.join(folder, path)
  end

  def environment(more)
    self.class.environment(path_of("Gemfile")).merge(more.to_h { |name, value| [name.to_s, value&.to_s] })
  end

  def bundle(drivers, gems, required)
    lines = ["railties", "activejob", "activerecord", *drivers].map { |gem| "gem #{gem.inspect}" } +
      gems.map { |gem| "gem #{gem.inspect}#{", require: false" unless required}" }
    lock = File.read(Bundler.default_lockfile)
    source = "source #{lock[/^GEM\n  remote: (\S+)/, 1].inspect}"
    write("Gemfile", [source, *lines, "gem \"ruby_llm_native\", path: #{ROOT.inspect}", ""].join("\n"))
    write("Gemfile.lock", lock)
  end

  # The process and those it started: a supervisor's children.
  def stop(pid)
    Process.kill(:TERM, pid)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 20
    while (running = Process.wait(pid, Process::WNOHANG).nil?)
      break if Process.clock_gettime(Process::CLOCK_MONOTONIC) >= deadline

      sleep 0.05
    end
    return unless running

    Process.kill(:KILL, -pid)
    Process.wait(pid)
  end
end
