# frozen_string_literal: true

require "rake"
require_relative "spec_helper"

RSpec.describe "docs/" do
  root = File.expand_path("..", __dir__)
  # The rake file defines its tasks; only the module is wanted.
  Rake.application.instance_exec { extend Rake::DSL }
  load File.join(root, "rakelib/docs.rake") unless defined?(Docs)

  it "has the table of sources as it is in C" do
    expect(File.read(File.join(root, "docs/providers.md"), encoding: "UTF-8")).to eq(Docs.providers)
  end

  it "has the table of precedence as it is in C" do
    text = File.read(File.join(root, "docs/facts.md"), encoding: "UTF-8")
    expect(text).to eq(Docs.facts(text)).and include("| `family` | models.dev | the provider")
  end
end
