# frozen_string_literal: true

# Where the gem is built else: what .ci/run has no room for. Needs root, for a Debian trixie like bin/matrix's.
#
#   rake robust           # all
#   rake robust:clang     # the core, plain and under the sanitizers, compiled by clang
#   rake robust:i386      # the core with 32 bits, under qemu where the kernel does not run it
#   rake robust:gnutls    # the extension with the libcurl that uses GnuTLS: the specs of TLS and of refreshes

module Robust
  LEGS = %w[clang i386 gnutls].freeze
end

desc "Test the core with clang and with 32 bits, and the extension with GnuTLS"
task(:robust) { sh "bin/matrix", *Robust::LEGS }

namespace :robust do
  Robust::LEGS.each { |leg| task(leg) { sh "bin/matrix", leg } }
end
