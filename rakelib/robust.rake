# frozen_string_literal: true

require "rbconfig"
require "shellwords"

# What .ci/run has no room for, or only in part. The legs need root, for a Debian trixie like bin/matrix's.
#
#   rake robust             # all: half an hour and more
#   rake robust:here        # clang-tidy, the core under valgrind, the next four, each fuzz target for SECONDS (300)
#   rake robust:sanitized   # the extension compiled with AddressSanitizer and UBSan
#   rake robust:gc_stress   # the extension while each allocation collects
#   rake robust:compaction  # the extension while each allocation moves what can be moved
#   rake robust:endpoints   # every endpoint of models.dev, in the shapes of SEEDS (60) seeds; .ci/run has three
#   rake robust:clang       # the core, plain and under the sanitizers, compiled by clang
#   rake robust:i386        # the core with 32 bits, under qemu where the kernel does not run it
#   rake robust:gnutls      # the extension with the libcurl that uses GnuTLS: the specs of TLS and of refreshes
#
# SPEC=spec/extension_spec.rb, which calls each method of the extension, runs that alone under strain.
module Robust
  LEGS = %w[clang i386 gnutls].freeze
  FOLDER = "tmp/sanitized"
  SANITIZERS = "address,undefined"

  # Those that call the extension most.
  SPECS = %w[extension view model resolution block_head export testing].map { |name| "spec/#{name}_spec.rb" }.freeze
  # And those that refresh over HTTP, for which the garbage collector under stress is too slow.
  REFRESHES = %w[registry refresh refresh_failures http_errors bounds every_endpoint]
    .map { |name| "spec/#{name}_spec.rb" }.freeze

  module_function

  def specs(kind, specs, *options, **environment)
    chosen = ENV.key?("SPEC") ? ENV["SPEC"].shellsplit : specs
    system({"UNDER_STRAIN" => kind, **environment}, "bundle", "exec", "rspec", *options, *chosen) ||
      abort("the extension, #{kind}: failed")
  end

  # As `rake compile` does, but in a folder of its own, from nothing.
  def build
    folder = File.expand_path(FOLDER)
    FileUtils.rm_rf(folder)
    FileUtils.mkdir_p(["#{folder}/build", "#{folder}/lib/ruby_llm_native"])
    environment = {"RUBY_LLM_NATIVE_SANITIZE" => SANITIZERS}
    [[RbConfig.ruby, File.expand_path("ext/ruby_llm_native/extconf.rb")], ["make", "-j2"]].each do |command|
      system(environment, *command, chdir: "#{folder}/build", out: "#{folder}/log", err: %i[child out]) ||
        abort(File.read("#{folder}/log"))
    end
    FileUtils.cp("#{folder}/build/ruby_llm_native.so", "#{folder}/lib/ruby_llm_native/")
    "#{folder}/lib"
  end

  # Ruby itself is not compiled with the sanitizer, which must therefore be loaded first. What Ruby keeps until it ends
  # is not our leak; core:test:sanitized looks for leaks of the core.
  def sanitizer
    {
      "LD_PRELOAD" => `#{RbConfig::CONFIG["CC"]} -print-file-name=libasan.so`.chomp,
      "ASAN_OPTIONS" => "detect_leaks=0:use_sigaltstack=0",
      "UBSAN_OPTIONS" => "print_stacktrace=1:halt_on_error=1"
    }
  end
end

desc "Check what takes long: clang-tidy, valgrind, fuzzing, strain, every endpoint, clang, 32 bits, GnuTLS"
task(robust: "robust:here") { sh "bin/matrix", *Robust::LEGS }

namespace :robust do
  task here: %w[lint:tidy core:test:valgrind sanitized gc_stress compaction endpoints] do
    sh({"SECONDS" => ENV.fetch("SECONDS", "300")}, "rake", "fuzz")
  end

  task :sanitized do
    library = Robust.build
    Robust.specs("sanitized", Robust::SPECS + Robust::REFRESHES, "-I", library, **Robust.sanitizer)
  end

  task(gc_stress: :compile) { Robust.specs("gc_stress", Robust::SPECS) }
  task(compaction: :compile) { Robust.specs("compaction", Robust::SPECS) }

  task endpoints: :compile do
    sh({"SEEDS" => ENV.fetch("SEEDS", "60")}, "bundle", "exec", "rspec", "spec/every_endpoint_spec.rb")
  end

  Robust::LEGS.each { |leg| task(leg) { sh "bin/matrix", leg } }
end

CLEAN.include(Robust::FOLDER)
