# frozen_string_literal: true

require "active_record"
require "digest"
require "json"
require "tmpdir"
require_relative "support/llm_tables"
require_relative "support/stubbed_sources"

# What other programs have stored, or read: its form may change only on purpose. Each sample in spec/approved/samples
# was read by a person; APPROVE=1 writes them again.
RSpec.describe "what leaves the gem" do
  include_context "with stubbed sources"

  bodies = %w[mistral models_dev openai openrouter].freeze

  let(:folder) { Dir.mktmpdir }
  let(:models) { RubyLLM.models }

  before do
    allow(Time).to receive(:now).and_return(Time.utc(2026, 1, 13, 9))
    stub_const("RubyLLM::Native::VERSION", "0.0.0") # the checksums of answers are of it as well
    bodies.each do |source|
      stub_source(source, body: File.read(File.expand_path("fixtures/#{source}/good.json", __dir__)))
    end
    fail_source(:anthropic, status: 503)
    models.refresh!
  end

  after { FileUtils.rm_rf(folder) }

  # @param name [String] of a file in spec/approved/samples
  def expect_approved(name, text)
    path = File.expand_path("approved/samples/#{name}", __dir__)
    File.write(path, text) if ENV["APPROVE"]
    expect(text).to eq(File.read(path, encoding: "UTF-8"))
  end

  # Times that no two runs share.
  def without_times(value)
    case value
    when Hash then value.except(:duration, "duration").transform_values { |inner| without_times(inner) }
    when Array then value.map { |inner| without_times(inner) }
    else value
    end
  end

  it "is the export, byte for byte" do
    expect_approved("export.json", models.export_json)
  end

  it "is ruby_llm's registry file, byte for byte" do
    models.save_to_json(path = File.join(folder, "models.json"))
    expect_approved("registry_file.json", File.read(path, encoding: "UTF-8"))
  end

  # Its blocks have checksums of all their bytes; behind them stands the report as JSON.
  it "is the stored file, byte for byte" do
    models.save(path = File.join(folder, "registry.rlm"))
    blocks, key, report = File.binread(path).partition('{"started_at":')
    report = without_times(JSON.parse(key + report))
    stored = {"sha256" => Digest::SHA256.hexdigest(blocks), "report" => report}
    expect_approved("stored_file.json", "#{JSON.pretty_generate(stored)}\n")
  end

  it "is the report that a refresh hook is given" do
    events = []
    hook = RubyLLM::Native.on_refresh { |report| events << without_times(report.to_h) }
    models.refresh!
    expect_approved("report.json", "#{JSON.pretty_generate(events.first)}\n")
  ensure
    RubyLLM::Native.forget_hook(hook)
  end

  describe "on its way into a table" do
    before do
      ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ":memory:")
      ActiveRecord::Base.logger = nil
      LLMTables.create_models(ActiveRecord::Base.connection, false, {})
      stub_const("LLMModel", Class.new(ActiveRecord::Base) { self.table_name = "llm_models" })
      LLMModel.acts_as_llm_model
    end

    after { ActiveRecord::Base.remove_connection }

    it "is each row" do
      result = LLMModel.save_models(models)
      rows = LLMModel.order(:provider, :model_id).map { |row| row.attributes.except("id", "created_at", "updated_at") }
      expect_approved("rows.json", "#{JSON.pretty_generate("result" => result.to_h, "rows" => rows)}\n")
    end
  end
end
