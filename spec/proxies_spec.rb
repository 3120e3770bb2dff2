# frozen_string_literal: true

require_relative "spec_helper"

RSpec.describe RubyLLM::Native::Proxies do
  let(:proxy) { "http://proxy.example:3128" }

  def asked_directly?(url, no_proxy)
    described_class.new(proxy, {"no_proxy" => no_proxy}).for(url).nil?
  end

  # What NO_PROXY says; hosts that are asked directly; hosts that are not.
  {
    "*" => [%w[api.openai.com 203.0.113.9 [2001:db8::1]], []],
    "a.example, *" => [%w[b.example], []],
    "corp" => [%w[corp models.corp a.b.corp CORP corp. corp:8080], %w[notcorp corp.example]],
    ".corp" => [%w[corp models.corp], %w[notcorp]],
    "*.corp" => [%w[models.corp a.b.corp], %w[notcorp corp.example]],
    "gpu-*.corp" => [%w[gpu-1.corp gpu-12.corp], %w[cpu-1.corp corp]],
    "models.corp." => [%w[models.corp], %w[corp]],
    "a.example b.example,,\tc.example" => [%w[a.example b.example c.example], %w[d.example]],
    "10.1.*" => [%w[10.1.2.3 10.1.255.255], %w[10.2.0.1 110.1.2.3]],
    "10.1." => [%w[10.1.2.3], %w[10.11.0.1]],
    "10.0.0.0/8" => [%w[10.1.2.3 10.255.0.1], %w[11.0.0.1 ten.example]],
    "203.0.113.9" => [%w[203.0.113.9 203.0.113.9:8443], %w[203.0.113.90 203.0.113.9.example]],
    "192.168.0.0/33,300.1.2.3,/8" => [[], %w[192.168.0.1 8.8.8.8]],
    "[2001:db8::1]" => [%w[[2001:db8::1] [2001:0db8:0:0::1]], %w[[2001:db8::2]]],
    "2001:db8::/32" => [%w[[2001:db8:1::5]], %w[[2001:db9::5]]],
    "models.corp:8443" => [%w[models.corp:8443], %w[models.corp models.corp:80]],
    "models.corp:443" => [%w[models.corp], %w[models.corp:8443]],
    "[2001:db8::1]:443" => [%w[[2001:db8::1]], %w[[2001:db8::1]:8443]],
    "" => [[], %w[corp]], "." => [[], %w[corp]], "," => [[], %w[corp]]
  }.each do |no_proxy, (direct, through)|
    it "reads NO_PROXY=#{no_proxy.inspect}" do
      direct.each { |host| expect([host, asked_directly?("https://#{host}/v1", no_proxy)]).to eq([host, true]) }
      through.each { |host| expect([host, asked_directly?("https://#{host}/v1", no_proxy)]).to eq([host, false]) }
    end
  end

  it "finds the host of a URL that only libcurl can read, or that nothing can" do
    ["https://me:pass@models.corp/v1", "https://models.corp/v1 x",
      "models.corp:80/v1", " https://models.corp/v1\n", "https://models.corp?a=b@c",
      "https://models.corp/é",
      "HTTPS://Models.CORP"].each { |url| expect([url, asked_directly?(url, "corp")]).to eq([url, true]) }
    expect(asked_directly?("https://my_host/v1 x", "corp")).to be(false)
  end

  it "asks this machine directly" do
    %w[http://localhost:11434 http://127.0.0.1 http://127.8.9.1/v1 http://[::1]:80 http://LOCALHOST.].each do |url|
      expect(asked_directly?(url, "")).to be(true)
    end
  end

  it "takes the environment's, each for its scheme, and none from a request of CGI" do
    environment = {"http_proxy" => "http://one", "HTTPS_PROXY" => " http://two\n", "NO_PROXY" => "corp"}
    chosen = ->(url, more = {}) { described_class.new(nil, environment.merge(more)).for(url) }
    expect([chosen.call("http://a.example"), chosen.call("https://a.example"), chosen.call("https://a.corp")])
      .to eq(["http://one", "http://two", nil])
    environment.delete("http_proxy")
    expect(chosen.call("http://a.example", {"HTTP_PROXY" => "http://evil", "REQUEST_METHOD" => "GET"})).to be_nil
    expect(chosen.call("http://a.example", {"HTTP_PROXY" => "http://good"})).to eq("http://good")
  end

  it "shows no password" do
    expect(described_class.new("http://me:secret@proxy").inspect).to eq("#<RubyLLM::Native::Proxies>")
  end
end
