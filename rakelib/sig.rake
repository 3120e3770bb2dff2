# frozen_string_literal: true

# The signatures in sig/: that they hold together, and that values are what they say while specs run. That none is
# missing is spec/signatures_spec.rb's.

module Signatures
  LIBRARIES = %w[bigdecimal date pathname].freeze
  OPTIONS = ["-I", "sig", *LIBRARIES.flat_map { |library| ["-r", library] }].freeze

  # Specs that come by most of the public methods. Those that share objects with Ractors cannot be among them: the
  # checks are closures. What C defines of Catalog alone is not checked: only classes that Ruby opens are.
  SPECS = %w[
    spec/context_spec.rb spec/model_spec.rb spec/persistence/handwritten_table_spec.rb spec/prices_spec.rb
    spec/refresh_call_spec.rb spec/refresh_failures_spec.rb spec/refresh_spec.rb spec/registry_spec.rb
    spec/report_spec.rb spec/storage_spec.rb spec/storage_sharing_spec.rb
  ].freeze
end

namespace :sig do
  desc "Check that the signatures are well-formed and know all that they name"
  task(:validate) { sh "rbs", *Signatures::OPTIONS, "validate" }

  desc "Run specs with every call compared with its signature"
  task test: :compile do
    environment = {
      "RBS_TEST_TARGET" => "RubyLLM::Native::*",
      "RBS_TEST_OPT" => Signatures::OPTIONS.join(" "), "RBS_TEST_LOGLEVEL" => "error",
      "RUBYOPT" => [ENV["RUBYOPT"], "-rrbs/test/setup"].compact.join(" ")
    }
    sh environment, "rspec", *Signatures::SPECS
  end
end

desc "Check the signatures"
task sig: %w[sig:validate sig:test]
