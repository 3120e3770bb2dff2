# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/refreshing"

# Which sheets count beside which is the merge's decision; a registry keeps them, and shares some with its contexts.
RSpec.describe "the sheets of a registry" do
  let(:file) { [{id: "from-the-file", name: "F", provider: "openai", metadata: {source: "models.dev"}}] }
  let(:metadata) { {openai: {models: {"from-metadata" => {id: "from-metadata", name: "M"}}}} }
  let(:listing) { {data: [{id: "listed"}]} }
  let(:config) { RubyLLM::Native::Configuration.new }
  let(:parent) { RubyLLM::Native::Registry.new { config } }
  let(:context) { RubyLLM::Native::Registry.new(parent: parent) { config } }

  def hold(registry, **documents)
    sheets = documents.to_h { |source, document| [source.to_s, sheet(source, document)] }
    catalog = RubyLLM::Native::Catalog.merge(sheets.values)
    registry.import_json(RubyLLM::Native::Export.dump(catalog, sheets))
  end

  def held(registry)
    RubyLLM::Native::Export.load(registry.export_json).last.keys
  end

  it "are replaced by any metadata source's if they are of ruby_llm's file, and otherwise by none" do
    all = RubyLLM::Native::SOURCES.map { |source| source[:slug] }
    replaced = ->(*slugs) { RubyLLM::Native.replaced_sources(slugs) }

    expect(replaced.call(*all)).to eq(%w[bundle])
    expect([replaced.call("bundle", "models_dev"), replaced.call("published", "bundle")]).to all(eq(%w[bundle]))
    expect([replaced.call, replaced.call("bundle", "file", "openai"), replaced.call(*all - %w[bundle])]).to all(eq([]))
    expect(replaced.call("bundle", "a source of a newer version")).to eq([])
    expect { replaced.call("bundle", :models_dev) }.to raise_error(TypeError)
  end

  describe "after a refresh" do
    include_context "with a server for all sources"

    let(:config) { Refreshing.configuration(server) }

    it "keep ruby_llm's file until a metadata source has answered" do
      hold(parent, bundle: file)

      expect(held(parent.refresh!(only: :openai))).to eq(%w[bundle openai])
      expect(held(parent.refresh!(only: :models_dev))).to eq(%w[models_dev openai])
    end
  end

  it "are shared with a context if they are the same for everybody" do
    hold(parent, bundle: file, openai: listing, file: [{id: "loaded", provider: "mistral"}])

    expect(held(context)).to eq(%w[bundle])
    expect(context.map(&:id)).to eq(%w[from-the-file])
  end

  it "are not shared with a context whose own have replaced them" do
    hold(parent, bundle: file)
    hold(context, models_dev: metadata)

    expect(held(context)).to eq(%w[models_dev])
    expect(context.map(&:id)).to eq(%w[from-metadata])
  end

  it "are shared if they replace a context's own" do
    hold(context, bundle: file)
    hold(parent, models_dev: metadata)

    models = RubyLLM::Native::Export.load(context.export_json).first
    expect(RubyLLM::Native::View.new(models).map(&:id)).to eq(%w[from-metadata])
  end
end
