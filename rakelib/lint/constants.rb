# frozen_string_literal: true

require "ripper"

module Lint
  # A file of lib/ is found by the name of what it defines: native/diff/change.rb has RubyLLM::Native::Diff::Change, and
  # no other class or module but those inside it. EXCEPTIONS can only shrink.
  class Constants
    # File => what it is, where it is not one constant.
    EXCEPTIONS = {
      "lib/ruby_llm/native/active_record_hook.rb" => "adds the macros to ActiveRecord",
      "lib/ruby_llm/native/errors.rb" => "the errors that Ruby raises, a few lines each",
      "lib/ruby_llm/native/hooks.rb" => "methods of Native",
      "lib/ruby_llm/native/standalone.rb" => "RubyLLM, where the ruby_llm gem is not loaded",
      "lib/ruby_llm/native/tasks.rb" => "loads the Rake tasks",
      "lib/ruby_llm/native/testing/minitest.rb" => "is required by tests",
      "lib/ruby_llm/native/testing/rspec.rb" => "is required by tests",
      "lib/ruby_llm_native.rb" => "is required by programs"
    }.freeze

    # Folders whose files define constants of another namespace: a module Rails would hide Rails itself.
    NAMESPACES = {
      "lib/generators/ruby_llm_native/install/" => "ruby_llm/native/generators/",
      "lib/ruby_llm/native/rails/" => "ruby_llm/native/",
      "lib/" => ""
    }.freeze

    # What makes a class when it is assigned to a constant.
    MAKERS = %w[Class Data Module Struct].freeze

    # @param root [String] the project's folder
    def initialize(root, exceptions = EXCEPTIONS)
      @root = root
      @exceptions = exceptions
    end

    # @return [Array<String>] "file:line: what is wrong; what to do"
    def offences
      wrong = Dir.glob("lib/**/*.rb", base: @root).sort.to_h { |path| [path, offences_of(path)] }
      unneeded = @exceptions.keys.reject { |path| wrong.fetch(path, []).any? }
      wrong.except(*@exceptions.keys).values.flatten +
        unneeded.map { |path| "rakelib/lint/constants.rb:1: #{path} is not an exception; remove it from EXCEPTIONS" }
    end

    private

    def offences_of(path)
      found = constants(Ripper.sexp(File.read(File.join(@root, path), encoding: "UTF-8")))
      wanted = wanted(path)
      others = found.select { |name, of_modules, _| of_modules && !related?(plain(name), wanted) }
      missing = found.none? { |name, _, _| plain(name) == wanted }
      [*("#{path}:1: no constant has the name of this file; rename one of them" if missing),
        *others.map { |name, _, line| "#{path}:#{line}: #{name} is not what this file is named after; move it" }]
    end

    # @return [String] the name that the path gives, as {#plain} writes it
    def wanted(path)
      folder, namespace = NAMESPACES.find { |start, _| path.start_with?(start) }
      plain(path.sub(folder, namespace).delete_suffix(".rb").gsub("/", "::"))
    end

    # Without capitals and underscores, which a path cannot tell: llm is LLM, and sql would be SQL.
    def plain(name)
      name.delete("_").downcase
    end

    # Namespaces around it are opened, and what is inside it is its own.
    def related?(name, wanted)
      wanted == name || wanted.start_with?("#{name}::") || name.start_with?("#{wanted}::")
    end

    # @return [Array<Array(String, Boolean, Integer)>] each constant, whether it is a class or module, and its line
    def constants(node, namespace = nil)
      case node
      in [:module | :class, [:const_ref, [:@const, name, [line, _]]], *, body]
        whole = [*namespace, name].join("::")
        [[whole, true, line], *constants(body, whole)]
      in [:assign, [:var_field, [:@const, name, [line, _]]], value]
        [[[*namespace, name].join("::"), made?(value), line]]
      in [:def | :defs | :sclass, *] then []
      in Array then node.grep(Array).flat_map { |child| constants(child, namespace) }
      end
    end

    def made?(value)
      return made?(value[1]) if value[0] == :method_add_block || value[0] == :method_add_arg

      value in [:call, [:var_ref, [:@const, maker, _]], *] and MAKERS.include?(maker)
    end
  end
end
