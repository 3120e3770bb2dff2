# frozen_string_literal: true

require "fileutils"
require "tmpdir"
require_relative "spec_helper"
require_relative "../rakelib/lint/columns"
require_relative "../rakelib/lint/constants"
require_relative "../rakelib/lint/includes"
require_relative "../rakelib/lint/slugs"

# The checks of `rake lint` that are our own, on trees that are wrong in one place.
RSpec.describe "rake lint" do
  around { |example| Dir.mktmpdir("rlm-lint") { |folder| (@folder = folder) && example.run } }

  def write(path, text)
    whole = File.join(@folder, path)
    FileUtils.mkdir_p(File.dirname(whole))
    File.write(whole, text)
  end

  describe "includes" do
    core = "ext/ruby_llm_native/core"

    define_method(:offences) do |path, text|
      write("#{core}/#{path}", text)
      Lint::Includes.new(@folder).offences
    end

    it "lets a file include its own folder, those before it, and the system's headers" do
      text = %(#include <string.h>\n#include "sources/rows.h"\n#include "base/text.h"\n)
      expect(offences("sources/openai.c", text)).to eq([])
    end

    it "refuses a folder that comes later" do
      expect(offences("json/value.c", %(#include <stdio.h>\n\n#include "model/record.h"\n))).to match(
        [%r{\A#{core}/json/value\.c:3: json/ must not include model/record\.h, because model/ builds on json/; move}]
      )
    end

    it "refuses a folder that has no place in the order" do
      expect(offences("base/text.h", %(#include "attic/old.h"\n))).to match([/text\.h:1: "attic" is not in ORDER/])
      expect(offences("base/text.h", %(#include "status.h"\n))).to match([/text\.h:1: "" is not in ORDER/])
    end

    it "refuses Ruby below the binding" do
      expect(offences("fetch/http.c", %(#  include <ruby/thread.h>\n)))
        .to match([/http\.c:1: the core must not include/])
      expect(offences("fetch/http.c", %(#include "ruby.h"\n)))
        .to match([/http\.c:1: the core must not include ruby\.h/])
    end

    it "has libcurl in the transport only, and yajl in the reader only" do
      expect(offences("fetch/http_reply.c", "#include <curl/curl.h>\n")).to eq([])
      expect(offences("json/json.c", "#include <yajl/yajl_parse.h>\n")).to eq([])
      expect(offences("fetch/plan.h", "#include <curl/curl.h>\n"))
        .to match([%r{plan\.h:1: only core/fetch/\{http\*\.c.* may include}])
      write("#{core}/fetch/plan.h", "")
      expect(offences("json/value.c", "#include <yajl/yajl_parse.h>\n"))
        .to match([%r{only core/json/json\.c may include}])
    end
  end

  describe "slugs" do
    before do
      write("ext/ruby_llm_native/core/sources/acme.c", %({.slug = "acme",\n .flags = RLM_SOURCE_LOCAL}; f("acme");))
      write("ext/ruby_llm_native/core/sources/lists.c", %({.slug = "lists", .rank = RLM_RANK_METADATA,};))
    end

    def offences
      Lint::Slugs.new(@folder).offences
    end

    it "knows the providers by their files, and leaves metadata sources out" do
      expect(Lint::Slugs.new(@folder).slugs).to eq(["acme"])
    end

    it "finds a slug in C, and none in comments, other words or characters" do
      write("ext/ruby_llm_native/core/lookup/a.c", <<~C)
        /* "acme" is only told of */
        char quote = '"'; // "acme"
        f("lists", "acme_api_key", "acme models", "\\"", '\\'');
        if (is(provider, "acme")) return;
      C
      expect(offences)
        .to match([%r{\Aext/ruby_llm_native/core/lookup/a\.c:4: "acme" names a provider; say what is odd}])
    end

    it "finds strings, symbols, keys and lists of words in Ruby, and none in comments" do
      write("lib/a.rb", <<~RUBY)
        # :acme, "acme"
        acme = "acme_api_key"
        [:acme, "acme"]
        {acme: 1}
        %w[other
           acme]
      RUBY
      expect(offences.map { |offence| offence[/\A\S+/] }).to eq(%w[lib/a.rb:3: lib/a.rb:4: lib/a.rb:6:])
    end

    it "finds symbols of a provider in C, and none of others" do
      write("ext/ruby_llm_native/core/lookup/a.c", <<~C)
        /* rlm_source_acme is only told of */
        f(rlm_source_find(slug), rlm_source_lists, rlm_acmes_are_many);
        if (source == &rlm_source_acme) return;
        rlm_acme_place_of(region);
      C
      expect(offences.map { |offence| offence[/:\d+: "\w+"/] }).to eq([':3: "acme"', ':4: "acme"'])
    end

    it "leaves the formats of usage alone, which are named after who has defined them" do
      write("lib/ruby_llm/native/usage/formats.rb", "{acme: 1}")
      expect(offences).to eq([])
      write("lib/ruby_llm/native/usage/reading.rb", "{acme: 1}")
      expect(offences).to match([%r{\Alib/ruby_llm/native/usage/reading\.rb:1: "acme" names a provider}])
    end

    it "looks into the code of the build, too" do
      write("rakelib/a.rake", %(ask("acme")\n))
      expect(offences).to match([%r{\Arakelib/a\.rake:1: "acme" names a provider}])
    end
  end

  describe "columns" do
    def offences(path, text)
      write(path, text)
      Lint::Columns.new(@folder, [path]).offences
    end

    it "counts characters, and names each line that is too long" do
      expect(offences("lib/a.rb", "#{"é" * 120}\n")).to eq([])
      expect(offences("lib/a.rb", "\n#{"é" * 121}\n")).to match([%r{\Alib/a\.rb:2: 121 columns, 120 at most; break}])
    end

    it "leaves alone what is data, or not a text" do
      expect(offences("spec/fixtures/a.json", "x" * 200)).to eq([])
      expect(offences("bin/a", "\0#{"x" * 200}")).to eq([])
      expect(offences("bin/a", "\xFF#{"x" * 200}")).to eq([])
    end
  end

  describe "constants" do
    def offences(path, text, exceptions = {})
      write(path, "module RubyLLM\n  module Native\n#{text}\n  end\nend\n")
      Lint::Constants.new(@folder, exceptions).offences
    end

    it "lets a file define the constant that it is named after, and what is inside that" do
      text = "class Diff\nChange = Struct.new(:a) { def b; end }\nend"
      expect(offences("lib/ruby_llm/native/diff.rb", text)).to eq([])
      expect(offences("lib/ruby_llm/native/version.rb", 'VERSION = "1"')).to eq([])
      expect(offences("lib/ruby_llm/native/rails/events.rb", "module Events; end")).to eq([])
      expect(offences("lib/ruby_llm/native/stores/file.rb", "module Stores\nclass File; end\nend")).to eq([])
    end

    it "refuses a file without it" do
      expect(offences("lib/ruby_llm/native/diff.rb", "def self.diff; end"))
        .to match([%r{\Alib/ruby_llm/native/diff\.rb:1: no constant has the name of this file}])
    end

    it "refuses another class beside it" do
      text = "class Diff; end\nLIMIT = 3\nChange = Struct.new(:a)\nclass Error < StandardError; end"
      expect(offences("lib/ruby_llm/native/diff.rb", text)).to match([
        /diff\.rb:5: RubyLLM::Native::Change is not what this file is named after; move it/,
        /diff\.rb:6: RubyLLM::Native::Error is not/
      ])
    end

    it "refuses an exception that is not needed" do
      path = "lib/ruby_llm/native/diff.rb"
      expect(offences(path, "class Side; end", path => "some reason")).to eq([])
      expect(offences(path, "class Diff; end", path => "some reason"))
        .to match([/diff\.rb is not an exception; remove it/])
    end
  end
end
