# frozen_string_literal: true

require "open3"
require_relative "spec_helper"

# Ruby's own checks: every file of lib/ is loaded with -w, in a process of its own.
RSpec.describe "lib/" do
  lib = File.expand_path("../lib", __dir__)

  # What can only be loaded where the ruby_llm gem is.
  elsewhere = %r{/beside_ruby_llm/}

  it "is loaded without a warning" do
    files = Dir[File.join(lib, "**/*.rb")].grep_v(elsewhere).sort_by do |path|
      path.end_with?("/ruby_llm_native.rb") ? "" : path
    end
    script = <<~RUBY
      %w[active_record active_job rails rails/generators].each { |framework| require framework }
      $VERBOSE = true
      ARGV.each { |path| require path }
      print $LOADED_FEATURES
    RUBY
    out, err, status = Open3.capture3("ruby", "-I", lib, "-e", script, *files)

    expect(status).to be_success, err
    expect(files - out.scan(/"([^"]+)"/).flatten).to eq([])
    expect(err.lines.grep(/#{Regexp.escape(lib)}/)).to eq([])
  end

  it "would be told of one" do
    script = "$VERBOSE = true; eval('def a; unused = 1; end', binding, '#{lib}/a.rb')"
    expect(Open3.capture3("ruby", "-e", script)[1]).to include("#{lib}/a.rb:1: warning: assigned but unused variable")
  end
end
