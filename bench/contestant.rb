# frozen_string_literal: true

require "fileutils"
require "json"
require "open3"
require "rbconfig"

module Bench
  # Whom a benchmark compares: this gem alone, beside ruby_llm, and ruby_llm without it. Each program that is measured
  # runs in a process of its own, outside of the bundle; bench/programs/ has them.
  class Contestant
    ROOT = File.expand_path("..", __dir__)
    FOLDER = File.join(ROOT, "tmp/bench") # what need not be kept
    PEERS = {"ruby_llm 2.1" => "2.1.1", "ruby_llm 1.16" => "1.16.0"}.freeze

    # @return [String]
    attr_reader :name

    def initialize(name, peer: nil, native: true)
      @name = name
      @peer = peer
      @native = native
    end

    # @param program [String] in bench/programs/
    # @param settings [Hash] what it is told
    # @return [Hash{String => Object}] what it tells, in its last line
    def run(program, **settings)
      install if @peer
      command = [RbConfig.ruby, "-I#{ROOT}/lib", "#{ROOT}/bench/programs/#{program}.rb", JSON.generate(settings)]
      out, error, status = Bundler.with_unbundled_env { Open3.capture3(environment, *command) }
      abort "#{name}, #{program} failed:\n#{error[-3000..] || error}" unless status.success?

      JSON.parse(out.lines.last)
    end

    private

    def environment
      {
        "GEM_PATH" => [*(gems if @peer), *Gem.path].join(":"), "XDG_CACHE_HOME" => "#{FOLDER}/cache",
        "NATIVE" => @native.to_s, "PEER" => @peer
      }
    end

    def gems
      "#{FOLDER}/ruby_llm-#{@peer}"
    end

    def install
      return if Dir.exist?("#{gems}/gems/ruby_llm-#{@peer}")

      command = %w[-S gem install ruby_llm --no-document --version] << @peer << "--install-dir" << gems
      Bundler.with_unbundled_env { system(environment, RbConfig.ruby, *command, out: File::NULL) } or
        abort "ruby_llm #{@peer} cannot be installed: it needs Ruby 3.1.3"
    end

    NATIVE = new("ruby_llm_native")
    BESIDE = new("beside ruby_llm 2.1", peer: PEERS.fetch("ruby_llm 2.1"))
    RUBY_LLM = PEERS.map { |name, version| new(name, peer: version, native: false) }.freeze
    NEWEST = RUBY_LLM.first
    ALL = [NATIVE, BESIDE, *RUBY_LLM].freeze
  end
end
