# frozen_string_literal: true

# What .ci/run has no room for. The legs need root, for a Debian trixie like bin/matrix's.
#
#   rake robust           # all: half an hour and more
#   rake robust:here      # clang-tidy, the core under valgrind, each fuzz target for SECONDS (300)
#   rake robust:clang     # the core, plain and under the sanitizers, compiled by clang
#   rake robust:i386      # the core with 32 bits, under qemu where the kernel does not run it
#   rake robust:gnutls    # the extension with the libcurl that uses GnuTLS: the specs of TLS and of refreshes

module Robust
  LEGS = %w[clang i386 gnutls].freeze
end

desc "Check what takes long: clang-tidy, valgrind, fuzzing, clang, 32 bits, GnuTLS"
task(robust: "robust:here") { sh "bin/matrix", *Robust::LEGS }

namespace :robust do
  task here: %w[lint:tidy core:test:valgrind] do
    sh({"SECONDS" => ENV.fetch("SECONDS", "300")}, "rake", "fuzz")
  end

  Robust::LEGS.each { |leg| task(leg) { sh "bin/matrix", leg } }
end
