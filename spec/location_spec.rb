# frozen_string_literal: true

require "tmpdir"
require_relative "spec_helper"

RSpec.describe RubyLLM::Native::Location do
  def with(environment)
    before = environment.keys.to_h { |name| [name, ENV.fetch(name, nil)] }
    ENV.update(environment)
    yield
  ensure
    ENV.update(before)
  end

  def on(system)
    stub_const("RbConfig::CONFIG", RbConfig::CONFIG.merge("host_os" => system))
  end

  let(:file) { "registry-v#{RubyLLM::Native::FORMAT_VERSION}.rlm" }

  it "is the folder that is configured" do
    expect(described_class.file("/srv/models")).to eq("/srv/models/#{file}")
    expect(described_class.file(Pathname("models"))).to eq(File.join(Dir.pwd, "models", file))
  end

  it "is the user's cache folder, as each system wants it" do
    with("HOME" => "/home/ada", "XDG_CACHE_HOME" => nil) do
      on("linux-gnu")
      expect(described_class.file).to match(%r{\A/home/ada/\.cache/ruby_llm_native/\h{16}/#{file}\z})
      on("darwin22")
      expect(described_class.file).to match(%r{\A/home/ada/Library/Caches/ruby_llm_native/\h{16}/#{file}\z})
    end
    with("HOME" => "/home/ada", "LOCALAPPDATA" => "/users/ada/local") do
      on("mingw32")
      expect(described_class.file).to match(%r{\A/users/ada/local/ruby_llm_native/\h{16}/#{file}\z})
    end
    with("HOME" => "/home/ada", "LOCALAPPDATA" => nil) do
      on("mingw32")
      expect(described_class.file).to start_with("/home/ada/AppData/Local/ruby_llm_native/")
    end
  end

  it "follows XDG, which asks for absolute paths" do
    with("HOME" => "/home/ada", "XDG_CACHE_HOME" => "/fast") do
      expect(described_class.file).to start_with("/fast/ruby_llm_native/")
    end
    with("HOME" => "/home/ada", "XDG_CACHE_HOME" => "fast") do
      expect(described_class.file).to start_with("/home/ada/.cache/")
    end
    with("HOME" => "/home/ada", "XDG_CACHE_HOME" => "") do
      expect(described_class.file).to start_with("/home/ada/.cache/")
    end
  end

  it "is another one for each program of a user" do
    folders = Array.new(2) do
      Dir.mktmpdir { |root| with("BUNDLE_GEMFILE" => File.join(root, "Gemfile")) { described_class.file } }
    end
    same = Dir.mktmpdir do |root|
      Array.new(2) { with("BUNDLE_GEMFILE" => File.join(root, "Gemfile")) { described_class.file } }
    end

    expect(folders.uniq.size).to eq(2)
    expect(same.uniq.size).to eq(1)
  end

  it "is nowhere without a home" do
    allow(Dir).to receive(:home).and_raise(ArgumentError, "couldn't find HOME")
    with("XDG_CACHE_HOME" => nil) { expect(described_class.file).to be_nil }
  end

  it "is in a Rails app's tmp" do
    stub_const("Rails", Module.new { def self.root = Pathname("/app") })
    expect(described_class.file).to eq("/app/tmp/ruby_llm_native/#{file}")
  end

  it "is never where this gem's code is" do
    code = File.expand_path("..", __dir__)
    expect(described_class.in_gem?(File.join(code, "lib", "registry.rlm"))).to be(true)
    expect(described_class.in_gem?("/srv/models/registry.rlm")).to be(false)
  end
end
