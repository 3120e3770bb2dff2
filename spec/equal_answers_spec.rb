# frozen_string_literal: true

require_relative "support/homes"
require_relative "support/listings"

# Answers that are the last ones again, byte for byte: they are not read a second time, and nobody notices.
RSpec.describe "a refresh with equal answers" do
  include_context "with a kept registry"
  include Listings

  # The head of that source's sheet, as it is stored.
  def head(source)
    _, sheets = RubyLLM::Native::StoredFile.load(File.binread(file))
    RubyLLM::Native.block_head(sheets.fetch(source))
  end

  # Whether the next refresh, an hour later, reads the source's answer: its sheet is then a new one.
  def read_again?(source, registry = kept_registry)
    before = head(source)[:fetched_at]
    allow(Time).to receive(:now).and_return(Time.at(before + 3600))
    registry.refresh!(only: source)
    expect(registry.last_refresh[source]).to have_attributes(status: :refreshed, http_status: 200)
    head(source)[:fetched_at] != before
  end

  # Of several listings that are missing, the remark names the one that said so first.
  def facts_of_report(report)
    report.map { |outcome| outcome.to_h.except(:duration, :remark) }
  end

  before { server.on("models_dev", json(fixture("models_dev/good"), gzip: true)) }

  it "reports the same as when they were read, but for what is new" do
    registry.refresh!
    read = facts_of_report(registry.last_refresh)
    registry.refresh!

    expect(facts_of_report(registry.last_refresh)).to eq(read.map { |outcome| outcome.merge(added: 0) })
  end

  it "leaves the stored file as it is" do
    registry.refresh!(only: %i[openai openrouter xai models_dev])
    before = [File.binread(file), File.stat(file).ino]
    allow(Time).to receive(:now).and_return(Time.now + 3600)
    registry.refresh!(only: %i[openai openrouter xai models_dev])

    expect([File.binread(file), File.stat(file).ino]).to eq(before)
  end

  it "reads none of them again in another process, compressed or with several listings" do
    registry.refresh!

    expect(%w[openai mistral openrouter xai models_dev].select { |source| read_again?(source) }).to be_empty
  end

  it "reads pages again, since each names the next one" do
    registry.refresh!

    expect(%w[anthropic gemini]).to all(satisfy { |source| read_again?(source) })
  end

  it "reads an answer that is larger by one space" do
    registry.refresh!
    server.on("openai", json(JSON.generate(whole("openai")) + " "))
    expect(read_again?("openai")).to be(true)
    expect(read_again?("openai")).to be(false)
  end

  it "reads it again after an upgrade" do
    registry.refresh!
    stub_const("RubyLLM::Native::VERSION", "0.0.9")

    expect(read_again?("openai")).to be(true)
  end

  it "reads it again from another server" do
    registry.refresh!
    config.openai_api_base = "#{server.url("openai")}/"
    expect(read_again?("openai")).to be(false)

    server.on("mistral", json(JSON.generate(whole("openai"))))
    config.openai_api_base = server.url("mistral")
    expect(read_again?("openai")).to be(true)
  end

  it "reads it again when the sheet is lost" do
    registry.refresh!
    File.binwrite(file, registry.catalog.bytes)
    registry = kept_registry
    registry.refresh!(only: :openai)

    expect(registry.last_refresh[:openai]).to have_attributes(status: :refreshed, rows: 12)
    expect(registry.by_provider(:openai).listed.size).to eq(12)
  end

  it "keeps what the source used to list" do
    registry.refresh!
    server.on("openai", json(fixture("openai/good_dropped")))
    registry.refresh!

    expect(read_again?("openai")).to be(false)
    expect(kept_registry.unlisted.map(&:id)).to eq(["o4-mini"])
  end

  it "stores the ETag that came with it, and sends it the next time" do
    server.on("openai", %w["one" "two"].map { |etag| json(whole("openai"), etag: etag) })
    registry.refresh!(only: :openai)
    before = facts(registry)
    kept_registry.refresh!(only: :openai)
    later = kept_registry.refresh!(only: :openai)

    expect(server.requests("openai").map { |request| request.headers["if-none-match"] }).to eq([nil, '"one"', '"two"'])
    expect(facts(later)).to eq(before)
    expect(head("openai")).to include(etag: '"two"', count: 12)
  end

  it "tells of rows that are no models each time" do
    server.on("openai", json(listing("openai", all_rows("openai") + [7])))
    2.times { registry.refresh!(only: :openai) }

    expect(outcome(:openai)).to have_attributes(status: :refreshed, rejected: 1, rejection: /must be an object, got/)
  end

  it "does not send what it knows them by as an ETag, and does not export it" do
    2.times { registry.refresh! }

    expect(server.requests("openai").map(&:headers)).to all(satisfy { |headers| !headers.key?("if-none-match") })
    expect(head("openai")[:etag]).to be_nil
    expect(registry.export_json(nil)).not_to include("answers")
  end
end
