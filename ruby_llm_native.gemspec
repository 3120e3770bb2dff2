# frozen_string_literal: true

require_relative "lib/ruby_llm/native/version"

Gem::Specification.new do |spec|
  spec.name = "ruby_llm_native"
  spec.version = RubyLLM::Native::VERSION
  spec.authors = ["the ruby_llm_native authors"]
  spec.summary = "A model registry for programs that talk to LLM providers, refreshed from all of them at once."
  spec.description = <<~TEXT
    Asks every configured LLM provider at once which models it serves, brings the answers into one form, and replaces
    the registry while other Ruby threads keep running. A C extension over the system's libcurl and yajl.
  TEXT
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.homepage = "https://github.com/ruby-llm-native/ruby_llm_native"
  spec.metadata = {
    "bug_tracker_uri" => "#{spec.homepage}/issues",
    "changelog_uri" => "#{spec.homepage}/blob/main/CHANGELOG.md",
    "documentation_uri" => "#{spec.homepage}/tree/main/docs",
    "homepage_uri" => spec.homepage,
    "rubygems_mfa_required" => "true",
    "source_code_uri" => spec.homepage
  }

  spec.files = Dir.chdir(__dir__) do
    Dir[
      "lib/**/*.{rb,rake,erb,tt,json}", "lib/ruby_llm_native/snapshot-v*.rlm", "ext/**/*.{c,h,rb}", "sig/**/*.rbs",
      "docs/**/*.{md,svg}", "{README,CHANGELOG,CONTRIBUTING,SECURITY,UPGRADING}.md", "LICENSE.txt", ".yardopts"
    ].sort
  end
  spec.require_paths = ["lib"]
  spec.extensions = ["ext/ruby_llm_native/extconf.rb"]

  spec.add_dependency "bigdecimal", ">= 3.1", "< 5"
end
