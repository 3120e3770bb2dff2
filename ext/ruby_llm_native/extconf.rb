# frozen_string_literal: true

# Finds libcurl and yajl, or says in one sentence what is wrong and what to do. Switches for development:
#   RUBY_LLM_NATIVE_STRICT=1                     warnings are errors
#   RUBY_LLM_NATIVE_SANITIZE=address,undefined   build under these sanitizers
require "mkmf"
require "fileutils"

OLDEST = {"libcurl" => "7.68.0", "yajl" => "2.0.0"}.freeze
INSTALL = <<~TEXT
  ruby_llm_native needs libcurl 7.68 or newer and yajl 2 with their headers. Install them:
    Debian, Ubuntu: apt install libcurl4-openssl-dev libyajl-dev
    Fedora:         dnf install libcurl-devel yajl-devel
    Alpine:         apk add curl-dev yajl-dev
    macOS:          brew install curl yajl
  or say where they are: --with-curl-dir=DIR --with-yajl-dir=DIR
TEXT

# exit! leaves out mkmf's page of options, under which the message would be lost.
def stop(message)
  warn "", message, "Every command that was tried, and what it printed: #{File.expand_path("mkmf.log")}"
  exit!(1)
end

# The folders that --with-NAME-dir, -include and -lib name must be there, and the library in its own, or the linker
# would take the system's. mkmf puts Ruby's own folder, where the system's libraries may be, before all others. What
# is linked must be what is loaded later.
def check_folders(library, includes, libs)
  [*includes, *libs].each do |folder|
    File.directory?(folder) or stop("--with-#{library}-dir, -include or -lib: there is no folder #{folder}")
  end
  return if libs.empty?

  libs.any? { |folder| Dir.glob("lib#{library}.*", base: folder).any? } or
    stop("There is no lib#{library} in #{libs.join(" or ")}: the system's would be linked with those headers")
  $DEFLIBPATH.unshift(*libs)
  $LDFLAGS << libs.map { |folder| " -Wl,-rpath,#{folder.quote}" }.join
end

# The packages whose folders were named.
$told = []

def find(library, package, function, header)
  folders = dir_config(library).map { |folders| folders.to_s.split(File::PATH_SEPARATOR) }
  if folders.flatten.any?
    $told << package
    check_folders(library, *folders)
  else
    pkg_config(package)
    # Some yajl.pc point into include/yajl, below the folder that <yajl/yajl_parse.h> is in.
    includes = pkg_config(package, "variable=includedir")
    $INCFLAGS << " -I#{includes}" if includes && !includes.empty?
  end
  return if have_library(library, function, header)

  stop(INSTALL) unless have_header(header)
  stop("#{package}'s headers are here, but nothing links with its library. A static library alone is not enough")
end

# What the headers are of, and the libraries that are really linked: a program is compiled and run.
VERSIONS = <<~C
  #include <curl/curl.h>
  #include <yajl/yajl_version.h>
  #include <stdio.h>
  int main(void) {
    unsigned curl = curl_version_info(CURLVERSION_NOW)->version_num;
    int yajl = yajl_version();
    FILE *out = fopen("versions.txt", "w");
    if (!out) return 1;
    fprintf(out, "%d.%d.%d ", LIBCURL_VERSION_MAJOR, LIBCURL_VERSION_MINOR, LIBCURL_VERSION_PATCH);
    fprintf(out, "%u.%u.%u\\n", curl >> 16, curl >> 8 & 255, curl & 255);
    fprintf(out, "%d.%d.%d ", YAJL_MAJOR, YAJL_MINOR, YAJL_MICRO);
    fprintf(out, "%d.%d.%d\\n", yajl / 10000, yajl / 100 % 100, yajl % 100);
    return fclose(out);
  }
C

# A system's library may be newer than its headers, as macOS's often is. In folders that were named both must be what
# was meant.
def fits?(package, header, linked)
  header == linked || (!$told.include?(package) && Gem::Version.new(header) < Gem::Version.new(linked))
end

def check_versions
  return "of versions that cannot be known when cross-compiling" if CROSS_COMPILING

  checking_for("the versions of libcurl and yajl") { try_run(VERSIONS) } or
    stop("A program that is linked with libcurl and yajl does not run")
  OLDEST.zip(File.readlines("versions.txt", chomp: true).map(&:split)).map do |(package, oldest), (header, linked)|
    fits?(package, header, linked) or
      stop("#{package}'s headers are #{header}, but the library that is linked is #{linked}. " \
        "Both must be from one installation")
    Gem::Version.new(linked) >= Gem::Version.new(oldest) or
      stop("#{package} must be #{oldest} or newer, this is #{linked}.\n#{INSTALL}")
    "#{package} #{linked}"
  end.join(", ")
ensure
  FileUtils.rm_f("versions.txt")
end

$CFLAGS << " -std=c11 -fvisibility=hidden"
$CFLAGS << " -O3" unless arg_config("--with-cflags") || arg_config("--with-optflags") # distributions tend to say -O2
$INCFLAGS << " -I$(srcdir)/core"
find("curl", "libcurl", "curl_global_init", "curl/curl.h")
find("yajl", "yajl", "yajl_complete_parse", "yajl/yajl_parse.h")
versions = check_versions

# What Ruby's own headers do not stand is left to the build of the core alone, in rakelib/core.rake.
$CFLAGS << " -Wall -Wextra -Wno-unused-parameter -Wshadow -Wmissing-prototypes -Werror" if ENV["RUBY_LLM_NATIVE_STRICT"]
if (sanitizers = ENV["RUBY_LLM_NATIVE_SANITIZE"])
  # Ruby's jumps leave marks on the stack that gcc's AddressSanitizer would take for our bugs; preload libasan with
  # use_sigaltstack=0.
  marks = try_cflags("--param=asan-stack=0") ? " --param=asan-stack=0" : ""
  $CFLAGS << " -g -O1 -fno-omit-frame-pointer -fsanitize=#{sanitizers}#{marks}"
  $DLDFLAGS << " -fsanitize=#{sanitizers}"
end

# The core is built straight into the extension, each object under its source's path: two files are called refresh.c.
below = ->(pattern) { Dir[File.join($srcdir, pattern)].map { |path| path.delete_prefix("#{$srcdir}/") }.sort }
sources = below["{core/*,binding}/*.c"]
$srcs = sources.map { |path| File.join($srcdir, path) }
$objs = sources.map { |path| "#{path.delete_suffix(".c")}.#{$OBJEXT}" }
$headers = below["{core/*,binding}/*.h"].map { |path| "$(srcdir)/#{path}" }
$cleanfiles.concat($objs)
FileUtils.mkdir_p($objs.map { |path| File.dirname(path) }.uniq)

create_makefile("ruby_llm_native/ruby_llm_native")
message "linked with %s\n", versions
