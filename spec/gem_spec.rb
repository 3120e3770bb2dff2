# frozen_string_literal: true

require "bundler"
require "fileutils"
require "json"
require "open3"
require "rubygems/package"
require "tmpdir"
require_relative "spec_helper"
require_relative "support/replay_server"

# The gem as it is released: what is in it, and that it works where there is nothing but it.
RSpec.describe "The built gem" do
  root = File.expand_path("..", __dir__)

  # What may be in it. A file that none of these patterns names is here by mistake, and so is a pattern without a file.
  manifest = [
    %r{\Alib/(ruby_llm_native|ruby_llm/native(/\w+)*|generators(/\w+)+)\.rb\z},
    %r{\Alib/ruby_llm/native/known_endpoints/(by_hand|generated)\.json\z},
    %r{\Aext/ruby_llm_native/(binding|core/[a-z]+)/\w+\.[ch]\z},
    %r{\Asig/ruby_llm(/native(/\w+)*)?\.rbs\z},
    %r{\Adocs/([a-z-]+/)?[\w-]+\.md\z},
    %r{\Adocs/performance/\w+\.svg\z}
  ].freeze
  # Here only in some states of the project: templates of generators, rake tasks of apps, the catalog that a release
  # ships.
  sometimes = [
    %r{\Alib/generators/.+/templates/[\w.]+\.(erb|tt)\z},
    %r{\Alib/(\w+/)*\w+\.rake\z},
    %r{\Alib/ruby_llm_native/snapshot-v\d+\.rlm\z}
  ].freeze
  always = %w[
    .yardopts CHANGELOG.md CONTRIBUTING.md LICENSE.txt README.md SECURITY.md UPGRADING.md
    ext/ruby_llm_native/extconf.rb
  ].freeze

  # A command in an empty environment: no bundler, no folder of this checkout, no setting of the machine.
  def run(*command, folder:, **environment)
    environment = {
      "PATH" => ENV.fetch("PATH"), "HOME" => folder, "LANG" => "C.UTF-8",
      "MAKEFLAGS" => "-j2", **environment.transform_keys(&:to_s)
    }
    out, err, status = Open3.capture3(environment, *command, chdir: folder, unsetenv_others: true)
    status.success? ? out : raise("failed: #{command.join(" ")}\n#{out}#{err}")
  end

  before(:context) do
    @folder = Dir.mktmpdir("ruby_llm_native")
    @package = File.join(@folder, "ruby_llm_native.gem")
    out, status = Bundler.with_unbundled_env do
      Open3.capture2e("gem", "build", "ruby_llm_native.gemspec", "--output", @package, chdir: root)
    end
    raise "gem build failed\n#{out}" unless status.success?
  end

  after(:context) { FileUtils.rm_rf(@folder) }

  let(:package) { Gem::Package.new(@package) }
  let(:files) { package.contents }

  it "has the files that belong in it, and no others" do
    known = [*manifest, *sometimes]
    strangers = files.reject { |file| always.include?(file) || known.any? { |pattern| pattern.match?(file) } }
    expect(strangers).to eq([])
    expect(always - files).to eq([])
    expect(manifest.reject { |pattern| files.grep(pattern).any? }).to eq([])
  end

  it "has every file of the library, of the extension, of the signatures and of the docs" do
    there = Dir.chdir(root) { Dir["{lib,ext,sig,docs}/**/*"].select { |path| File.file?(path) } }.reject do |path|
      path.match?(/\.(so|bundle|o)\z/)
    end
    expect(there - files).to eq([])
  end

  it "has the files that its own pages link to, except what only a clone needs" do
    pages = Dir.chdir(root) { files.grep(/\.md\z/).to_h { |page| [page, File.read(page, encoding: "UTF-8")] } }
    links = pages.flat_map do |page, text|
      text.scan(/\]\((?!\w+:)([^)#\s]+)/).flatten.map { |link| File.expand_path(link, "/#{File.dirname(page)}")[1..] }
    end

    folders = files.map { |file| File.dirname(file) }
    expect(links.uniq - files - folders).to eq([])
  end

  it "links to its home, sources, changes, documentation and bugs" do
    expect(package.spec.homepage).to eq("https://github.com/ruby-llm-native/ruby_llm_native")
    expect(package.spec.metadata).to eq(
      "bug_tracker_uri" => "https://github.com/ruby-llm-native/ruby_llm_native/issues",
      "changelog_uri" => "https://github.com/ruby-llm-native/ruby_llm_native/blob/main/CHANGELOG.md",
      "documentation_uri" => "https://github.com/ruby-llm-native/ruby_llm_native/tree/main/docs",
      "homepage_uri" => "https://github.com/ruby-llm-native/ruby_llm_native",
      "rubygems_mfa_required" => "true",
      "source_code_uri" => "https://github.com/ruby-llm-native/ruby_llm_native"
    )
  end

  it "states its licence, the Rubies it runs on, and one dependency" do
    expect(package.spec).to have_attributes(
      name: "ruby_llm_native", licenses: ["MIT"], required_ruby_version: Gem::Requirement.new(">= 3.1"),
      extensions: ["ext/ruby_llm_native/extconf.rb"], executables: []
    )
    expect(package.spec.runtime_dependencies.map(&:name)).to eq(["bigdecimal"])
  end

  # --local: all that it depends on comes with Ruby, and nothing is asked of a registry.
  it "is installed into an empty GEM_HOME and refreshes there, with nothing of the checkout in reach" do
    gems = File.join(@folder, "gems")
    there = {GEM_HOME: gems, GEM_PATH: gems}
    run("gem", "install", "--local", "--no-document", @package, folder: @folder, **there)
    FileUtils.cp(File.join(__dir__, "support/installed_gem.rb"), @folder)
    server = ReplayServer.start
    server.serve_fixtures
    told = JSON.parse(run("ruby", "installed_gem.rb", server.url("openai"), folder: @folder, **there))

    expect(told).to eq("status" => "refreshed", "count" => 12, "model" => "gpt-4.1", "loaded_from_elsewhere" => [])
    expect(server.requests("openai").map(&:path)).to eq(["/openai/models"])
  ensure
    server&.stop
  end
end
