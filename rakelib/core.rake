# frozen_string_literal: true

# The core's own tests: C alone, no Ruby in it. Each spec/core/*_test.c becomes a program, linked with the whole core.
#
#   rake core:test             # CC=clang for another compiler, UNDER=qemu-i386 for what is to run the programs
#   rake core:test:sanitized   # the same under AddressSanitizer, LeakSanitizer and UBSan
#   rake core:test:valgrind    # the plain programs under valgrind, which also sees what is read before it is written

require "rake/clean"
require "shellwords"

module CoreTests
  CORE = "ext/ruby_llm_native/core"
  COMPILER = ENV.fetch("CC", "cc")
  FLAGS = %W[-std=c11 -g -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -iquote #{CORE}].freeze
  SANITIZERS = %w[-fsanitize=address,undefined -fno-sanitize-recover=all].freeze
  LEGS = {
    "core:test" => ["plain", %w[-O3]], # as the extension
    "core:test:sanitized" => ["sanitized", ["-O1", "-fno-omit-frame-pointer", *SANITIZERS]]
  }.freeze
  VALGRIND = %w[valgrind --quiet --error-exitcode=1 --leak-check=full].freeze
  # What sanitizers print goes to stderr and ends the program; nothing is left to the machine's own settings.
  ENVIRONMENT = {"ASAN_OPTIONS" => "detect_leaks=1", "UBSAN_OPTIONS" => "print_stacktrace=1"}.freeze

  module_function

  # pkg-config is asked only when something is compiled: `rake -T` must work where libcurl is missing.
  def libraries(what)
    @libraries ||= {}
    @libraries[what] ||= `pkg-config #{what} libcurl yajl`.then do |answer|
      next answer.shellsplit if $?.success?

      abort("the core needs libcurl and yajl with their headers, and pkg-config to find them")
    end
  end

  def folder(leg)
    File.join("tmp/core", (COMPILER == "cc") ? leg : "#{leg}-#{COMPILER.gsub(/[^\w.-]+/, "-")}")
  end

  def object(source, folder)
    File.join(folder, source.sub(%r{\A(ext/ruby_llm_native|spec)/}, "").ext("o"))
  end

  # Every object hangs on every header, and on this file for its flags: the core compiles in seconds, a missed
  # dependency costs an hour.
  def define_object(source, folder, flags)
    object = object(source, folder)
    needed = [source, __FILE__, *FileList["#{CORE}/**/*.h", "spec/core/*.h"], *included(source)]
    Rake::FileTask.define_task(object => needed) do
      FileUtils.mkdir_p(File.dirname(object))
      run [*COMPILER.shellsplit, *FLAGS, *flags, *libraries("--cflags"), "-c", source, "-o", object]
    end
    object
  end

  # A test or a fuzz target may include a core file whole, to reach its statics.
  def included(source)
    return [] if source.start_with?(CORE)

    names = File.read(source, encoding: "UTF-8").scan(%r{^#include "([\w/]+\.c)"}).flatten
    names.map { |name| File.join(CORE, name) }
  end

  def define_program(test, core, folder, flags)
    program = File.join(folder, File.basename(test, ".c"))
    object = define_object(test, folder, flags)
    wraps = wrapped(test).map { |name| "-Wl,--wrap=#{name}" }
    Rake::FileTask.define_task(program => [object, *core]) do
      run [*COMPILER.shellsplit, *flags, object, *core, *wraps, *libraries("--libs"), "-lpthread", "-o", program]
    end
    program
  end

  # A test may define __wrap_x, which the core then calls instead of x, to see its calls; __real_x is the core's own.
  def wrapped(test)
    File.read(test, encoding: "UTF-8").scan(/^__wrap_(\w+)/).flatten.uniq
  end

  def run(command)
    puts command.shelljoin if Rake.verbose == true
    system(*command) || raise("failed: #{command.shelljoin}")
  end

  def run_tests(programs, *under)
    under += ENV.fetch("UNDER", "").shellsplit
    failed = programs.reject { |program| system(ENVIRONMENT, *under, program) }
    abort "failed: #{failed.map { |program| File.basename(program) }.join(", ")}" unless failed.empty?
  end

  def define(name, leg, flags)
    folder = folder(leg)
    core = FileList["#{CORE}/**/*.c"].sort.map { |source| define_object(source, folder, flags) }
    programs = FileList["spec/core/*_test.c"].sort.map { |test| define_program(test, core, folder, flags) }

    # Objects side by side, then the programs: a multitask of programs alone would compile the core one file after the
    # other.
    Rake::MultiTask.define_task("#{name}:objects" => core)
    Rake::MultiTask.define_task("#{name}:programs" => programs)
    Rake::Task.define_task(name => ["#{name}:objects", "#{name}:programs"]) { run_tests(programs) }
  end
end

CoreTests::LEGS.each { |name, (leg, flags)| CoreTests.define(name, leg, flags) }
Rake::Task.define_task("core:test:valgrind" => "core:test:programs") do
  CoreTests.run_tests(Rake::Task["core:test:programs"].sources, *CoreTests::VALGRIND)
end
Rake::Task["core:test"].add_description("Test the core, in C")
Rake::Task["core:test:sanitized"].add_description("Test the core, in C, under the sanitizers")
Rake::Task["core:test:valgrind"].add_description("Test the core, in C, under valgrind")

CLEAN.include("tmp/core")
