# frozen_string_literal: true

require "open3"
require "rake"
require "rbconfig"
require_relative "spec_helper"

RSpec.describe "docs/" do
  root = File.expand_path("..", __dir__)
  # The rake file defines its tasks; only the module is wanted.
  Rake.application.instance_exec { extend Rake::DSL }
  load File.join(root, "rakelib/docs.rake") unless defined?(Docs)

  pages = Dir.chdir(root) { Dir["docs/**/*.md"].sort + %w[README.md CONTRIBUTING.md SECURITY.md] }
  read = ->(page) { File.read(File.join(root, page), encoding: "UTF-8") }

  it "has the table of sources as it is in C" do
    expect(read[Docs::PROVIDERS]).to eq(Docs.providers)
  end

  # One row of each page, so that the tables are not empty.
  {
    "docs/explanation/merge.md" => "| `family` | models.dev | the provider",
    "docs/reference/configuration.md" => "| `refresh_timeout` | `60` | seconds",
    "docs/reference/errors.md" => "| `:timed_out` |",
    "docs/reference/known-endpoints.md" => "| Databricks (`databricks`) | openai | `https://${DATABRICKS_HOST}/",
    "docs/reference/prices.md" => "| `:web_search` | searches of the web | `:request` |",
    "docs/reference/model.md" => "| `standing` | `listed`, `catalogued`, `unlisted` |",
    "sig/ruby_llm/native/configuration.rbs" => "attr_accessor openai_api_key: String?"
  }.each do |page, row|
    it "has in #{page} what tables in the code say" do
      expect(read[page]).to eq(Docs.fill(page, read[page])).and include(row)
    end
  end

  it "has each option" do
    settings = RubyLLM::Native::SOURCES.flat_map { |source| source[:settings].map { |setting| setting[:name].to_sym } }
    options = RubyLLM::Native::Configuration.own_options.keys & RubyLLM::Native::Configuration.options
    expect(options - settings - Docs::OPTIONS.keys).to eq([])
  end

  it "leads from its map to every page" do
    map = read["docs/README.md"]
    missing = pages.grep(%r{\Adocs/(?!README)}).reject { |page| map.include?("](#{page.delete_prefix("docs/")})") }
    expect(missing).to eq([])
  end

  describe "snippets" do
    # Providers that answer from memory, so that a snippet runs as it stands in the page.
    stubs = <<~'RUBY'
      require "ruby_llm_native"
      require "ruby_llm/native/testing"
      ENV["OPENAI_API_KEY"] = "a key"
      %i[openai models_dev].each do |source|
        RubyLLM::Native::Testing.stub_source(source, body: File.read("spec/fixtures/#{source}/good.json"))
      end
      at_exit { puts "all ran" unless $! }
      def check(value, stated)
        found = [value.inspect, value.to_s].any? { |text| text.start_with?(stated) }
        raise "#{stated} is stated, #{value.inspect} is returned" unless found
      end
    RUBY

    # Pages whose snippets need nothing but a Ruby, and what each takes for granted.
    given = {
      "README.md" => "", "docs/tutorial/ruby.md" => "", "docs/how-to/tenants.md" => "key = 'another key'",
      "docs/how-to/offline.md" => "RubyLLM.models.refresh!",
      "docs/how-to/budget.md" => "RubyLLM.config.openai_api_key = 'a key'; RubyLLM.models.refresh!",
      "docs/how-to/batch-jobs.md" => <<~RUBY,
        require "json"
        require "tmpdir"
        folder = Dir.mktmpdir
        at_exit { FileUtils.rm_rf(folder) }
        file = File.join(folder, "prices.json")
        prices = {input: 2.0, output: 8.0, batch_input: 1.0, batch_output: 4.0}
        File.write(file, JSON.generate(metadata: {updated_at: "2026-10-28"}, models: {"openai/gpt-4.1" => prices}))
        RubyLLM.config.openai_api_key = "a key"
        RubyLLM.config.price_files = [file]
        RubyLLM.models.refresh!
      RUBY
      "docs/how-to/retirements.md" => <<~'RUBY'
        require "active_job"
        require "active_support/all"
        require "json"
        # What a Rails app has of its own.
        ApplicationJob = ActiveJob::Base
        ActiveJob::Base.logger = nil
        Rails = Struct.new(:error, :logger).new(ActiveSupport::ErrorReporter.new, Logger.new(nil))
        told = []
        Rails.error.subscribe(Class.new { define_method(:report) { |error, **| told << error.message } }.new)
        at_exit { raise "was told #{told}" unless $! || told == ["o4-mini is overdue, and retires on 2026-01-02"] }
        at_exit { RetiringModelsJob.perform_now unless $! }
        rows = [{id: "gpt-4.1"}, {id: "o4-mini", shutdown_date: "2026-01-02"}, {id: "o1", shutdown_date: "2026-01-02"}]
        RubyLLM::Native::Testing.stub_source(:openai, body: JSON.generate(data: rows))
        RubyLLM.config.openai_api_key = "a key"
        RubyLLM.models.refresh!
      RUBY
    }
    given.each do |page, start|
      it "of #{page} return what they say" do
        blocks = read[page].scan(/^```ruby\n(.*?)^```/m).flatten.grep_v(/LLMModel/)
        code = blocks.join.gsub(/^(.+?) +# => ([^,;\n]+).*$/) { "check((#{$1}), #{$2.strip.inspect})" }
        code = code.gsub(/^(.+?)\s+# raises (\S+)$/) { "begin; #{$1}; raise 'nothing raised'; rescue #{$2}; end" }
        out, status = Open3.capture2e(RbConfig.ruby, "-Ilib", "-e", "#{stubs}\n#{start}\n#{code}", chdir: root)
        expect([status.success?, out]).to match([true, a_string_ending_with("all ran\n")])
      end
    end
  end

  it "quotes messages as they are" do
    script = <<~'RUBY'
      require "logger"
      require "ruby_llm_native"
      require "ruby_llm/native/testing"
      RubyLLM.configure do |config|
        config.logger = Logger.new($stdout, formatter: ->(level, _, _, text) { "#{level.ljust(5)} #{text}\n" })
        config.models_dev_url = nil
        config.registry_path = false
        config.allow_real_requests = true
        config.openai_api_key = "a key"
        config.openai_api_base = "gateway/v1" # no request is sent
      end
      RubyLLM::Native::Testing.fail_source(:mistral, status: 503, error: "Service unavailable.")
      RubyLLM::Native::Testing.stub_source(:xai, models: [{id: "grok"}])
      RubyLLM.models.refresh!
    RUBY
    log, = Open3.capture2e(RbConfig.ruby, "-Ilib", "-e", script, chdir: root)
    warnings = log.lines(chomp: true).grep(/WARN/)
    failed, refused = %w[mistral gateway/v1].map { |word| warnings.find { |line| line.include?(word) } }
    expect(read["docs/reference/events.md"]).to include(failed)
    expect(read["docs/how-to/gateways.md"]).to include(refused.split(": ").last)

    counted = ->(text) { text[/INFO .*/].gsub(/\d+ failed \(.*?\)/, "failed").gsub(/[\d.]+/, "0").delete("s") }
    expect(counted[read["docs/reference/events.md"].lines.grep(/^    INFO/).first]).to eq(counted[log])
  end

  describe "links" do
    # As hosts of git derive the anchor of a heading.
    def anchors(text)
      headings = text.gsub(/^```.*?^```/m, "").scan(/^#+ (.+)$/).flatten
      headings.map { |heading| heading.downcase.gsub(/[^\p{Word}\- ]/, "").tr(" ", "-") }
    end

    pages.each do |page|
      it "of #{page} lead to files and headings that exist" do
        text = read[page].gsub(/^```.*?^```/m, "")
        links = text.scan(/\]\(([^)\s]+)\)/).flatten.grep_v(/\A[a-z]+:/)
        broken = links.reject do |link|
          path, anchor = link.split("#", 2)
          target = path.empty? ? page : File.join(File.dirname(page), path)
          file = File.join(root, target)
          File.exist?(file) && (anchor.nil? || anchors(File.read(file, encoding: "UTF-8")).include?(anchor))
        end
        expect(broken).to eq([])
      end
    end

    it "in code and specs lead to pages that exist" do
      files = Dir.chdir(root) { Dir["{lib,ext,spec,rakelib,sig,bin}/**/*.{rb,rake,c,h,rbs,tt}"] }
      named = files.flat_map { |file| read[file].scan(%r{\bdocs/[\w./-]+\.md}).map { |page| [file, page] } }
      expect(named.reject { |_, page| File.exist?(File.join(root, page)) }).to eq([])
    end
  end

  it "has no line of prose above 120 columns" do
    table_or_link = /\A(\||<|    )|https?:|\]\(/
    long = pages.flat_map do |page|
      lines = read[page].gsub(/^```.*?^```/m, "").lines(chomp: true)
      lines.select { |text| text.size > 120 && !text.match?(table_or_link) }.map { |text| "#{page}: #{text}" }
    end
    expect(long).to eq([])
  end
end
