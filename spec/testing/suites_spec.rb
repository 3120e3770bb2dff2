# frozen_string_literal: true

require "open3"
require_relative "../support/refreshing"
require_relative "../support/subprocess"

# Each suite of an app is a real one, in a process of its own, with its real gems. What reached the server is counted
# there.
RSpec.describe "a refresh in an app's test suite" do
  include_context "with a server for all sources"

  # @return [Array(String, Process::Status)] all that it wrote, and how it ended
  def run_suite(name, *command)
    suite = File.expand_path("suites/#{name}_suite.rb", __dir__)
    Open3.capture2e({"SERVER" => server.url("")[0..-2], "RUBYOPT" => ENV.fetch("RUBYOPT", nil)},
      *Subprocess.command(*command, suite), chdir: File.expand_path("../..", __dir__))
  end

  def rspec(name)
    run_suite(name, "-S", "rspec", "--options", File::NULL)
  end

  def expect_no_request_but(*allowed)
    asked = ReplayServer::PATHS.keys.select { |source| server.requests(source).any? }
    expect(asked + server.requests("bedrock").map(&:path)).to eq(allowed)
  end

  it "does not slip past WebMock, and goes where WebMock lets it" do
    output, status = rspec("webmock")
    expect(output).to include("8 examples, 0 failures")
    expect(status).to be_success
    expect_no_request_but("mistral")
    expect(server.requests("mistral").size).to eq(5)
  end

  it "does not slip past VCR, and goes where VCR lets it" do
    output, status = rspec("vcr")
    expect(output).to include("9 examples, 0 failures")
    expect(status).to be_success
    expect_no_request_but("mistral")
    expect(server.requests("mistral").size).to eq(5)
  end

  it "is stubbed in RSpec by the helpers, which leave nothing behind" do
    output, status = rspec("rspec")
    expect(output).to include("5 examples, 0 failures")
    expect(status).to be_success
    expect_no_request_but
  end

  it "is stubbed in Minitest by the helpers, which leave nothing behind" do
    output, status = run_suite("minitest")
    expect(output).to match(/^4 runs, \d+ assertions, 0 failures, 0 errors, 0 skips$/)
    expect(status).to be_success
    expect_no_request_but
  end

  it "is stubbed in each of Minitest's parallel threads, also where a setup before ours fails" do
    output, status = run_suite("minitest_threads")
    expect(output.scan(/^RuntimeError: no fixtures$/).size).to eq(8)
    expect(output).to match(/^24 runs, 32 assertions, 0 failures, 8 errors, 0 skips$/)
    expect(status).not_to be_success
    expect_no_request_but
  end
end
