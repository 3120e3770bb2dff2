# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/homes"

RSpec.describe "a registry that is kept" do
  include_context "with a kept registry"

  describe "from process to process" do
    it "is there in the next process, without a request" do
      registry.refresh!
      asked = server.requests("openai").size
      later = kept_registry

      expect(facts(later)).to eq(facts(registry))
      expect(later.catalog.content_hash).to eq(registry.catalog.content_hash)
      expect(server.requests("openai").size).to eq(asked)
    end

    it "asks with the ETags that are stored, and learns that nothing is new" do
      registry.refresh!
      later = kept_registry.refresh!

      expect(server.requests("models_dev").last.headers["if-none-match"]).to eq(ReplayServer::MODELS_DEV_ETAG)
      expect(later.last_refresh[:models_dev].status).to eq(:unchanged)
      expect(facts(later)).to eq(facts(registry))
    end

    it "knows what a provider listed before this process began" do
      registry.refresh!
      gone = registry.by_provider(:openai).listed.first.id
      rest = JSON.parse(fixture("openai/good"))["data"].reject { |row| row["id"] == gone }
      server.on("openai", json({object: "list", data: rest}))
      later = kept_registry.refresh!

      expect(later.find(gone, provider: :openai)).to be_unlisted
      expect(later.last_refresh[:openai].removed).to eq(1)
    end

    it "keeps the models of a source that fails in the next process" do
      registry.refresh!
      server.on("mistral", status(503))
      later = kept_registry.refresh!

      expect(later.last_refresh[:mistral]).to have_attributes(status: :failed, kept: 9)
      expect(later.by_provider(:mistral).listed.size).to eq(9)
    end

    it "keeps the models of a source that is no longer asked" do
      registry.refresh!
      config.openai_api_key = nil
      later = kept_registry.refresh!

      expect(later.by_provider(:openai).listed.size).to eq(12)
      expect(later.last_refresh[:openai].status).to eq(:skipped)
    end

    it "knows what each source did when it was last asked" do
      server.on("mistral", status(503))
      registry.refresh!
      later = kept_registry

      expect(later.last_refresh.to_h)
        .to eq(JSON.parse(JSON.generate(registry.last_refresh.to_h), symbolize_names: true))
      expect(later.last_refresh[:mistral]).to have_attributes(status: :failed, http_status: 503, error: /503/)
      expect(later.last_refresh.started_at).to be_within(5).of(Time.now)
    end

    it "knows that one source failed when the others have nothing new" do
      registry.refresh!(only: %i[models_dev openai])
      server.on("openai", status(500))
      expect { kept_registry.refresh!(only: %i[models_dev openai], strict: true) }
        .to raise_error(RubyLLM::Native::RefreshError)

      expect(kept_registry.last_refresh[:openai].status).to eq(:failed)
    end

    it "is not younger after a refresh in which nobody answered" do
      registry.refresh!
      File.utime(Time.now - 7200, Time.now - 7200, file)
      bytes = File.binread(file)
      ReplayServer::PATHS.each_key { |source| server.on(source, status(500)) }
      later = kept_registry
      expect { later.refresh! }.to raise_error(RubyLLM::Native::RefreshError)

      expect(later.source.to_s).to end_with("2 hours old")
      expect(later.last_refresh).to be_all_failed
      expect(facts(later)).to eq(facts(registry))
      expect([kept_registry.source.to_s, File.binread(file)]).to match([end_with("2 hours old"), bytes])
    end

    it "is not there when nobody has ever answered" do
      ReplayServer::PATHS.each_key { |source| server.on(source, status(500)) }
      expect { registry.refresh! }.to raise_error(RubyLLM::Native::RefreshError)

      expect(Dir.children(folder)).to be_empty
      expect(registry.source.kind).to eq(:empty)
    end

    it "does without what cannot be read of that" do
      registry.refresh!
      File.binwrite(file, File.binread(file).sub('"sources":[', '"sources":['.reverse))

      expect(kept_registry.last_refresh.to_a).to eq([])
      expect(facts(kept_registry)).to eq(facts(registry))
    end

    it "says where it is from, and how old it is" do
      expect(registry.source).to have_attributes(kind: :empty, at: nil)
      registry.refresh!
      expect(registry.source).to have_attributes(kind: :refresh, at: be_within(5).of(Time.now))

      File.utime(Time.now - 3 * 3600, Time.now - 3 * 3600, file)
      expect(kept_registry.source.to_s).to eq("the file #{file}, 3 hours old")
    end

    it "distinguishes a file that a refresh has confirmed from an old one" do
      registry.refresh!(only: :models_dev)
      bytes = File.binread(file)
      File.utime(Time.now - 7200, Time.now - 7200, file)
      registry.refresh!(only: :models_dev)

      expect(File.binread(file)).to eq(bytes)
      expect(kept_registry.source.age).to be < 60
    end
  end

  describe "as a file" do
    it "holds no secret" do
      config.openai_api_base = server.url("openai").sub("//", "//someone:pa55word@")
      registry.refresh!

      bytes = File.binread(file)
      expect(bytes).to include("gpt-4.1")
      Refreshing::KEYS.each_value { |key| expect(bytes).not_to include(key) }
      expect(bytes).not_to include("pa55word")
    end

    it "keeps the mode that it has" do
      registry.refresh!
      File.chmod(0o640, file)
      server.on("openai", json({object: "list", data: [{id: "gpt-new"}]}))
      registry.refresh!

      expect(File.stat(file).mode & 0o777).to eq(0o640)
      expect(Dir.children(folder)).to eq([File.basename(file)])
    end

    it "is saved on request" do
      registry.refresh!
      File.unlink(file)

      expect(registry.save).to equal(registry)
      expect(facts(kept_registry)).to eq(facts(registry))
    end

    it "is saved elsewhere on request, and can be put in place there" do
      registry.refresh!
      other = Dir.mktmpdir
      registry.save(File.join(other, File.basename(file)))
      config.registry_path = other

      expect(facts(kept_registry)).to eq(facts(registry))
    ensure
      FileUtils.rm_rf(other)
    end

    it "is skipped with a warning wherever it is cut" do
      registry.refresh!(only: %i[openai])
      bytes = File.binread(file)
      size = RubyLLM::Native::StoredFile.size_of_first(bytes)
      [0, 1, 15, 16, 95, 96, size / 2, size - 1].each do |length|
        File.binwrite(file, bytes.byteslice(0, length))
        log.truncate(0)
        expect(kept_registry.to_a).to eq([])
        expect(warnings).to contain_exactly(/The registry in the file .* cannot be read/), "cut at #{length}"
      end
    end

    it "serves its models when it is cut off after the catalog, and asks for the rest again" do
      registry.refresh!
      bytes = File.binread(file)
      size = RubyLLM::Native::StoredFile.size_of_first(bytes)
      File.binwrite(file, bytes.byteslice(0, size + 100))
      later = kept_registry

      expect(facts(later)).to eq(facts(registry))
      expect(later.refresh!.last_refresh).not_to be_failed
      expect(facts(later)).to eq(facts(registry))
    end

    it "loses no model when the answers behind its catalog are damaged and then nobody answers" do
      registry.refresh!
      bytes = File.binread(file)
      File.binwrite(file, bytes.byteslice(0, RubyLLM::Native::StoredFile.size_of_first(bytes) + 100))
      ReplayServer::PATHS.each_key { |source| server.on(source, status(500)) }
      later = kept_registry

      expect { later.refresh! }.to raise_error(RubyLLM::Native::RefreshError)
      expect(later.map { |model| [model.provider, model.id] })
        .to eq(registry.map { |model| [model.provider, model.id] })
    end

    it "is skipped with a warning when it is zeroed, or something else" do
      registry.refresh!
      [
        ->(bytes) { "\0" * bytes.bytesize }, ->(bytes) { bytes.b.reverse },
        ->(_) { "[]\n" }, ->(bytes) { flip(bytes, 200) }
      ].each do |change|
        bytes = File.binread(file)
        File.binwrite(file, change.call(bytes))
        later = kept_registry
        expect(later.to_a).to eq([])
        expect(later.refresh!.size).to eq(registry.size)
      end
      expect(warnings.grep(/cannot be read/)).not_to be_empty
    end

    it "is left alone when it is of another version" do
      registry.refresh!
      bytes = File.binread(file)
      File.rename(file, File.join(folder, "registry-v999.rlm"))

      expect(kept_registry.to_a).to eq([])
      expect(warnings).to be_empty
      expect(File.binread(File.join(folder, "registry-v999.rlm"))).to eq(bytes)
    end

    it "is done without where nothing can be written, with one warning" do
      config.registry_path = "/proc/nothing/here"
      registry.refresh!
      registry.refresh!

      expect(registry.size).to be > 50
      expect(warnings.grep(/cannot be written/).size).to eq(1)
    end

    it "is done without where a file stands in the place of the folder" do
      File.write(blocked = File.join(folder, "taken"), "")
      config.registry_path = blocked
      expect(registry.refresh!.size).to be > 50
      expect(warnings.grep(/cannot be written/).size).to eq(1)
      expect { registry.save }.to raise_error(SystemCallError)
    end

    it "is never written into this gem's own folders" do
      config.registry_path = File.expand_path("../lib/ruby_llm_native", __dir__)
      registry.refresh!

      expect(Dir.children(config.registry_path).grep(/rlm/)).to eq([])
      expect(warnings.grep(/so nothing is written there/).size).to eq(1)
    end

    def flip(bytes, at)
      bytes.b.tap { |copy| copy.setbyte(at, copy.getbyte(at) ^ 1) }
    end
  end

  it "makes fewer than 200 objects of two thousand models" do
    skip "the checks of signatures make objects of their own" if defined?(RBS::Test)
    server.on("openai", json({object: "list", data: Array.new(2000) { |number| {id: "gpt-#{number}"} }}))
    registry.refresh!
    open = lambda do
      GC.disable
      before = GC.stat(:total_allocated_objects)
      size = kept_registry.view.size
      [size, GC.stat(:total_allocated_objects) - before]
    ensure
      GC.enable
    end
    open.call # the interpreter's own, once a process

    expect(Array.new(3) { open.call }.min).to match([be > 2000, be < 200]) # the server's thread may still make some
  end

  describe "when the network is forbidden" do
    it "serves what is stored and refuses to refresh" do
      registry.refresh!
      config.offline!
      later = kept_registry
      asked = server.requests("openai").size

      expect(facts(later)).to eq(facts(registry))
      expect { later.refresh! }.to raise_error(RubyLLM::Native::OfflineError, /offline!/)
      expect(server.requests("openai").size).to eq(asked)
    end
  end

  describe "when a model is missed" do
    before { config.refresh_on_miss = true }

    it "asks the sources once before giving up" do
      expect(registry.find("gpt-4.1").provider).to eq("openai")
      expect { registry.find("no-such-model") }.to raise_error(RubyLLM::ModelNotFoundError)
      expect(server.requests("openai").size).to eq(1)
    end

    it "gives up as usual when the sources fail" do
      ReplayServer::PATHS.each_key { |source| server.on(source, status(500)) }
      expect { registry.find("gpt-4.1") }.to raise_error(RubyLLM::ModelNotFoundError, /Unknown model: "gpt-4.1"/)
    end

    it "asks once for many threads" do
      found = Array.new(8) { Thread.new { registry.find("gpt-4.1").id } }.map(&:value)
      expect(found).to eq(["gpt-4.1"] * 8)
      expect(server.requests("openai").size).to eq(1)
    end

    it "asks nobody unless it is switched on, and never with []" do
      config.refresh_on_miss = false
      expect { registry.find("gpt-4.1") }.to raise_error(RubyLLM::ModelNotFoundError)
      config.refresh_on_miss = true
      expect(registry["gpt-4.1"]).to be_nil
      expect(server.requests("openai")).to be_empty
    end
  end

  it "takes the time from a stamp that begins with one, whichever store wrote it" do
    storage = RubyLLM::Native.const_get(:Storage)
    noon = Time.utc(2026, 11, 29, 12)
    stamps = ["2026-11-29T12:00:00Z", "2026-11-29T12:00:00.000000000Z 7f", "2026-11-29t14:00:00+02:00 x",
      "2026-11-29T08:30:00-0330"]

    expect(stamps.map { |stamp| storage.time_of(stamp) }).to all(eq(noon) & be_utc)
    expect(storage.time_of("2026-11-29T12:00:00.5Z")).to eq(noon + 0.5r)
    others = [nil, "", "etag", "2026-11-29", "2026-11-29T12:00Z", "2026-13-29T12:00:00Z", "2026-11-29T12:00:00ZZ"]
    expect(others.map { |stamp| storage.time_of(stamp) }).to all(be_nil)
  end

  it "tells the age of what a store holds by its stamp, like that of any other source" do
    stamped, timed, unknown = ["2026-11-29T12:00:00Z 7f", Time.utc(2026, 11, 29, 12), "etag"].map do |at|
      RubyLLM::Native::RegistrySource.new(:store, "the file a.rlm", at)
    end

    expect([stamped, stamped.at, stamped.hash]).to eq([timed, timed.at, timed.hash])
    expect(Marshal.load(Marshal.dump(stamped))).to eq(timed)
    expect(unknown.at).to be_nil
  end
end
