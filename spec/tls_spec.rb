# frozen_string_literal: true

require "net/http"
require "openssl"
require "tmpdir"
require_relative "support/authority"
require_relative "support/refreshing"

# https with a certificate of our own making: trusted where it is told to be, refused elsewhere.
RSpec.describe "a refresh over TLS" do
  include Refreshing
  include ReplayServer::Answers

  before(:context) do
    @folder = Dir.mktmpdir("rlm-tls")
    @authority = Authority.new(@folder)
  end

  after(:context) { FileUtils.remove_entry(@folder) }

  let(:authority) { @authority }
  let(:server) { ReplayServer.start(tls: {cert: authority.cert, key: authority.key}).tap(&:serve_fixtures) }
  let(:config) { Refreshing.configuration(server) }
  let(:registry) { registry_for(config) }

  after { server.stop }

  def with_environment(variables)
    before = variables.keys.to_h { |name| [name, ENV.fetch(name, nil)] }
    variables.each { |name, value| ENV[name] = value }
    yield
  ensure
    before.each { |name, value| ENV[name] = value }
  end

  around { |example| with_environment("SSL_CERT_FILE" => nil, "SSL_CERT_DIR" => nil) { example.run } }

  it "trusts the authorities in ca_file" do
    config.ca_file = authority.ca_file
    registry.refresh!(strict: true)

    expect(registry.last_refresh.select(&:asked?).map(&:status).uniq).to eq([:refreshed])
    expect(registry.listed.size).to eq(58)
  end

  it "trusts the authorities in ca_path" do
    config.ca_path = authority.ca_path
    registry.refresh!(only: :openai)

    expect(listed(:openai).size).to eq(12)
  end

  it "trusts those that SSL_CERT_FILE names, as Ruby's own HTTP does" do
    with_environment("SSL_CERT_FILE" => authority.ca_file) { registry.refresh!(only: :openai) }

    expect(listed(:openai).size).to eq(12)
  end

  it "trusts those in the folder that SSL_CERT_DIR names" do
    with_environment("SSL_CERT_DIR" => authority.ca_path) { registry.refresh!(only: :openai) }

    expect(listed(:openai).size).to eq(12)
  end

  it "refuses a server with an unknown authority at once, and sends it no key" do
    config.refresh_retries = 3

    expect { registry.refresh!(only: :openai) }.to raise_error(RubyLLM::Native::RefreshError, /openai \(.*certificate/i)
    expect(outcome(:openai))
      .to have_attributes(status: :failed, error_status: :network, curl_code: 60, http_status: nil, attempts: 1)
    expect(server.requests("openai")).to be_empty
  end

  it "refuses a certificate for another host" do
    config.ca_file = authority.ca_file
    config.openai_api_base = server.url("openai").sub("127.0.0.1", "localhost")

    expect { registry.refresh!(only: :openai) }.to raise_error(RubyLLM::Native::RefreshError)
    expect(outcome(:openai)).to have_attributes(curl_code: 60, attempts: 1)
    expect(server.requests("openai")).to be_empty
  end

  it "says which file of authorities it cannot read" do
    config.ca_file = "/nowhere/authorities.pem"

    expect { registry.refresh!(only: :openai) }
      .to raise_error(RubyLLM::Native::RefreshError, %r{/nowhere/authorities\.pem})
    expect(outcome(:openai).attempts).to be <= 1
  end

  it "does not follow a redirect from https to http" do
    plain = ReplayServer.start.tap(&:serve_fixtures)
    config.ca_file = authority.ca_file
    server.on("openai", redirect(to: "#{plain.url("openai")}/models"))

    expect { registry.refresh!(only: :openai) }
      .to raise_error(RubyLLM::Native::RefreshError, /redirected to 127\.0\.0\.1, which was not followed/)
    expect(plain.requests("openai")).to be_empty
  ensure
    plain.stop
  end

  # nghttpx speaks HTTP/2 to the client, HTTP/1.1 to the replay server, and says so in the header Via of what it
  # passes on.
  describe "with HTTP/2" do
    let(:server) { ReplayServer.start.tap(&:serve_fixtures) }
    let(:port) { closed_port }

    before do
      nghttpx = (ENV["PATH"].split(":") + %w[/usr/sbin]).map { |folder| File.join(folder, "nghttpx") }.find do |path|
        File.executable?(path)
      end
      skip "nghttpx is not here: Debian's package nghttp2-proxy has it" unless nghttpx

      @proxy = spawn(
        nghttpx, "--conf=/dev/null", "--frontend=127.0.0.1,#{port}",
        "--backend=127.0.0.1,#{URI(server.url("openai")).port}", "--workers=1",
        "--errorlog-file=/dev/null", authority.key, authority.cert, in: :close, out: File::NULL, err: File::NULL
      )
      eventually do
        TCPSocket.new("127.0.0.1", port).close
        true
      rescue Errno::ECONNREFUSED
        false
      end
      point_to_proxy
    end

    after do
      next unless @proxy

      Process.kill(:TERM, @proxy)
      Process.wait(@proxy)
    end

    def point_to_proxy
      config.ca_file = authority.ca_file
      ReplayServer::PATHS.each_key do |source|
        url = server.url(source).sub(%r{\Ahttp://127\.0\.0\.1:\d+}, "https://127.0.0.1:#{port}")
        next config.models_dev_url = "#{url}/api.json" if source == "models_dev"

        config.public_send(:"#{source}_api_base=", url)
      end
    end

    it "speaks it where the server does, and takes in the same as over HTTP/1.1" do
      registry.refresh!(strict: true)
      plain = registry_for(Refreshing.configuration(server)).refresh!

      expect(server.requests("openai").map { |request| request.headers["via"] }).to eq(["2 nghttpx", nil])
      expect(registry.catalog.content_hash).to eq(plain.catalog.content_hash)
    end

    it "sends an ETag and takes a 304" do
      2.times { registry.refresh! }

      expect(outcome(:models_dev).status).to eq(:unchanged)
    end

    it "keeps a provider's models when the stream breaks off" do
      registry.refresh!
      server.on("openai", cut(fixture("openai/good"), at: 0.5))
      registry.refresh!

      expect(outcome(:openai)).to have_attributes(status: :failed, error_status: :network, kept: 12)
      expect(listed(:openai).size).to eq(12)
    end

    it "gives up on a stream that stalls, and not on its neighbours" do
      registry.refresh!
      config.refresh_request_timeout = 2 # a busy machine needs a while for nine handshakes
      server.on("openai", stall)
      registry.refresh!

      expect(registry.last_refresh.failures.map { |failed| [failed.source, failed.error_status] })
        .to eq([%i[openai timed_out]])
    end
  end
end
