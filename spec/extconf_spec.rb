# frozen_string_literal: true

require "fileutils"
require "open3"
require "rbconfig"
require "tmpdir"
require_relative "spec_helper"

# extconf.rb in a folder of its own, with libraries of our making: what it links, what it says of it, what it refuses.
RSpec.describe "extconf.rb" do
  script = File.expand_path("../ext/ruby_llm_native/extconf.rb", __dir__)
  here = RubyLLM::Native::LIBRARIES.transform_values { |text| text[/\d+\.\d+\.\d+/] }

  around { |example| Dir.mktmpdir("rlm extconf") { |folder| (@folder = folder) && example.run } }

  # @return [Array(Boolean, String)] whether it has made a Makefile, and what it printed
  def configure(script, *options, **environment)
    output, status = Open3.capture2e(
      {"RUBY_LLM_NATIVE_STRICT" => nil, **environment.transform_keys(&:to_s)},
      RbConfig.ruby, script, *options, chdir: @folder
    )
    [status.success? && File.exist?(File.join(@folder, "Makefile")), output]
  end

  def write(path, text)
    File.join(@folder, path).tap do |file|
      FileUtils.mkdir_p(File.dirname(file))
      File.write(file, text)
    end
  end

  def compile(source, *options, to:)
    path = File.join(@folder, to)
    FileUtils.mkdir_p(File.dirname(path))
    output, status = Open3.capture2e("cc", "-x", "c", "-fPIC", *options, "-o", path, "-", stdin_data: source)
    status.success? || raise(output)
  end

  # As much of libcurl's header as extconf.rb asks for.
  def curl_header(major, minor, patch)
    write("prefix/include/curl/curl.h", <<~C)
      #define LIBCURL_VERSION_MAJOR #{major}
      #define LIBCURL_VERSION_MINOR #{minor}
      #define LIBCURL_VERSION_PATCH #{patch}
      #define CURLVERSION_NOW 0
      typedef struct { int age; const char *version; unsigned version_num; } curl_version_info_data;
      curl_version_info_data *curl_version_info(int);
      int curl_global_init(long);
    C
  end

  let(:curl_source) { <<~C }
    typedef struct { int age; const char *version; unsigned version_num; } info;
    int curl_global_init(long flags) { return (int) flags; }
    info *curl_version_info(int now) { static info mine = {0, "mine", VERSION}; mine.age = now; return &mine; }
  C

  def curl_library(number)
    compile(curl_source, "-shared", "-DVERSION=#{number}", "-Wl,-soname,libcurl.so.4", to: "prefix/lib/libcurl.so")
    FileUtils.ln_s("libcurl.so", File.join(@folder, "prefix/lib/libcurl.so.4"))
  end

  let(:prefix) { File.join(@folder, "prefix") }

  it "says which versions it links with" do
    expect(configure(script)).to match([true, /^linked with libcurl #{here[:libcurl]}, yajl #{here[:yajl]}$/])
  end

  it "links what is in the folder that it was told, and has it loaded from there" do
    curl_header(9, 8, 7)
    curl_library(0x090807)

    expect(configure(script, "--with-curl-dir=#{prefix}"))
      .to match([true, /^linked with libcurl 9\.8\.7, yajl #{here[:yajl]}$/])
    expect(File.read(File.join(@folder, "Makefile"))).to match(/^ldflags .*-Wl,-rpath,\S*prefix\/lib/)
  end

  [
    ["--with-curl-dir=%s/nowhere", "nowhere/include"], ["--with-yajl-dir=%s/nowhere", "nowhere/include"],
    ["--with-curl-include=%s/no-headers", "no-headers"], ["--with-yajl-lib=%s/no-library", "no-library"]
  ].each do |option, missing|
    it "refuses #{option.delete_prefix("--").sub("%s/", "")}, which is not there" do
      made, output = configure(script, format(option, @folder))
      expect([made, output]).to match([false, /there is no folder #{@folder}\/#{missing}\n/])
      expect(output).not_to include("Install them")
    end
  end

  it "refuses a folder with headers alone" do
    curl_header(9, 8, 7)
    FileUtils.mkdir_p(File.join(prefix, "lib"))

    expect(configure(script, "--with-curl-dir=#{prefix}")).to match([false, /^There is no libcurl in #{prefix}\/lib: /])
  end

  it "refuses headers of libcurl that are not its library's" do
    curl_header(9, 8, 6)
    curl_library(0x090807)

    expect(configure(script, "--with-curl-dir=#{prefix}")).to match(
      [
        false,
        /^libcurl's headers are 9\.8\.6, but the library that is linked is 9\.8\.7\..*\n.*: #{@folder}\/mkmf\.log$/
      ]
    )
  end

  it "accepts a system library that is newer than its headers, but not an older one" do
    curl_header(7, 68, 0)
    expect(configure(script, CPATH: "#{prefix}/include")).to match([true, /^linked with libcurl #{here[:libcurl]}, /])
    curl_header(99, 0, 0)
    expect(configure(script, CPATH: "#{prefix}/include"))
      .to match([false, /^libcurl's headers are 99\.0\.0, but the library/])
  end

  it "refuses headers of yajl that are not its library's" do
    write("prefix/include/yajl/yajl_parse.h", "int yajl_complete_parse(void *);\n")
    write("prefix/include/yajl/yajl_version.h",
      "#define YAJL_MAJOR 2\n#define YAJL_MINOR 0\n#define YAJL_MICRO 4\nint yajl_version(void);\n")

    expect(configure(script, "--with-yajl-include=#{prefix}/include")).to match(
      [false, /^yajl's headers are 2\.0\.4, but the library that is linked is #{here[:yajl]}\./]
    )
  end

  it "refuses a libcurl that is too old, and says which it is" do
    curl_header(7, 64, 1)
    curl_library(0x074001)

    expect(configure(script, "--with-curl-dir=#{prefix}"))
      .to match([false, /^libcurl must be 7\.68\.0 or newer, this is 7\.64\.1\.$/])
  end

  it "does not say \"install\" where there is a static library that does not link" do
    curl_header(9, 8, 7)
    compile(
      "int elsewhere(long); int curl_global_init(long flags) { return elsewhere(flags); }",
      "-c", to: "prefix/lib/curl.o"
    )
    system("ar", "crs", "#{prefix}/lib/libcurl.a", "#{prefix}/lib/curl.o") || raise("ar failed")

    made, output = configure(script, "--with-curl-dir=#{prefix}")
    expect([made, output])
      .to match([false, /^libcurl's headers are here, but nothing links with its library\..*\n.*mkmf\.log$/])
    expect(output).not_to include("Install them")
  end
end
