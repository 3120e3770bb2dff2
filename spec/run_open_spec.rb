# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/subprocess"

# The border to the core: an error about a keyword says which one it is, what must be, and what was.
RSpec.describe "Run.open" do # its class is private
  run_class = RubyLLM::Native.const_get(:Run)

  def request(**changes)
    {source: "openai", settings: {}, base_url: nil, proxy: nil, sheet: nil, transport: nil, **changes}
  end

  def transport(source = "openai", **changes)
    RubyLLM::Native.const_get(:MemoryTransport).new(source: source, replies: [], **changes)
  end

  options = {
    requests: [], held: [], before: nil, now: 0, timeout: 1.0, request_timeout: 1, connect_timeout: 0.5, retries: 0
  }

  it "needs all keywords but those of the network's options" do
    run_class.open(**options).close
    run_class.open(**options, ca_file: nil, ca_path: nil, user_agent: "me").close
    options.each_key do |name|
      expect { run_class.open(**options.except(name)) }.to raise_error(ArgumentError, "missing keyword: :#{name}")
    end
    expect { run_class.open(**options, replies: []) }.to raise_error(ArgumentError, "unknown keyword: :replies")
    expect { run_class.open([]) }.to raise_error(ArgumentError, /wrong number of arguments/)
  end

  {
    {requests: {}} => [TypeError, "requests must be an Array, got Hash"],
    {requests: [[]]} => [TypeError, "a request must be a Hash, got Array"],
    {held: nil} => [TypeError, "held must be an Array, got NilClass"],
    {held: [1]} => [TypeError, "a held sheet must be a String, got Integer"],
    {before: "catalog"} => [TypeError, /Catalog/],
    {now: "today"} => [TypeError, "now must be an Integer, got String"],
    {timeout: nil} => [TypeError, "timeout must be a number, got NilClass"],
    {timeout: 2**70} => [ArgumentError, "timeout must be a positive number of seconds, got 1.18059e+21"],
    {timeout: 0.0} => [ArgumentError, "timeout must be a positive number of seconds, got 0"],
    {request_timeout: -1} => [ArgumentError, "request_timeout must be a positive number of seconds, got -1"],
    {connect_timeout: Float::NAN} => [ArgumentError, "connect_timeout must be a positive number of seconds, got NaN"],
    {retries: 11} => [ArgumentError, "retries must be between 0 and 10, got 11"],
    {retries: 1.5} => [TypeError, "retries must be an Integer, got Float"],
    {ca_file: :path} => [TypeError, "ca_file must be a String, got Symbol"],
    {user_agent: "a\0b"} => [ArgumentError, "user_agent must not contain a NUL byte"]
  }.each do |changes, (error, message)|
    it "refuses #{changes}" do
      expect { run_class.open(**options, **changes) }.to raise_error(error, message)
    end
  end

  {
    {source: "opnai"} => [RubyLLM::Native::SourceError, 'unknown source "opnai"'],
    {source: :openai} => [TypeError, "source must be a String, got Symbol"],
    {settings: nil} => [TypeError, "settings must be a Hash, got NilClass"],
    {settings: {"openai_api_key" => 1}} => [TypeError, "openai_api_key must be a String, got Integer"],
    {settings: {"openai_api_key" => "a\0"}} => [ArgumentError, "openai_api_key must not contain a NUL byte"],
    {base_url: 1} => [TypeError, "base_url must be a String, got Integer"],
    {proxy: []} => [TypeError, "proxy must be a String, got Array"],
    {sheet: 1} => [TypeError, "sheet must be a String, got Integer"],
    {transport: "memory"} => [TypeError, /MemoryTransport/],
    {sheets: nil} => [ArgumentError, "unknown keyword: :sheets"]
  }.each do |changes, (error, message)|
    it "refuses a request with #{changes}" do
      expect { run_class.open(**options, requests: [request, request(**changes)]) }.to raise_error(error, message)
    end
  end

  it "refuses a request without a source, more requests than sources, and another source's transport" do
    expect { run_class.open(**options, requests: [request.except(:source)]) }
      .to raise_error(ArgumentError, "missing keyword: :source")
    expect { run_class.open(**options, requests: [request] * 1025) }
      .to raise_error(ArgumentError, "a refresh can ask at most 1024 sources, got 1025. Choose some with only:")
    expect { run_class.open(**options, requests: [request(transport: transport("xai"))]) }
      .to raise_error(ArgumentError, "transport must answer for openai, got one for xai")
  end

  {
    {source: "opnai"} => [RubyLLM::Native::SourceError, 'unknown source "opnai"'],
    {format: "fil"} => [RubyLLM::Native::SourceError, 'unknown source "fil"'],
    {replies: {}} => [TypeError, "replies must be an Array, got Hash"],
    {replies: [nil]} => [TypeError, "a reply must be a Hash, got NilClass"],
    {replies: [{listing: 0, status: 200}]} => [ArgumentError, "missing keyword: :body"],
    {replies: [{listing: 10, status: 200, body: ""}]} => [ArgumentError, "listing must be between 0 and 9, got 10"],
    {replies: [{listing: 0, status: 1000, body: ""}]} => [ArgumentError, "status must be between 0 and 999, got 1000"],
    {replies: [{listing: 0, status: 200, body: nil}]} => [TypeError, "body must be a String, got NilClass"]
  }.each do |changes, (error, message)|
    it "knows no transport from memory with #{changes}" do
      expect { transport(**changes) }.to raise_error(error, message)
    end
  end

  # In a new process: once a Ractor has run, ObjectSpace has only what Ractors can share.
  it "refuses a transport that failed to be made, which only ObjectSpace still has" do
    program = <<~RUBY
      transport_class = RubyLLM::Native.const_get(:MemoryTransport)
      GC.disable
      begin
        transport_class.new(source: "openai", replies: [], format: "fil")
      rescue RubyLLM::Native::SourceError
        unfinished = ObjectSpace.each_object(transport_class).first
      end
      begin
        request = #{request.inspect}.merge(transport: unfinished)
        RubyLLM::Native.const_get(:Run).open(**#{options.inspect}, requests: [request])
      rescue RubyLLM::Native::Error => error
        print error.message
      end
    RUBY
    expect(Subprocess.capture(program, "-rruby_llm_native")).to eq(["the transport was never finished", ""])
  end

  it "keeps a transport for as long as the run needs it" do
    body = JSON.generate(data: [{id: "gpt-4.1"}])
    run = run_class.open(**options,
      requests: [request(transport: transport(replies: [{listing: 0, status: 200, body: body}]))])
    GC.start
    nil while run.step
    expect(run.outcome(0)).to include(source: "openai", status: :refreshed, rows: 1, attempts: 1)
  ensure
    run&.close
  end
end
