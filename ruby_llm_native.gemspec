# frozen_string_literal: true

require_relative "lib/ruby_llm/native/version"

Gem::Specification.new do |spec|
  spec.name = "ruby_llm_native"
  spec.version = RubyLLM::Native::VERSION
  spec.authors = ["the ruby_llm_native authors"]
  spec.summary = "A model registry for programs that talk to LLM providers, refreshed from all of them at once."
  spec.description = <<~TEXT
    Asks every configured LLM provider at once which models it serves, normalises the answers into one record, and swaps in a new
    registry while other Ruby threads keep running. A C extension over the system's libcurl and yajl.
  TEXT
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.metadata["rubygems_mfa_required"] = "true"

  spec.files = Dir.chdir(__dir__) do
    Dir[
      "lib/**/*.{rb,rake,erb,tt}", "lib/ruby_llm_native/snapshot-v*.rlm", "ext/**/*.{c,h,rb}", "sig/**/*.rbs", "docs/**/*.md",
      "README.md", "CHANGELOG.md", "LICENSE.txt"
    ].sort
  end
  spec.require_paths = ["lib"]
  spec.extensions = ["ext/ruby_llm_native/extconf.rb"]

  spec.add_dependency "bigdecimal", ">= 3.1", "< 5"
end
