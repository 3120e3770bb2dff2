# frozen_string_literal: true

require_relative "spec_helper"

# What is told of a block without opening it. The checks themselves are tested in C.
RSpec.describe "RubyLLM::Native.block_head" do
  let(:stamped) { sheet(:deepseek, {data: [{id: "deepseek-chat"}]}) }
  let(:catalog) { RubyLLM::Native::Catalog.merge([stamped]).bytes }

  it "tells a sheet's size, count and stamp" do
    expect(RubyLLM::Native.block_head(stamped)).to eq(
      kind: :sheet, size: stamped.bytesize, count: 1, source: "deepseek", api: "deepseek",
      provider: "deepseek", url: nil, etag: nil, fetched_at: Sheets::NOW,
      content_hash: stamped.byteslice(16, 16).unpack1("H*")
    )
  end

  it "tells where the first of several blocks ends" do
    head = RubyLLM::Native.block_head(catalog + stamped)

    expect(head).to include(kind: :catalog, size: catalog.bytesize, count: 1)
    expect(RubyLLM::Native::Catalog.load((catalog + stamped).byteslice(0, head[:size])).size).to eq(1)
    expect(RubyLLM::Native.block_head((catalog + stamped).byteslice(head[:size]..))[:source]).to eq("deepseek")
  end

  it "knows how a block begins, whole or not" do
    begins = ->(bytes) { RubyLLM::Native.block?(bytes) }

    expect([catalog + stamped, stamped, stamped.byteslice(0, 4)]).to all(satisfy(&begins))
    expect(["", "no block", "{}", stamped.byteslice(0, 3)]).to all(satisfy { |bytes| !begins.call(bytes) })
  end

  it "refuses what is not a block, what is cut off, and a block of another format" do
    other = stamped.dup
    other[4, 2] = [RubyLLM::Native::FORMAT_VERSION + 1].pack("S")

    ["", "no block", stamped.byteslice(0, stamped.bytesize - 8), other].each do |bytes|
      expect { RubyLLM::Native.block_head(bytes) }.to raise_error(RubyLLM::Native::CatalogError)
    end
  end
end
