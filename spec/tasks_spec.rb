# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"
require "tmpdir"
require_relative "spec_helper"

# A real rake in a process of its own, with nothing loaded but what its Rakefile asks for.
RSpec.describe "ruby_llm/native/tasks" do
  around do |example|
    Dir.mktmpdir do |folder|
      @folder = folder
      example.run
    end
  end

  def write(name, text)
    File.join(@folder, name).tap { |path| File.write(path, text.is_a?(String) ? text : JSON.generate(text)) }
  end

  def rake(*arguments, rakefile: %(require "ruby_llm/native/tasks"\n))
    write("Rakefile", rakefile)
    library = File.expand_path("../lib", __dir__)
    Open3.capture3(RbConfig.ruby, "-W0", "-I", library, "-S", "rake", *arguments, chdir: @folder)
  end

  let!(:old) { write("old.json", [{id: "gpt-4.1", provider: "openai", name: "A", context_window: 5}]) }
  let!(:new) do
    write(
      "new.json",
      [{id: "gpt-4.1", provider: "openai", name: "A", context_window: 6}, {id: "b", provider: "xai", name: "B"}]
    )
  end

  it "lists the task with what it does" do
    out, err, status = rake("-T")

    expect([status.success?, err]).to eq([true, ""])
    expect(out).to match(/^rake llm_models:diff\[old,new\] +# Show what differs between two registry files/)
  end

  it "prints what differs between two files" do
    out, err, status = rake("llm_models:diff[old.json,new.json]")

    expect([status.success?, err]).to eq([true, ""])
    expect(out).to eq("1 added, 1 changed\n\n+ xai b\n~ openai gpt-4.1  context window 5 -> 6\n")
  end

  it "compares one file with the registry as the app's environment makes it" do
    out, err, status = rake("llm_models:diff[old.json]", rakefile: <<~RUBY)
      require "ruby_llm/native/tasks"
      task(:environment) { RubyLLM.models.load_from_json("new.json") }
    RUBY

    expect([status.success?, err]).to eq([true, ""])
    expect(out).to start_with("1 added, 1 changed\n\n+ xai b\n")
  end

  it "needs no environment for two files" do
    out, _, status = rake("llm_models:diff[old.json,old.json]", rakefile: <<~RUBY)
      require "ruby_llm/native/tasks"
      task(:environment) { abort "asked for" }
    RUBY

    expect([status.success?, out]).to eq([true, "No differences\n"])
  end

  it "can be loaded by the task file alone" do
    path = File.expand_path("../lib/ruby_llm/native/tasks/diff.rake", __dir__)
    out, _, status = rake(
      "llm_models:diff[old.json,old.json]", rakefile: %(require "ruby_llm_native"\nload #{path.inspect}\n)
    )

    expect([status.success?, out]).to eq([true, "No differences\n"])
  end

  it "fails with one sentence when a file is missing, or none is named" do
    _, err, status = rake("llm_models:diff[old.json,none.json]")
    expect([status.success?, err])
      .to match([false, /\AThe registry file none\.json cannot be read: No such file.*\n\z/])

    _, err, status = rake("llm_models:diff")
    expect([status.success?, err])
      .to eq([false, "Name the files: rake llm_models:diff[old.json] or rake llm_models:diff[old.json,new.json]\n"])
  end
end
