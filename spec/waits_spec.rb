# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/handovers"
require_relative "support/homes"

# Beside busy threads each wait for the interpreter's lock takes up to 100 ms a thread, so as little as possible gives
# it away.
RSpec.describe "waits for the interpreter's lock" do
  include Handovers

  include_context "with a kept registry"

  let(:store) { RubyLLM::Native::Stores::File.new(file) }

  def fill
    kept_registry.refresh!(only: :openai)
  end

  def remove_folder
    FileUtils.rm_rf(folder)
  end

  it "are seen here" do
    expect(handovers { 3.times { sleep(0.1) } }).to be >= 3
  end

  describe "in a store" do
    it "is one to read a file, whole or its catalog" do
      fill
      expect(handovers { store.read }).to be <= 1
      expect(handovers { store.read_catalog }).to be <= 1
      expect(handovers { kept_registry.size }).to be <= 1
    end

    it "is none to look for a file" do
      expect(handovers { [store.read, store.read_catalog, store.stamp] }).to eq(0)
      fill
      expect(handovers { store.stamp }).to eq(0)
    end

    it "is one to write a file, also when its folder has to be made" do
      expect(handovers { store.write("bytes", nil) }).to be <= 1
      expect(handovers(-> { remove_folder }) { store.write("bytes", nil) }).to be <= 1
    end
  end

  it "are none to find the file again" do
    RubyLLM::Native::Location.file
    expect(handovers { RubyLLM::Native::Location.file }).to eq(0)
  end

  it "are none for the first lookup when nothing is stored" do
    expect(handovers { kept_registry.size }).to eq(0)
  end

  describe "in a refresh" do
    def refresh
      @process.refresh!(only: :openai)
    end

    def begin_process
      @process = kept_registry
    end

    it "are two when nothing is stored: after the merge, and after it is stored" do
      nothing = lambda do
        remove_folder
        begin_process
      end
      expect(handovers(nothing) { refresh }).to be <= 2
    end

    it "are three in a process that has to read what is stored" do
      fill
      expect(handovers(-> { begin_process }) { refresh }).to be <= 3
    end

    it "are two in a process that knows what is stored" do
      fill
      begin_process
      refresh
      expect(handovers { refresh }).to be <= 2
    end

    it "are three when another process has stored something since" do
      fill
      begin_process
      refresh
      other = -> { kept_registry.refresh!(only: :mistral) }
      expect(handovers(other) { refresh }).to be <= 3
      expect(@process.by_provider(:mistral)).not_to be_empty
    end
  end
end
