# frozen_string_literal: true

require "spec_helper"
require "objspace"
require "tmpdir"
require_relative "support/extension"

# Every method that is written in C, called with an answer that is known: what the binding makes of arguments and
# results. What the methods are for has specs of its own. `rake robust:gc_stress` and its like run this first.
RSpec.describe "The extension" do
  native = RubyLLM::Native

  openai = {data: [{id: "gpt-x", created: 1_744_316_542, owned_by: "system"}, {id: "text-embedding-3-small"}]}
  models_dev = {openai: {models: {
    "gpt-x" => {
      name: "GPT X", family: "gpt", tool_call: true, structured_output: false, knowledge: "2024-04",
      modalities: {input: %w[text image], output: %w[text]}, limit: {context: 8000, output: 1000},
      cost: {input: 1.25, output: 10}
    },
    "gpt-x-2025-01-01" => {name: "GPT X of January"}
  }}}
  documents = {"openai" => openai, "models_dev" => models_dev}

  let(:sheets) { documents.transform_values.with_index { |_, i| sheet(*documents.to_a[i]) } }
  let(:catalog) { native::Catalog.merge(sheets.values) }
  let(:all) { [0, 1, 2].pack("L*") } # "gpt-x", "gpt-x-2025-01-01", "text-embedding-3-small"

  it "has no method that is not called here" do
    names = Extension.owners.keys.flat_map { |owner| %i[public private].flat_map { Extension.methods_of(owner, _1) } }
    text = File.read(__FILE__, encoding: "UTF-8")
    called = ->(name) { [name, name.sub(/(?<=\w)=\z/, " = ")].any? { |call| text.include?(call) } }

    expect(names.uniq.reject { |name| called.call(name.to_s) }).to eq([])
  end

  describe "Native" do
    it "gives bytes back that need no upgrade" do
      bytes = catalog.bytes
      expect(native.upgrade(bytes)).to equal(bytes)
    end

    it "reads a document as a source's sheet, and counts the rows that it rejects" do
      bytes, rejected = native.read_sheet("openai", JSON.generate(data: [{id: "a"}, {id: 7}]), 1_768_300_000)

      expect([bytes.encoding, bytes.frozen?, rejected]).to eq([Encoding::BINARY, true, 1])
      expect(native.block_head(bytes)).to include(
        kind: :sheet, size: bytes.bytesize, count: 1, source: "openai", url: nil, etag: nil, fetched_at: 1_768_300_000
      )
    end

    it "reads a price file as a sheet of that name, and tells what it could not read" do
      file = JSON.generate(models: {"openai/a": {input: 1}, "openai/b": {thoughts: 1}, c: {input: 1}})
      bytes, told = native.read_price_file("prices.json", file, 1_768_300_000)

      expect(native.block_head(bytes))
        .to include(count: 2, source: "prices.json", api: "llm_cost_tracker", provider: nil)
      expect(told).to eq(rejected: 1, rejection: "a model must be named \"provider/id\", got \"c\"", left_out: 0,
        left_out_reason: nil, unread_prices: 1, unread_price: "b: thoughts must be a known kind of price")
    end

    it "tells blocks from other bytes, and how long one is" do
      bytes = catalog.bytes

      expect([native.block?(bytes), native.block?("none")]).to eq([true, false])
      expect(native.block_size(bytes.byteslice(0, native.const_get(:BLOCK_HEAD)), bytes.bytesize)).to eq(bytes.bytesize)
      expect(native.block_head(bytes)).to include(kind: :catalog, count: 3, content_hash: catalog.content_hash)
    end

    it "names the sources whose sheets count for nothing" do
      expect(native.replaced_sources(%w[openai bundle models_dev])).to eq(%w[bundle])
    end

    it "tells JSON that every database can store" do
      texts = ['{"a":[12345,"1e5"]}', '["\\u0000"]', "[1e5]", "[123456]"]

      expect(texts.map { |text| native.plain_json?(text, 5) }).to eq([true, false, false, false])
      expect { native.plain_json?(nil, 5) }.to raise_error(TypeError)
    end

    it "tells ids of a region from others" do
      ids = %w[us.anthropic.claude-x anthropic.claude-x]

      expect(ids.map { |id| native.regional_id?("bedrock", id) }).to eq([true, false])
      expect(native.regional_id?("openai", "us.gpt-x")).to be(false)
    end

    it "exports a registry, and imports the same bytes" do
      text = native.export(catalog.bytes, sheets)

      expect(native.import(text)).to eq([catalog.bytes, sheets])
    end

    it "takes credentials and logins out of a text" do
      expect(native.redact("key=s3cret-key", ["s3cret-key"], [], [])).to eq("key=[secret]")
      expect(native.hide_login("https://me:pass@host.example/x", false)).to eq("https://[secret]@host.example/x")
    end

    it "raises what went wrong, and where" do
      expect { native.read_sheet("openai", "[1, x]", 0) }
        .to raise_error(native::SourceError) { |error| expect(error).to have_attributes(status: :bad_json, byte: 5) }
      expect { native::Catalog.load("none") }
        .to raise_error(native::CatalogError) { |error| expect(error.status).to eq(:bad_block) }
      expect { native.read_sheet("nobody", "{}", 0) }.to raise_error(native::SourceError, /nobody/)
    end
  end

  describe native::Catalog do
    it "is made of sheets, of bytes, or of nothing" do
      expect(native::Catalog.load(catalog.bytes)).to have_attributes(
        content_hash: catalog.content_hash, size: 3, bytesize: catalog.bytes.bytesize
      )
      expect(native::Catalog.empty.size).to eq(0)
      expect(catalog.inspect).to eq("#<RubyLLM::Native::Catalog models=3 content_hash=#{catalog.content_hash}>")
    end

    it "knows whose models it has although no endpoint lists them" do
      expect(catalog.documented).to be_nil
      expect(native::Catalog.merge(sheets.values, %w[openai groq]).documented).to contain_exactly("openai", "groq")
      expect(native::Catalog.merge(sheets.values, []).documented).to eq([])
    end

    it "gives some of its models as a catalog" do
      excerpt, places = catalog.excerpt([2, 0].pack("L*"))

      expect([excerpt.size, places.unpack("L*")]).to eq([2, [1, 0]])
      expect(excerpt.model(1).id).to eq("text-embedding-3-small")
    end

    it "finds a model by its key, its place, and its place among others" do
      yielded = []

      expect([catalog.find("openai", "gpt-x"), catalog.find("openai", "none")]).to eq([0, nil])
      expect(catalog.models(all, 2).map(&:id)).to eq(%w[gpt-x gpt-x-2025-01-01])
      expect(catalog.each_model(all, 3) { |model| yielded << model.id }).to be(catalog)
      expect(yielded).to eq(%w[gpt-x gpt-x-2025-01-01 text-embedding-3-small])
      expect { catalog.model(3) }.to raise_error(IndexError)
      expect { catalog.models([3].pack("L"), 1) }.to raise_error(IndexError)
    end

    it "selects and sorts" do
      select = ->(**criteria) { catalog.select(nil, 0, criteria).first.unpack("L*") }

      expect(select.call(type: [:chat], capabilities: [:function_calling], input: [:image])).to eq([0])
      expect(select.call(provider: %w[openai], family: %w[gpt], min_context: 8000, max_input_price: "1.25")).to eq([0])
      expect(select.call(standing: [:catalogued])).to eq([1])
      expect(select.call(without_superseded: true)).to eq([0, 2])
      expect { select.call(type: [:smell]) }.to raise_error(ArgumentError, /\AUnknown type: :smell \(known: chat, /)
      expect(catalog.select(all, 3, {type: [:embedding]}).first.unpack("L*")).to eq([2])
      expect(catalog.newest_first(all, 3).unpack("L*")).to eq([0, 1, 2])
      expect(catalog.cheapest(all, 3, %w[openai])).to eq(0)
      expect(catalog.providers(all, 3)).to eq(%w[openai])
    end

    it "parts models and rows by whether they are right, and asks once for all that are alike" do
      rows = catalog.models(all, 3).map { |model| [model.provider, model.id, "v1#{model.fingerprint}", 1] }
      asked = []
      parts = lambda do |members, *given|
        left, others = catalog.unmatched(members, given, [0, 1, 2, 3], "v1") { |*pair| asked << pair }
        [left.unpack("L*"), others]
      end

      expect(parts.call(all, *rows)).to eq([[], []])
      expect(asked).to eq([[catalog.model(0), rows[0]], [catalog.model(1), rows[1]]]) # listed, and documented
      expect(parts.call([2, 0].pack("L*"), rows[1], rows[0])).to eq([[2], [rows[1]]])
      wrong = [["openai", "gpt-y", *rows[0][2..]], ["other", *rows[0][1..]], [*rows[0][0, 2], "v2#{rows[0][2]}", 1],
        [*rows[0][0, 2], nil, 1], [nil, *rows[0][1..]], ["öpenai".b, *rows[0][1..]], []]
      expect(parts.call(all, *wrong)).to eq([[0, 1, 2], wrong])
      expect(catalog.unmatched(all, [*rows, rows[0]], [0, 1, 2, 3], "v1") { |_, row| row[1] != "gpt-x" })
        .to eq([[0, 2].pack("L*"), [rows[0], rows[2], rows[0]]])
      expect { catalog.unmatched(all, [nil], [0, 1, 2, 3], "v1") { true } }.to raise_error(TypeError)
      expect { catalog.unmatched([3].pack("L*"), [], [0, 1, 2, 3], "v1") { true } }.to raise_error(IndexError)
    end

    it "resolves names" do
      expect(catalog.resolve("gpt-x", nil, %w[openai], nil, nil)).to eq(0)
      expect(catalog.candidates("gpt-x", "openai", [], nil, all).first).to eq([0, :exact])
      expect(catalog.aliases).to eq([])
    end
  end

  describe native::Model do
    let(:model) { catalog.model(0) }

    it "reads each fact" do
      expect(model).to have_attributes(
        provider: "openai", id: "gpt-x", name: "GPT X", family: "gpt", type: :chat, standing: :listed, status: nil,
        context_window: 8000, max_input_tokens: nil, max_output_tokens: 1000, input_modalities: %w[text image],
        output_modalities: %w[text], capabilities: %w[function_calling vision],
        denied_capabilities: %w[structured_output video], equivalents: %w[gpt-x-2025-01-01], replacement: nil,
        kin: %w[gpt-x-2025-01-01], endpoints: [:openai], metadata_json: '{"openai":{"owned_by":"system"}}'
      )
      expect(model.origin(:name)).to eq(:models_dev)
      expect(model.send(:timestamp, :knowledge_cutoff)).to eq([1_711_929_600, :month])
      expect([model.stated_status, model.life(1_768_300_000), model.trait(:open_weights), model.license])
        .to eq([nil, nil, nil, nil])
      expect([model.parameter_names, model.efforts, model.bound_list, model.replacement_list, model.data_regions])
        .to eq([[[], []], [[], [], nil], [], [], []])
    end

    it "finds the price that holds" do
      rows = model.price_list

      expect(rows.map { |row| [row[0], row[2], row[17]] }).to eq([[:input, 125, -2], [:output, 1, 1]])
      conditions = [:standard, 100, 1_768_300_000, nil, nil, nil]
      expect(model.prices_for(%i[output web_search reasoning], conditions)).to eq([rows[1], nil, rows[1]])
      expect { model.prices_for(%i[outputs], conditions) }.to raise_error(ArgumentError)
      expect(model.price_steps).to eq([
        [:text_tokens, :input_per_million, :standard, 0, "1.25"],
        [:text_tokens, :output_per_million, :standard, 0, "10"]
      ])
      expect(%i[input output reasoning].map { |meter| model.shown_price(meter, :standard) }).to eq(["1.25", "10", nil])
      expect { model.shown_price(:inputs, :standard) }.to raise_error(ArgumentError)
    end

    it "writes its facts as a row has them" do
      facts = JSON.parse("{#{model.row_json}}", symbolize_names: true)

      expect(facts).to include(
        family: "gpt", type: "chat", modalities: model.modalities.to_h, capabilities: model.capabilities, status: nil
      )
      expect(facts[:pricing]).to include(model.pricing.to_h)
      expect(facts[:pricing][:prices].map { |price| price[:amount] }).to eq(%w[1.25 10])
      expect(facts[:origins]).to include(name: "models_dev", type: model.origin(:type).name)
      expect(model.row_fingerprint).to eq(model.fingerprint) # no price of it begins or ends
    end

    it "tells whose life has changed" do
      expect(catalog.life_changes(catalog, 1_768_300_000, 1_768_300_001)).to eq([])
    end

    it "reads what is stated of its life and its controls" do
      row = {
        id: "steered", shutdown_date: "2024-01-01", deprecation_replacement_model: "next", license: "mit",
        is_zdr: true, supported_parameters: %w[seed], default_parameters: {top_k: 4},
        reasoning: {supported_efforts: %w[low], default_effort: "low"}
      }
      catalog = native::Catalog.merge([sheet(:openai, {data: [row]})])
      model = catalog.model(0)

      expect([model.trait(:zero_data_retention), model.trait(:training)]).to eq([true, nil])
      expect { model.trait(:charm) }.to raise_error(ArgumentError, /charm/)
      expect(model.parameter_names).to eq([[:seed], []])
      expect(model.efforts).to eq([[:low], %i[none minimal medium high xhigh max], :low])
      expect(model.bound_list).to eq([[:top_k, :default, "4"]])
      expect(model.replacement_list).to eq(["successor next"])
      expect([model.license, model.data_regions, model.stated_status]).to eq(["mit", [], nil])
      expect([model.life(0), model.life(Time.now.to_i)]).to eq([nil, :overdue])
      expect(native::PARAMETERS).to include(:temperature, :seed).and be_frozen
      expect(native::REASONING_EFFORTS).to eq(%i[none minimal low medium high xhigh max])
      expect(catalog.life_changes(catalog, 0, Time.now.to_i)).to eq([[0, nil, :overdue]])
      expect(catalog.life_changes(native::Catalog.empty, 0, 1)).to eq([])
    end

    it "is equal to a model of the same facts, wherever it is kept" do
      other = model.send(:alone).model(0)

      expect([model == other, model.eql?(other), model.hash == other.hash]).to eq([true, true, true])
      expect(other.fingerprint).to eq(model.fingerprint)
      expect(model == catalog.model(1)).to be(false)
    end
  end

  describe "files" do
    around { |example| Dir.mktmpdir("rlm-extension") { |folder| (@folder = folder) && example.run } }

    it "are written whole, and read whole or only the catalog that they begin with" do
      path = File.join(@folder, "some", "registry")
      bytes = catalog.bytes + sheets.values.join
      written = native::AtomicFile.write_with_folder(path, bytes)

      expect(written).to eq(File.stat(path).then { |stat| [stat.mtime, stat.ino, bytes.bytesize] })
      expect(native::RegularFile.read(path)).to eq(bytes)
      expect(native::Catalog.read(path)).to have_attributes(content_hash: catalog.content_hash, bytes: catalog.bytes)
      expect(native::AtomicFile.write(path, "small").last).to eq(5)
      expect(native::RegularFile.read(path)).to eq("small")
    end
  end

  describe "the bytes of a catalog" do
    it "are those of the String that it was loaded from, and stay whatever becomes of that" do
      bytes = catalog.bytes.dup
      loaded = native::Catalog.load(bytes)

      expect(ObjectSpace.reachable_objects_from(loaded)).to include(bytes)
      bytes.replace("\0" * bytes.bytesize)
      GC.start
      GC.compact if GC.respond_to?(:compact)
      expect([loaded.bytes, loaded.model(0).id]).to eq([catalog.bytes, "gpt-x"])
    end

    it "are copied from where no block may stand" do
      whole = "1234567".b + catalog.bytes
      loaded = native::Catalog.load(whole.byteslice(7, catalog.bytesize))

      expect(loaded).to eq(catalog)
    end
  end

  describe "the objects of a catalog's models" do
    it "are each made once, with their ids and providers, and counted as its memory" do
      before = ObjectSpace.memsize_of(catalog)
      models = Array.new(2) { catalog.models(all, 3) + [catalog.model(1)] }

      expect(models.flatten.map(&:object_id).uniq.size).to eq(3)
      expect(models.first.map(&:id)).to eq(%w[gpt-x gpt-x-2025-01-01 text-embedding-3-small gpt-x-2025-01-01])
      expect(models.flatten.map { |model| model.id.object_id }.uniq.size).to eq(3)
      expect(models.flatten.map(&:provider).uniq(&:object_id)).to eq(%w[openai])
      expect(ObjectSpace.memsize_of(catalog)).to be > before
    end

    it "take no memory beyond their slots, which forked workers would have to copy", if: RUBY_VERSION >= "3.3" do
      slot = GC::INTERNAL_CONSTANTS.fetch(:BASE_SLOT_SIZE)
      expect(ObjectSpace.memsize_of(catalog.model(0)) % slot).to eq(0)
    end

    it "outlive whatever the garbage collector does, as long as the catalog, and keep it alive" do
      model = native::Catalog.load(catalog.bytes).model(2)
      50.times { native::Catalog.load(catalog.bytes).models(all, 3).each(&:id) }
      GC.start
      GC.compact if GC.respond_to?(:compact)
      expect([model.id, model.type, catalog.model(0).id]).to eq(["text-embedding-3-small", :embedding, "gpt-x"])
    end
  end

  it "tells whether two sheets state the same, whenever they were fetched" do
    other = sheet("models_dev", {openai: {models: {"gpt-x" => {name: "GPT X"}}}})
    later, first = [Sheets::NOW + 1, Sheets::NOW].map { |now| sheet("models_dev", models_dev, now: now) }
    expect([later, other, catalog.bytes].map { |bytes| native.same_facts?(first, bytes) }).to eq([true, false, false])
    expect { native.same_facts?(first, "sheet") }.to raise_error(native::CatalogError)
    expect { native.same_facts?(nil, first) }.to raise_error(TypeError)
  end

  describe "LookupCache" do
    let(:cache) { native.const_get(:LookupCache).new }
    let(:model) { catalog.model(0) }
    let(:view) { Struct.new(:answers).new({nil => {"gpt-x" => model, "none" => false}, :openai => {"gpt-x" => model}}) }

    before { cache.contents = :contents }

    def answers(configuration = :configuration, version = 1)
      [["gpt-x", nil], ["gpt-x", :openai], ["none", nil], ["other", nil], ["gpt-x", :other]]
        .map { |id, provider| cache.answer(id, provider, configuration, version) }
    end

    it "gives what it holds: a view, its answers, and false for a miss" do
      expect([cache.current(:configuration, 1), answers.uniq]).to eq([nil, [nil]])

      expect(cache.hold(view, :contents, :configuration, 1)).to equal(view)
      expect(cache.contents).to eq(:contents)
      expect(cache.current(:configuration, 1)).to equal(view)
      expect(answers).to eq([model, model, false, nil, nil])
    end

    it "gives nothing once the contents, the configuration or its version are others" do
      cache.hold(view, :contents, :configuration, 1)
      expect([answers(:other), answers(:configuration, 2), cache.current(:other, 1)]).to eq([[nil] * 5, [nil] * 5, nil])

      [nil, :other].each do |contents|
        cache.contents = contents
        expect([cache.current(:configuration, 1), answers]).to eq([nil, [nil] * 5])
      end
    end

    it "holds nothing for contents that are the registry's no more, and nothing once it is released" do
      expect(cache.hold(view, :others, :configuration, 1)).to equal(view)
      expect([cache.last, answers.uniq]).to eq([nil, [nil]])

      cache.hold(view, :contents, :configuration, 1)
      cache.contents = :others
      expect([cache.last, cache.current(:configuration, 1)]).to eq([view, nil])
      cache.contents = :contents
      cache.release
      expect([cache.last, answers.uniq, cache.contents]).to eq([nil, [nil], :contents])
    end

    it "tells whether it has given anything since" do
      cache.hold(view, :contents, :configuration, 1)
      expect(cache.given!).to be(false)
      [-> { cache.answer("gpt-x", nil, :configuration, 1) }, -> { cache.current(:configuration, 1) }].each do |give|
        give.call
        expect([cache.given!, cache.given!]).to eq([true, false])
      end
      cache.current(:other, 1)
      expect(cache.given!).to be(false)
    end

    it "gives nothing once the store has to be looked at" do
      cache.hold(view, :contents, :configuration, 1)
      now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      given = [now, now + 3600, nil].map do |time|
        cache.check_at = time
        [cache.current(:configuration, 1), answers.first, cache.settled?(:contents)]
      end

      expect(given).to eq([[nil, nil, false], *[[view, model, true]] * 2])
      expect([cache.settled?(:other), cache.settled?(nil)]).to eq([false, false])
      cache.contents = nil
      expect(cache.settled?(nil)).to be(false)
    end

    describe "of ruby_llm's list" do
      let(:names) { {"alias" => {"openai" => +"gpt-x", "azure" => 1}, "odd" => [], "none" => {}} }
      let(:list) { Class.new(Array) { attr_writer :cache }.new.tap { |list| list.cache = cache } }
      let(:kept) { {"gpt-x" => [nil, model].freeze, "alias" => ["gpt-x", false].freeze, "odd" => [nil, model].freeze} }

      before { cache.hold(Struct.new(:answers).new({nil => kept, "openai" => kept}), :contents, :own, Object) }

      def answers(list: self.list, models: Object.new, own: :own)
        [["gpt-x", nil], ["alias", nil], ["alias", "openai"], ["odd", nil], [:other, nil], [1, nil], ["alias", 1]]
          .map { |id, provider| cache.class.answer_in(list, models, id, provider, names, own) }
      end

      it "tells for what a name stands, or that it cannot" do
        asked = [["gpt-x", nil], ["alias", nil], ["alias", :openai], ["alias", "azure"], ["odd", nil], ["none", nil]]
        told = asked.map { |id, provider| cache.class.meaning(names, id, provider) }
        expect(told).to eq([nil, "gpt-x", "gpt-x", false, false, nil])
        expect(told[1]).to be_frozen
        expect([cache.class.meaning(nil, "a", nil), cache.class.meaning(names, 1, nil)]).to eq([false, false])
      end

      it "gives what it holds for the same meaning, options and kind of models" do
        expect(answers).to eq([model, false, false, nil, nil, nil, nil])
        names["alias"]["openai"] << "!"
        expect(answers.first(3)).to eq([model, nil, nil])
        others = [answers(own: :other), answers(models: ""), answers(list: [model]), answers(list: nil)]
        expect(others).to eq([[nil] * 7] * 4)
      end

      it "takes nothing else for an answer" do
        kept["gpt-x"] = [model]
        kept["alias"] = model
        expect(answers.first(3)).to eq([nil, nil, nil])
      end
    end

    it "refuses answers that are no Hash, and copies of itself" do
      [nil, {}, {nil => 1}].each do |answers|
        expect { cache.hold(Struct.new(:answers).new(answers), :contents, :configuration, 1) }.to raise_error(TypeError)
      end
      expect(cache.current(:configuration, 1)).to be_nil
      expect { cache.dup }.to raise_error(NoMethodError)
    end
  end

  describe "Run" do
    def run(status: 200, body: JSON.generate(data: [{id: "a"}]))
      native = RubyLLM::Native
      replies = [{listing: 0, status: status, body: body}]
      transport = native.const_get(:MemoryTransport).new(source: "openai", replies: replies)
      native.const_get(:Run).open(
        requests: [{source: "openai", settings: {"openai_api_key" => "key"}, sheet: nil, transport: transport}],
        held: [], before: nil, now: 1_768_300_000, timeout: 10, request_timeout: 10, connect_timeout: 1, retries: 0
      )
    end

    it "goes step by step to a new catalog" do
      refresh = run
      steps = []
      while (ended = refresh.step) do steps << ended end
      merged, sheets = refresh.finish

      expect(steps).to eq([[0]])
      expect(refresh.outcome(0)).to include(source: "openai", status: :refreshed, rows: 1, http_status: 200, error: nil)
      expect([merged.model(0).id, sheets.map { |bytes| native.block_head(bytes)[:count] }]).to eq(["a", [1]])
      expect(refresh.close).to be_nil
      expect { refresh.step }.to raise_error(native::Error)
    end

    it "finishes by itself what nobody follows step by step" do
      refresh = run
      merged, = refresh.finish

      expect(merged.model(0).id).to eq("a")
      expect(refresh.outcome(0)).to include(status: :refreshed, rows: 1)
      expect { refresh.finish }.to raise_error(native::Error, "the run is already finished")
    ensure
      refresh.close
    end

    it "tells why a source failed" do
      refresh = run(status: 401, body: '{"error":{"message":"bad key"}}')
      nil while refresh.step

      expect(refresh.outcome(0)).to include(status: :failed, error: "HTTP 401: bad key", error_status: :http_status)
    ensure
      refresh.close
    end
  end
end
