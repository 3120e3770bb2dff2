# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/homes"

# Tenants: each with keys of its own, and with a registry that is nobody else's.
RSpec.describe "a context" do
  include_context "with a kept registry"

  let(:keys) { {"tenant-a" => %w[gpt-4.1 ft:gpt-4.1:a], "tenant-b" => %w[gpt-4.1 ft:gpt-4.1:b]} }

  before do
    server.on("openai", lambda { |request|
      ids = keys.fetch(request.headers["authorization"].delete_prefix("Bearer "), %w[gpt-4.1])
      json({object: "list", data: ids.map { |id| {id: id, object: "model"} }})
    })
    RubyLLM.config.registry_path = folder
    RubyLLM.config.refresh_retries = 0
    RubyLLM.config.models_dev_url = config.models_dev_url
    RubyLLM.config.openai_api_base = server.url("openai")
    RubyLLM.config.openai_api_key = "everybody"
    RubyLLM.models.refresh!
  end

  def tenant(key)
    RubyLLM.context { |settings| settings.openai_api_key = key }
  end

  def openai(registry)
    registry.by_provider(:openai).listed.map(&:id)
  end

  it "lists what its own keys are answered, and leaves all others as they are" do
    a = tenant("tenant-a")
    b = tenant("tenant-b")
    stored = Dir.children(folder).to_h { |name| [name, File.binread(File.join(folder, name))] }
    a.models.refresh!
    b.models.refresh!

    expect(openai(a.models)).to contain_exactly("gpt-4.1", "ft:gpt-4.1:a")
    expect(openai(b.models)).to contain_exactly("gpt-4.1", "ft:gpt-4.1:b")
    expect(openai(RubyLLM.models)).to eq(%w[gpt-4.1])
    expect(RubyLLM.config.openai_api_key).to eq("everybody")
    expect(Dir.children(folder).to_h { |name| [name, File.binread(File.join(folder, name))] }).to eq(stored)
  end

  it "begins with what the metadata sources state, and lists nothing" do
    registry = tenant("tenant-a").models

    expect(registry.find("gpt-4.1").standing).to eq(:catalogued)
    expect(registry.listed).to be_empty
    expect(registry.source.kind).to eq(:parent)
    expect(registry.find("gpt-4.1").input_price_per_million)
      .to eq(RubyLLM.models.find("gpt-4.1").input_price_per_million)
  end

  it "shares one catalog with the others until it has refreshed" do
    a, b = %w[tenant-a tenant-b].map { |key| tenant(key).models }
    expect(a.catalog).to be(b.catalog)

    a.refresh!
    expect([a.listed.size, b.listed.size]).to eq([2, 0])
  end

  it "begins with the metadata of its time, not with those of an earlier context" do
    tenant("tenant-a").models.view
    changed = JSON.parse(fixture("models_dev/good"))
    changed["openai"]["models"]["gpt-4.1"]["limit"]["context"] = 77
    server.on("models_dev", json(changed, etag: '"new"'))
    RubyLLM.models.refresh!

    expect(tenant("tenant-b").models.find("gpt-4.1").context_window).to eq(77)
  end

  it "asks the metadata sources with the ETags of the process's registry" do
    registry = tenant("tenant-a").models.refresh!

    expect(registry.last_refresh[:models_dev].status).to eq(:unchanged)
    expect(server.requests("models_dev").last.headers["if-none-match"]).to eq(ReplayServer::MODELS_DEV_ETAG)
  end

  it "has the newer metadata of the process's registry at its next refresh" do
    tenant = tenant("tenant-a")
    tenant.models.refresh!
    sleep 1.1 # times of answers are whole seconds
    changed = JSON.parse(fixture("models_dev/good"))
    changed["openai"]["models"]["gpt-4.1"]["limit"]["context"] = 77
    server.on("models_dev", json(changed, etag: '"new"'))
    RubyLLM.models.refresh!
    tenant.models.refresh!(only: :openai)

    expect(tenant.models.find("gpt-4.1").context_window).to eq(77)
  end

  it "shows no key" do
    expect([tenant("tenant-a").inspect, tenant("tenant-a").models.inspect].join).not_to include("tenant-a")
  end
end
