# frozen_string_literal: true

require "base64"
require "pp"
require "yaml"
require_relative "spec_helper"
require_relative "support/homes"

# Whatever is configured as a credential carries a mark, in every setting of every source; then everything that leaves
# is looked through for it, in all spellings. The servers are as bad as can be: they give back whatever they were
# sent.
RSpec.describe "credentials" do
  include_context "with a kept registry"

  # A mark has what is spelled differently in JSON, URLs and base64.
  mark = "S3NT1NEL"
  marks = Hash.new { |all, name| all[name] = "#{mark}/#{all.size}+=\"&#{name.to_s.tr("_", "-")}" }

  # The letters that base64 makes of the mark wherever it stands, without those at the ends, which its neighbours
  # change.
  in_base64 = (0..2).map do |before|
    Base64.strict_encode64("x" * before + mark)[(before * 4 / 3.0).ceil...((before + mark.size) * 8 / 6)]
  end
  leak = Regexp.new([mark, CGI.escape(mark).downcase, *in_base64].join("|"), Regexp::IGNORECASE)

  define_method(:leaks) { |text| text.to_s.b.scan(/.{0,40}(?:#{leak.source}).{0,20}/in) }

  sources = RubyLLM::Native::SOURCES.select { |source| source[:askable] }

  # Every setting of every source, and a proxy of which the address is the server's.
  define_method(:configure_all) do
    sources.each do |source|
      source[:settings].each do |setting|
        name = setting[:name]
        if setting[:base_url] || name.end_with?("_api_base")
          login = URI.encode_www_form_component(marks[:"#{name}_password"])
          query = URI.encode_www_form_component(marks[:"#{name}_query"])
          user = marks[:"#{name}_user"].tr("/=+\"&", "-")
          url = server.url(source[:slug]).sub("//", "//#{user}:#{login}@")
          config.public_send(:"#{name}=", "#{url}?subscription-key=#{query}")
        elsif setting[:secret]
          config.public_send(:"#{name}=", marks[name.to_sym])
        else
          config.public_send(:"#{name}=", "us-east-1")
        end
      end
    end
    config.endpoint :gateway, base_url: server.url("gateway"), api_key: marks[:gateway_key],
      headers: {"X-Gateway-Key" => marks[:gateway_header]}, query: {"gateway-key" => marks[:gateway_query]}
  end

  # What a request told, as a server may write it.
  def told(request)
    all = [*request.headers.values, *request.query.values, *request.query.keys].join(" ")
    [
      all, CGI.escape(all), ERB::Util.url_encode(all), JSON.generate(all),
      Base64.strict_encode64(all), Base64.urlsafe_encode64("x#{all}")
    ]
  end

  # All that leaves this process, by name.
  def everything(error, events)
    report = registry.last_refresh
    {
      report: [
        report.to_h.to_json, report.to_s, report.inspect,
        report.map(&:inspect), PP.pp(report, +""), Marshal.dump(report.to_h)
      ],
      error: [error&.message, error&.full_message, error.inspect, error&.report.inspect],
      log: log.string, events: events.inspect,
      file: File.exist?(file) ? File.binread(file) : "", export: registry.export_json,
      rows: registry.map { |model| [model.to_h, model.metadata, model.id, model.name].inspect },
      registry_file: File.read(File.join(folder, "models.json").tap { |path| registry.save_to_json(path) }),
      inspect: [registry.inspect, registry.source.inspect, registry.preferences.inspect]
    }
  end

  def refresh
    events = []
    error = begin
      registry.refresh! { |progress| events << progress.to_h }
      nil
    rescue RubyLLM::Native::RefreshError => raised
      raised
    end
    everything(error, events)
  end

  def expect_no_leak(left)
    left.each { |name, texts| expect([name, leaks([texts].flatten.join("\n"))]).to eq([name, []]) }
  end

  before { configure_all }

  bad = {
    "an error in JSON" => ->(texts) { ReplayServer::Answer.json({error: {message: texts.join("; ")}}, status: 401) },
    "an error that is cut" => lambda do |texts|
      ReplayServer::Answer.json({error: {message: texts.first[/.*?S3NT1N/]}}, status: 403)
    end,
    "a page of HTML" => lambda do |texts|
      ReplayServer::Answer.new(status: 502, body: "<title>#{CGI.escapeHTML(texts.join(" "))}</title>")
    end,
    "an error with status 200" => ->(texts) { ReplayServer::Answer.json({error: texts.join(" ")}) },
    "rows that are refused" => lambda do |texts|
      ReplayServer::Answer.json({data: texts.map { |text| {id: [text]} }, object: "list"})
    end,
    "a redirect" => lambda do |texts|
      ReplayServer::Answer.new(status: 302, headers: {"location" => "http://#{texts.first[%r{S3NT1NEL/\d+}]}/x"})
    end,
    "models" => lambda do |texts|
      rows = texts.map do |text|
        {id: text, name: text, display_name: text, owned_by: text, description: {text => [text]}}
      end
      ReplayServer::Answer.json(
        {data: rows, models: rows, object: "list"}, etag: "\"#{texts[1][/S3NT1NEL.*/][0, 400]}\""
      )
    end
  }
  bad.each do |what, answer|
    it "do not leave with #{what}" do
      [*sources.map { |source| source[:slug] }, "gateway"].each do |name|
        server.on(name, ->(request) { answer.call(told(request)) })
      end
      expect_no_leak(refresh)
      expect(sources.sum { |source| server.requests(source[:slug]).size }).to be > 15
      unless what.start_with?("rows")
        expect([registry.last_refresh[:openai].error, (File.binread(file) if File.exist?(file))].join)
          .to include("[secret]")
      end
    end
  end

  it "are known to the servers that they are for" do
    registry.refresh!(only: :gateway) rescue nil # rubocop:disable Style/RescueModifier -- it may answer what it likes
    asked = server.requests("gateway").first
    expect(asked.headers).to include("x-gateway-key" => marks[:gateway_header],
      "authorization" => "Bearer #{marks[:gateway_key]}")
    expect(asked.query).to eq("gateway-key" => marks[:gateway_query])
    server.on("openai", json({data: [{id: "gpt-4.1"}], object: "list"}))
    registry.refresh!(only: :openai)
    asked = server.requests("openai").first
    expect(asked.headers["authorization"]).to include(marks[:openai_api_key]).or start_with("Basic ")
    expect(asked.query["subscription-key"]).to eq(marks[:openai_api_base_query])
  end

  # As they are pasted, with what libcurl cannot read.
  secret = "S3NT1NELpw"
  proxies = ["http://user:#{secret}@127.0.0.1:1", "user:#{secret}@127.0.0.1:1",
    "http://user:#{secret}#x@127.0.0.1:1", "http://user:a/#{secret}@127.0.0.1:1",
    "http://user:#{secret}?@127.0.0.1:1", "http://user:#{secret}@x@127.0.0.1:1", "http://user:#{secret} x@127.0.0.1:1",
    "http://user:#{secret}@127.0.0.1:999999", "http://user:#{secret}@127.0.0.1:port",
    "ftp://user:#{secret}@127.0.0.1", "http://user:#{secret}@no host",
    "http://user:#{secret}@[::1", "http:user:#{secret}@127.0.0.1:1",
    "http://#{secret}@127.0.0.1:1", "socks5h://user:#{secret}@127.0.0.1:1",
    "  http://user:#{secret}%20@127.0.0.1:1\n"]
  proxies.each do |proxy|
    it "do not leave with the proxy #{proxy.inspect}" do
      config.http_proxy = proxy
      sources.each do |source|
        if config.respond_to?(:"#{source[:slug]}_api_base=")
          config.public_send(:"#{source[:slug]}_api_base=", "http://models.example.invalid/v1")
        end
      end
      left = refresh
      expect_no_leak(left)
      expect(registry.last_refresh[:openai].error).to match(/proxy|127\.0\.0\.1/i)
    end
  end

  ["http://u:#{secret}@127.0.0.1:99999/x", "http://u:#{secret}@[::1/x",
    "http://u:#{secret}@ho st/x", "u:#{secret}@127.0.0.1/v1", "ftp://u:#{secret}@h/x",
    "http://u:#{secret}\#@127.0.0.1:1/x", "http://u:#{secret}/@127.0.0.1:1/x",
    "https://127.0.0.1:1/v1?key=#{secret} x", "//u:#{secret}@h",
    "http://u:#{secret}@x\r\nHost: evil/", "http://u:#{secret}@%00/"].each do |base|
    it "do not leave with the address #{base.inspect}" do
      config.openai_api_base = base
      expect_no_leak(refresh)
      expect(registry.last_refresh[:openai]).to be_failed
    end
  end
end

RSpec.describe RubyLLM::Native::Configuration do
  # What says nothing secret, whatever it is set to: all other options of this list must be hidden.
  plain = %i[
    default_model default_embedding_model default_image_model default_moderation_model default_transcription_model
    default_speech_model default_rerank_model model_registry_class model_registry_source model_registry_store
    use_new_acts_as log_file log_level log_stream_debug log_regexp_timeout faraday_adapter instrumenter
    deprecation_behavior tool_concurrency azure_deployments openai_use_system_role openrouter_app_name
    bedrock_region vertexai_location request_timeout max_retries retry_interval retry_backoff_factor
    retry_interval_randomness retry_max_interval ca_file ca_path logger model_registry_file registry_path
    catalog_store offline refresh_on_miss allow_real_requests refresh_timeout refresh_request_timeout
    refresh_connect_timeout refresh_retries registry_check_interval refresh_on_miss_interval model_aliases
    refresh_connections documented_providers price_files
  ]
  mark = "S3NT1NEL"
  logins = ["https://me:#{mark}@gateway.example/v1",
    "me:#{mark}@gateway.example/v1", "https://me:#{mark}/x@gateway.example/v1",
    "https://me:#{mark}#x@gateway.example/v1",
    "https://me:#{mark}?x@gateway.example/v1", "https://me:x@#{mark}@gateway.example/v1",
    "https://#{mark}@gateway.example/v1", "https://gateway.example/v1?key=#{mark}",
    "https://gateway.example/v1#key=#{mark}", " //#{mark}:x@gateway.example"]

  def spellings(config)
    require "json"
    no_method = begin
      config.foo
    rescue
      $!.full_message
    end
    {
      inspect: config.inspect, to_s: config.to_s, pp: PP.pp(config, +""),
      yaml: config.to_yaml, json: JSON.generate(config), as_json: config.as_json.to_s,
      interpolated: "config: #{config}", in_an_array: [config].inspect, in_yaml: {config: config}.to_yaml,
      no_method: no_method
    }
  end

  (described_class.options - plain).each do |option|
    it "shows no secret of #{option}" do
      values = option.match?(/_(base|url|proxy)\z/) ? logins : [mark, "sk-#{mark}", {"private_key" => mark}.to_json]
      values.each do |value|
        config = described_class.new
        config.public_send(:"#{option}=", value)
        spellings(config).each do |name, text|
          expect([name, value, text.include?(mark)]).to eq([name, value, false]), text
        end
        expect(config.inspect).to include(option.to_s)
      end
    end
  end

  it "shows the rest of an address" do
    config = described_class.new
    config.openai_api_base = "https://me:secret@gateway.example/v1?api-version=1"
    config.http_proxy = "me:sec/ret@proxy.example:3128"
    config.ollama_api_base = "http://localhost:11434/v1"
    config.mistral_api_base = "https://gateway.example/v1/@scope"
    expect(config.inspect)
      .to eq('#<RubyLLM::Native::Configuration openai_api_base: "https://[hidden]@gateway.example/v1?[hidden]", ' \
             'mistral_api_base: "https://gateway.example/v1/@scope", ollama_api_base: "http://localhost:11434/v1", ' \
             'http_proxy: "[hidden]@proxy.example:3128">')
  end

  it "is not marshalled" do
    config = described_class.new
    config.openai_api_key = mark
    expect { Marshal.dump(config) }
      .to raise_error(TypeError, "A configuration cannot be marshalled: it holds credentials")
    expect { Marshal.dump([config]) }.to raise_error(TypeError)
  end
end

RSpec.describe RubyLLM::Native::Redactor do
  let(:private_key) { "-----BEGIN KEY-----\nMIIE+/=\n-----END KEY-----" }
  let(:config) do
    RubyLLM::Native::Configuration.new.tap do |config|
      service_account_key = {private_key_id: "0123456789abcdef", private_key: "#{private_key}\n"}
      config.vertexai_service_account_key = service_account_key.to_json
      config.bedrock_session_token = "a session's token"
      config.http_proxy = "user:pass/word@proxy"
      config.openai_api_base = "https://gateway.example/v1?subscription-key=of%20mine"
    end
  end

  it "takes the credentials of a configuration out of any text" do
    texts = [config.vertexai_service_account_key, "0123456789ABCDEF", JSON.generate(private_key),
      "a%20session%27s+token", "pass/word", Base64.strict_encode64("user:pass/word"), "of mine", "of%20mine"]
    texts.each do |text|
      expect(described_class.new(config).call("it said: #{text}").delete('"')).to eq("it said: [secret]"), text
    end
    expect(described_class.new(config).call("proxy gateway.example v1")).to eq("proxy gateway.example v1")
  end

  it "is asked before googleauth is quoted" do
    refusal = IOError.new("refused: #{private_key}, a session's token")
    account = Object.new
    account.define_singleton_method(:access_token) { raise refusal }
    credentials = config.credentials
    credentials.define_singleton_method(:load_googleauth) { nil }
    credentials.define_singleton_method(:google_credentials) { |_key, _option| account }

    endpoints = RubyLLM::Native.const_get(:Endpoints).of(config)
    expect(credentials.gather(endpoints.slice("vertexai")).last)
      .to eq("vertexai" => "Google returned no access token: refused: [secret], [secret]")
  end
end

RSpec.describe RubyLLM::Native.const_get(:Plan) do
  # Reads the memory of a child, which has computed a plan's key or has not.
  it "leaves no copy of a key in memory when it is told apart from others" do
    skip "there is no /proc" unless File.exist?("/proc/self/mem")
    child = IO.popen([RbConfig.ruby, "-I", File.expand_path("../lib", __dir__), "-e", <<~RUBY], "r+")
      require "ruby_llm_native"
      $stdout.sync = true
      config = RubyLLM::Native::Configuration.new
      %i[openai mistral xai].each do |source|
        config.public_send(:"\#{source}_api_key=", ["S3NT", "1NEL", source, "x" * 200].join("-"))
      end
      plan = RubyLLM::Native.const_get(:Plan).new(config)
      2.times do
        puts "ready"
        gets
        plan.key
        GC.start
      end
    RUBY
    counts = Array.new(2) do
      child.gets
      copies(child.pid, "S3NT-1NEL-").tap { child.puts }
    end
    expect(counts.first).to be >= 3
    expect(counts.last).to eq(counts.first)
  ensure
    child&.close
  end

  def copies(pid, needle)
    File.open("/proc/#{pid}/mem", "rb") do |memory|
      File.readlines("/proc/#{pid}/maps").grep(/ rw-p /).sum do |line|
        from, to = line[/\A\h+-\h+/].split("-").map { |text| text.to_i(16) }
        memory.seek(from)
        memory.read(to - from).to_s.scan(needle.b).size
      rescue SystemCallError
        0
      end
    end
  end

  it "has one key for plans that would do the same, and another for each difference" do
    make = lambda do |**options|
      config = RubyLLM::Native::Configuration.new
      {openai_api_key: "sk-1", openai_api_base: "http://h/v1", **options}.each do |name, value|
        config.public_send(:"#{name}=", value)
      end
      RubyLLM::Native.const_get(:Plan).new(config).key
    end
    others = [{openai_api_key: "sk-2"}, {openai_api_base: "http://h/v2"},
      {mistral_api_key: "sk-1"}, {http_proxy: "http://p"}, {refresh_retries: 1},
      {openai_api_key: "sk-", openai_organization_id: "1"}, {refresh_timeout: 7}, {ca_file: "a"}]
    expect(make.call).to eq(make.call)
    expect([{}, *others].map { |options| make.call(**options) }.uniq.size).to eq(others.size + 1)
  end
end
