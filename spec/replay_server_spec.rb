# frozen_string_literal: true

require "net/http"
require "openssl"
require "tmpdir"
require_relative "support/replay_server"

RSpec.describe ReplayServer do
  include ReplayServer::Answers

  let!(:server) { described_class.start }

  after { server.stop }

  def get(source, path = "/models", headers = {})
    Net::HTTP.get_response(URI(server.url(source) + path), headers)
  end

  def get_raw(source)
    uri = URI(server.url(source))
    socket = TCPSocket.new(uri.host, uri.port)
    socket.write("GET #{uri.path}/models HTTP/1.1\r\nHost: #{uri.host}\r\n\r\n")
    yield socket
  ensure
    socket&.close
  end

  def ids(response, key: "id")
    JSON.parse(response.body).values.find { |value| value.is_a?(Array) }.map { |row| row.fetch(key) }
  end

  def seconds
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  end

  it "serves every source's fixtures at the path of its list, and nowhere else" do
    server.serve_fixtures

    described_class::PATHS.each { |source, path| expect(get(source, path)).to be_a(Net::HTTPOK), source }
    expect(get("openai", "/v1/models").code).to eq("404")
    expect(get("nobody").code).to eq("404")
  end

  it "serves anthropic's and gemini's second page to those who ask for it by its name" do
    server.serve_fixtures

    expect(ids(get("anthropic", "/v1/models?limit=1000"))).to start_with("claude-opus-4-5-20251101")
    expect(ids(get("anthropic", "/v1/models?limit=1000&after_id=claude-3-5-haiku-20241022")))
      .to start_with("claude-3-opus-20240229")
    expect(ids(get("gemini", "/models?pageToken=CgVtb2RlbHM%3D"), key: "name"))
      .to start_with("models/gemini-embedding-001")
    expect(get("gemini", "/models?pageToken=other").code).to eq("400")
  end

  it "records what it was asked" do
    server.on("openai", json({data: []}))
    get("openai", "/models?limit=2", "Authorization" => "Bearer secret")

    expect(server.requests("openai").first).to have_attributes(
      method: "GET", path: "/openai/models", query: {"limit" => "2"},
      headers: include("authorization" => "Bearer secret"), at: Float
    )
    server.reset
    expect(server.requests("openai")).to be_empty
  end

  it "gives one answer a request, repeats the last, and asks a callable each time" do
    server.on("openai", [status(503, retry_after: 1, body: {error: "busy"}), html, redirect(to: "/elsewhere")])
    server.on("xai", ->(request) { json({path: request.path}, status: 201) })

    expect(get("openai"))
      .to have_attributes(code: "503", body: '{"error":"busy"}').and(satisfy { |busy| busy["retry-after"] == "1" })
    expect(get("openai")["content-type"]).to eq("text/html")
    expect(Array.new(2) { get("openai")["location"] }).to eq(["/elsewhere", "/elsewhere"])
    expect(get("xai")).to have_attributes(code: "201", body: '{"path":"/xai/models"}')
  end

  it "answers 304 without a body to a client that has the ETag, weak or strong" do
    server.serve_fixtures
    etag = get("models_dev", "/api.json")["etag"]

    [etag, etag.delete_prefix("W/"), %("other", #{etag})].each do |known|
      expect(get("models_dev", "/api.json", "If-None-Match" => known)).to have_attributes(code: "304", body: nil)
    end
    expect(get("models_dev", "/api.json", "If-None-Match" => '"other"').code).to eq("200")
  end

  it "compresses for clients that accept it, and only for them" do
    server.on("openai", json(fixture("openai/good"), gzip: true))

    packed = get("openai", "/models", "Accept-Encoding" => "gzip")
    expect(Zlib.gunzip(packed.body).force_encoding("UTF-8")).to eq(fixture("openai/good"))
    expect(get("openai", "/models", "Accept-Encoding" => "identity")["content-encoding"]).to be_nil
  end

  it "sends a small answer that inflates to what was asked for" do
    server.on("openai", gzip_bomb(size: 3_000_000))

    packed = get("openai", "/models", "Accept-Encoding" => "gzip").body
    expect(packed.bytesize).to be < 5_000
    expect(Zlib.gunzip(packed).bytesize).to eq(3_000_000)
  end

  it "waits before it answers, for each request on its own" do
    server.on("openai", json({data: []}, delay: 0.2))

    expect(seconds { Array.new(8) { Thread.new { get("openai") } }.each(&:join) }).to be_between(0.2, 1.5)
  end

  it "cuts an answer short, with a length, in chunks, or before the first byte" do
    body = "0123456789"

    server.on("openai", cut(body, at: 0.5))
    expect(get_raw("openai", &:read)).to end_with("Content-Length: 10\r\n\r\n01234")
    server.on("openai", cut_chunked(body, at: 0.3))
    expect(get_raw("openai", &:read)).to end_with("Transfer-Encoding: chunked\r\n\r\n3\r\n012\r\n")
    server.on("openai", drop)
    expect(get_raw("openai", &:read)).to eq("")
  end

  it "trickles a whole answer in small chunks" do
    server.on("openai", trickle({id: "größer"}, bytes_per_chunk: 1))

    expect(get("openai").body.force_encoding("UTF-8")).to eq('{"id":"größer"}')
  end

  it "lets no thread and no port outlive it, however many clients are stalled" do
    before = Thread.list
    stopped = described_class.start
    uri = URI(stopped.url("openai"))
    stopped.on("openai", stall("0123456789", after_bytes: 4))
    stopped.on("xai", json({data: []}, delay: 20))
    clients = %w[openai openai xai].map do |source|
      TCPSocket.new(uri.host, uri.port).tap do |socket|
        socket.write("GET /#{source}/models HTTP/1.1\r\nHost: x\r\n\r\n")
      end
    end
    sleep(0.01) until stopped.requests("openai").size == 2 && stopped.requests("xai").size == 1

    expect(seconds { stopped.stop }).to be < 10
    expect(Thread.list - before).to be_empty
    expect { TCPSocket.new(uri.host, uri.port) }.to raise_error(Errno::ECONNREFUSED)
  ensure
    clients.each(&:close)
  end

  it "stalls after some bytes of a body" do
    server.on("openai", stall("0123456789", after_bytes: 4))

    get_raw("openai") do |socket|
      received = +""
      received << socket.readpartial(500) until received.end_with?("Content-Length: 10\r\n\r\n0123")
      expect(socket.wait_readable(0.1)).to be_nil
    end
  end

  it "speaks https with the certificate it is given" do
    Dir.mktmpdir do |directory|
      secure = described_class.start(tls: self_signed(directory))
      secure.serve_fixtures
      uri = URI(secure.url("openai"))
      trusting = {use_ssl: true, ca_file: File.join(directory, "cert.pem")}

      response = Net::HTTP.start(uri.host, uri.port, **trusting) { |http| http.get("/openai/models") }
      expect(response.body.force_encoding("UTF-8")).to eq(fixture("openai/good"))
      expect { Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.get("/") } }
        .to raise_error(OpenSSL::SSL::SSLError)

      secure.on("openai", cut("0123456789"))
      short = Net::HTTP.start(uri.host, uri.port, **trusting) { |http| http.get("/openai/models") }
      expect(short).to have_attributes(body: "01234", content_length: 10)
    ensure
      secure&.stop
    end
  end

  it "finds one model gone between openai's two good fixtures" do
    before, after = %w[good good_dropped].map { |name| JSON.parse(fixture("openai/#{name}")).fetch("data") }

    expect((before - after).map { |row| row["id"] }).to eq(["o4-mini"])
    expect(after - before).to be_empty
  end

  def self_signed(directory)
    key = OpenSSL::PKey::RSA.new(2048)
    name = OpenSSL::X509::Name.parse("/CN=127.0.0.1")
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = 1
    certificate.subject = certificate.issuer = name
    certificate.public_key = key.public_key
    certificate.not_before = Time.now - 60
    certificate.not_after = Time.now + 3600
    certificate.add_extension(OpenSSL::X509::ExtensionFactory.new.create_extension("subjectAltName", "IP:127.0.0.1"))
    certificate.sign(key, OpenSSL::Digest.new("SHA256"))
    {cert: File.join(directory, "cert.pem"), key: File.join(directory, "key.pem")}.tap do |paths|
      File.write(paths[:cert], certificate.to_pem)
      File.write(paths[:key], key.to_pem)
    end
  end
end
