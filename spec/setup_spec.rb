# frozen_string_literal: true

require "bundler"
require "fileutils"
require "open3"
require "rbconfig"
require "tmpdir"
require_relative "spec_helper"

# bin/setup where something cannot be had: with a PATH of our own, in which apt-get has what an example says.
RSpec.describe "bin/setup" do
  script = File.expand_path("../bin/setup", __dir__)
  tools = %w[bash env cat sed grep id mktemp rm dirname getconf]

  around { |example| Dir.mktmpdir("rlm-setup") { |folder| (@folder = folder) && example.run } }

  def program(name, text)
    path = File.join(@folder, "bin", name)
    FileUtils.mkdir_p(File.dirname(path))
    File.write(path, "#!/bin/sh\n#{text}\n")
    File.chmod(0o755, path)
  end

  # @return [Array(Integer, String)] the status, and all that was printed
  def setup(script, *arguments, **environment)
    output, status = Bundler.with_unbundled_env do
      Open3.capture2e(environment.transform_keys(&:to_s), script, *arguments)
    end
    [status.exitstatus, output]
  end

  def with_tools(tools)
    tools.each do |name|
      found = ENV.fetch("PATH").split(":").map { |folder| File.join(folder, name) }.find do |path|
        File.executable?(path)
      end
      FileUtils.mkdir_p(File.join(@folder, "bin"))
      FileUtils.ln_s(found, File.join(@folder, "bin", name))
    end
    program("sudo", 'exec "$@"')
    %w[sleep chmod].each { |name| program(name, "exit 0") }
    program("tee", "cat >/dev/null") # no file of this machine's is written
  end

  def path
    File.join(@folder, "bin")
  end

  context "with archives that have taken something back" do
    before { with_tools(tools) }

    it "names a package that they do not have" do
      program("apt-get", 'echo "E: Unable to locate package" >&2; exit 100')
      program("apt-cache", "exit 0")
      expect(setup(script, "--matrix", PATH: path)).to match(
        [
          1,
          /Unable to locate package.*^bin\/setup: ruby: the archives in \/etc\/apt have no such package \(any more\)/m
        ]
      )
    end

    it "names a package that has no candidate" do
      program("apt-get", "exit 100")
      program("apt-cache", 'printf "%s:\n  Installed: (none)\n  Candidate: (none)\n" "$2"')
      expect(setup(script, "--matrix", PATH: path))
        .to match([1, /^bin\/setup: ruby: the archives in \/etc\/apt have no such package/])
    end

    it "shows what apt-get said of a package that it refuses" do
      program("apt-get", 'echo "E: held broken packages" >&2; exit 100')
      program("apt-cache", 'printf "%s:\n  Installed: (none)\n  Candidate: 1:3.1\n" "$2"')
      expect(setup(script, "--matrix", PATH: path)).to match(
        [1, /E: held broken packages.*^bin\/setup: ruby: apt-get could not install it, see above/m]
      )
    end

    it "says which Ruby is there, where they have only one that is too old" do
      program("apt-get", "exit 0")
      program("apt-cache", 'printf "%s:\n  Candidate: 1:2.7\n" "$2"')
      FileUtils.ln_s(RbConfig.ruby, File.join(path, "ruby"))
      old = File.join(@folder, "old.rb")
      File.write(old, "Object.send(:remove_const, :RUBY_VERSION)\nRUBY_VERSION = \"2.7.4\"\n")

      expect(setup(script, "--matrix", PATH: path, RUBYOPT: "-r#{old}")).to match(
        [1, /^bin\/setup: ruby: 3\.1 or newer is needed, this is Ruby 2\.7\.4 \(/]
      )
    end

    it "says what to install where there is no apt-get" do
      expect(setup(script, "--matrix", PATH: path))
        .to match([1, /^bin\/setup: install these first \(names as on Debian and Ubuntu\): ruby/])
    end
  end

  [["99.1", "the future", / \(the future\)/], ["4711", nil, //]].each do |version, reason, told|
    it "says which Ruby a Gemfile needs that wants #{version}, and what to do" do
      gemfile = File.join(@folder, "Gemfile")
      File.write(gemfile, "source Gem.default_sources.first\nruby \">= #{version}\"#{" # #{reason}" if reason}\n")

      status, output = setup(script, BUNDLE_GEMFILE: gemfile)
      expect(status).to eq(1)
      needed = "#{gemfile} needs Ruby #{version} or newer#{told}; this is Ruby #{RUBY_VERSION}"
      expect(output).to match(/^bin\/setup: #{needed} \(.*\)\.\n.*bin\/matrix/)
    end
  end
end
