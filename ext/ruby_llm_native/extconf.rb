# frozen_string_literal: true

# Finds libcurl and yajl, or says in one sentence what to install. Switches for development:
#   RUBY_LLM_NATIVE_STRICT=1                     warnings are errors
#   RUBY_LLM_NATIVE_SANITIZE=address,undefined   build under these sanitizers
require "mkmf"
require "fileutils"

OLDEST_CURL = "7.68"
MISSING = <<~TEXT
  ruby_llm_native needs libcurl (#{OLDEST_CURL} or newer) and yajl 2 with their headers. Install them:
    Debian, Ubuntu: apt install libcurl4-openssl-dev libyajl-dev
    Fedora:         dnf install libcurl-devel yajl-devel
    Alpine:         apk add curl-dev yajl-dev
    macOS:          brew install curl yajl
  or say where they are: --with-curl-dir=DIR --with-yajl-dir=DIR
TEXT

# exit! leaves out mkmf's page of options, under which the message would be lost.
def stop
  warn MISSING
  exit!(1)
end

def find(library, package, function, header)
  unless dir_config(library).any?
    pkg_config(package)
    # Some yajl.pc point into include/yajl, below the folder that <yajl/yajl_parse.h> is in.
    includes = pkg_config(package, "variable=includedir")
    $INCFLAGS << " -I#{includes}" if includes && !includes.empty?
  end
  have_library(library, function, header) or stop
end

$CFLAGS << " -std=c11 -fvisibility=hidden"
find("curl", "libcurl", "curl_multi_wakeup", "curl/curl.h")
find("yajl", "yajl", "yajl_complete_parse", "yajl/yajl_parse.h")

recent = checking_for("libcurl #{OLDEST_CURL} or newer") do
  try_compile(<<~C)
    #include <curl/curl.h>
    #if LIBCURL_VERSION_NUM < 0x074400
    #error "too old"
    #endif
  C
end
stop unless recent

# What Ruby's own headers do not stand is left to the build of the core alone, in rakelib/core.rake.
$CFLAGS << " -Wall -Wextra -Wno-unused-parameter -Wshadow -Wmissing-prototypes -Werror" if ENV["RUBY_LLM_NATIVE_STRICT"]
if (sanitizers = ENV["RUBY_LLM_NATIVE_SANITIZE"])
  # Ruby's jumps leave marks on the stack that gcc's AddressSanitizer would take for our bugs; preload libasan with use_sigaltstack=0.
  marks = try_cflags("--param=asan-stack=0") ? " --param=asan-stack=0" : ""
  $CFLAGS << " -g -O1 -fno-omit-frame-pointer -fsanitize=#{sanitizers}#{marks}"
  $DLDFLAGS << " -fsanitize=#{sanitizers}"
end

# The core is built straight into the extension, each object under its source's path: two files are called refresh.c.
below = ->(pattern) { Dir[File.join($srcdir, pattern)].map { |path| path.delete_prefix("#{$srcdir}/") }.sort }
sources = below["{core,core/sources,binding}/*.c"]
$srcs = sources.map { |path| File.join($srcdir, path) }
$objs = sources.map { |path| "#{path.delete_suffix('.c')}.#{$OBJEXT}" }
$headers = below["{core,core/sources,binding}/*.h"].map { |path| "$(srcdir)/#{path}" }
$cleanfiles.concat($objs)
FileUtils.mkdir_p($objs.map { |path| File.dirname(path) }.uniq)

create_makefile("ruby_llm_native/ruby_llm_native")
message "libcurl %s, yajl %s\n", *%w[libcurl yajl].map { |package| pkg_config(package, "modversion") || "of unknown version" }
