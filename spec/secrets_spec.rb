# frozen_string_literal: true

require "base64"
require "pp"
require "yaml"
require_relative "spec_helper"
require_relative "support/homes"

# Whatever is configured as a credential carries a mark, in every setting of every source; then everything that leaves is looked through for it,
# in all spellings. The servers are as bad as can be: they give back whatever they were sent.
RSpec.describe "credentials" do
  include_context "with a kept registry"

  # A mark has what is spelled differently in JSON, URLs and base64.
  mark = "S3NT1NEL"
  marks = Hash.new { |all, name| all[name] = "#{mark}/#{all.size}+=\"&#{name.to_s.tr("_", "-")}" }

  # The letters that base64 makes of the mark wherever it stands, without those at the ends, which its neighbours change.
  in_base64 = (0..2).map { |before| Base64.strict_encode64("x" * before + mark)[(before * 4 / 3.0).ceil...((before + mark.size) * 8 / 6)] }
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
          config.public_send(:"#{name}=", server.url(source[:slug]).sub("//", "//#{marks[:"#{name}_user"].tr("/=+\"&", "-")}:#{login}@") + "?subscription-key=#{query}")
        elsif setting[:secret]
          config.public_send(:"#{name}=", marks[name.to_sym])
        else
          config.public_send(:"#{name}=", "us-east-1")
        end
      end
    end
  end

  # What a request told, as a server may write it.
  def told(request)
    all = [*request.headers.values, *request.query.values, *request.query.keys].join(" ")
    [all, CGI.escape(all), ERB::Util.url_encode(all), JSON.generate(all), Base64.strict_encode64(all), Base64.urlsafe_encode64("x#{all}")]
  end

  # All that leaves this process, by name.
  def everything(error, events)
    report = registry.last_refresh
    {
      report: [report.to_h.to_json, report.to_s, report.inspect, report.map(&:inspect), PP.pp(report, +""), Marshal.dump(report.to_h)],
      error: [error&.message, error&.full_message, error.inspect, error&.report.inspect],
      log: log.string, events: events.inspect, file: File.exist?(file) ? File.binread(file) : "", export: registry.export_json,
      rows: registry.map { |model| [model.to_h, model.metadata, model.id, model.name].inspect },
      registry_file: registry.save_to_json(File.join(folder, "models.json")) && File.read(File.join(folder, "models.json")),
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
    "an error in JSON" => -> (texts) { ReplayServer::Answer.json({error: {message: texts.join("; ")}}, status: 401) },
    "an error that is cut" => -> (texts) { ReplayServer::Answer.json({error: {message: texts.first[/.*?S3NT1N/]}}, status: 403) },
    "a page of HTML" => -> (texts) { ReplayServer::Answer.new(status: 502, body: "<title>#{CGI.escapeHTML(texts.join(" "))}</title>") },
    "an error with status 200" => -> (texts) { ReplayServer::Answer.json({error: texts.join(" ")}) },
    "rows that are refused" => -> (texts) { ReplayServer::Answer.json({data: texts.map { |text| {id: [text]} }, object: "list"}) },
    "a redirect" => -> (texts) { ReplayServer::Answer.new(status: 302, headers: {"location" => "http://#{texts.first[%r{S3NT1NEL/\d+}]}/x"}) },
    "models" => lambda do |texts|
      rows = texts.map { |text| {id: text, name: text, display_name: text, owned_by: text, description: {text => [text]}} }
      ReplayServer::Answer.json({data: rows, models: rows, object: "list"}, etag: "\"#{texts[1][/S3NT1NEL.*/][0, 400]}\"")
    end
  }
  bad.each do |what, answer|
    it "do not leave with #{what}" do
      sources.each { |source| server.on(source[:slug], -> (request) { answer.call(told(request)) }) }
      expect_no_leak(refresh)
      expect(sources.sum { |source| server.requests(source[:slug]).size }).to be > 15
      expect([registry.last_refresh[:openai].error, (File.binread(file) if File.exist?(file))].join).to include("[secret]") unless what.start_with?("rows")
    end
  end

  it "are known to the servers that they are for" do
    server.on("openai", json({data: [{id: "gpt-4.1"}], object: "list"}))
    registry.refresh!(only: :openai)
    asked = server.requests("openai").first
    expect(asked.headers["authorization"]).to include(marks[:openai_api_key]).or start_with("Basic ")
    expect(asked.query["subscription-key"]).to eq(marks[:openai_api_base_query])
  end

  # As they are pasted, with what libcurl cannot read.
  secret = "S3NT1NELpw"
  proxies = ["http://user:#{secret}@127.0.0.1:1", "user:#{secret}@127.0.0.1:1", "http://user:#{secret}#x@127.0.0.1:1", "http://user:a/#{secret}@127.0.0.1:1",
    "http://user:#{secret}?@127.0.0.1:1", "http://user:#{secret}@x@127.0.0.1:1", "http://user:#{secret} x@127.0.0.1:1",
    "http://user:#{secret}@127.0.0.1:999999", "http://user:#{secret}@127.0.0.1:port", "ftp://user:#{secret}@127.0.0.1", "http://user:#{secret}@no host",
    "http://user:#{secret}@[::1", "http:user:#{secret}@127.0.0.1:1", "http://#{secret}@127.0.0.1:1", "socks5h://user:#{secret}@127.0.0.1:1",
    "  http://user:#{secret}%20@127.0.0.1:1\n"]
  proxies.each do |proxy|
    it "do not leave with the proxy #{proxy.inspect}" do
      config.http_proxy = proxy
      sources.each { |source| config.public_send(:"#{source[:slug]}_api_base=", "http://models.example.invalid/v1") if config.respond_to?(:"#{source[:slug]}_api_base=") }
      left = refresh
      expect_no_leak(left)
      expect(registry.last_refresh[:openai].error).to match(/proxy|127\.0\.0\.1/i)
    end
  end

  ["http://u:#{secret}@127.0.0.1:99999/x", "http://u:#{secret}@[::1/x", "http://u:#{secret}@ho st/x", "u:#{secret}@127.0.0.1/v1", "ftp://u:#{secret}@h/x",
    "http://u:#{secret}#@127.0.0.1:1/x", "http://u:#{secret}/@127.0.0.1:1/x", "https://127.0.0.1:1/v1?key=#{secret} x", "//u:#{secret}@h",
    "http://u:#{secret}@x\r\nHost: evil/", "http://u:#{secret}@%00/"].each do |base|
    it "do not leave with the address #{base.inspect}" do
      config.openai_api_base = base
      expect_no_leak(refresh)
      expect(registry.last_refresh[:openai]).to be_failed
    end
  end
end
