# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/subprocess"

# Each program is a process of its own: whether ActiveSupport is loaded makes the difference.
RSpec.describe "RubyLLM::Native.deprecator" do
  def run(program, *options)
    out, err = Subprocess.capture(program, *options, "-rruby_llm_native")
    [out, err.lines.grep(/deprecated/).map(&:chomp)]
  end

  twice = "2.times { print RubyLLM::Native::Exchange.equal?(RubyLLM::Native::Export) }"
  removed = "RubyLLM::Native::Exchange is deprecated and will be removed from ruby_llm_native 1.0; " \
    "use RubyLLM::Native::Export"

  context "without ActiveSupport" do
    it "warns once for each place, under -W:deprecated" do
      expect(run("#{twice}\n#{twice}", "-W:deprecated"))
        .to eq(["true" * 4, ["-e:1: warning: #{removed}", "-e:2: warning: #{removed}"]])
    end

    it "is silent otherwise" do
      expect(run(twice)).to eq(["truetrue", []])
    end

    it "warns about a constant of a class, too" do
      program = "names = RubyLLM::Native::Preferences; print names::PREFERENCE.equal?(names::PROVIDERS)"
      expect(run(program, "-W:deprecated")).to eq(["true", [
        "-e:1: warning: RubyLLM::Native::Preferences::PREFERENCE is deprecated and will be removed from " \
          "ruby_llm_native 1.0; use RubyLLM::Native::Preferences::PROVIDERS"
      ]])
    end

    it "lets other Ractors use former names, without a warning" do
      program = "ractor = Ractor.new { RubyLLM::Native::Exchange.name }; " \
        "print ractor.respond_to?(:value) ? ractor.value : ractor.take"
      expect(run(program, "-W:deprecated", "-W:no-experimental")).to eq(["RubyLLM::Native::Export", []])
    end

    it "leaves constants that never existed alone" do
      expect(run("begin; RubyLLM::Native::Exchanges; rescue NameError => error; print error.name; end"))
        .to eq(["Exchanges", []])
    end
  end

  context "with ActiveSupport" do
    it "is an ActiveSupport::Deprecation" do
      out, warnings = run(<<~RUBY, "-ractive_support")
        print RubyLLM::Native.deprecator.class
        #{twice}
        RubyLLM::Native.deprecator.silence { RubyLLM::Native::Exchange }
      RUBY
      expect(out).to eq("ActiveSupport::Deprecationtruetrue")
      expect(warnings.uniq).to match([/\ADEPRECATION WARNING: #{Regexp.escape(removed)} \(called from .* at -e:2\)\z/])
    end
  end
end
