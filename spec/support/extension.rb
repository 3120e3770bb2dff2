# frozen_string_literal: true

# What of the gem is written in C.
module Extension
  module_function

  # @return [Hash{Module => String}] the classes and modules that define methods in C, and what their names begin with
  def owners
    native = RubyLLM::Native
    names = %i[AtomicFile Catalog LookupCache MemoryTransport Model RegularFile Run]
    classes = names.map { |name| native.const_get(name) }
    [native, *classes].to_h { |owner| [owner.singleton_class, "#{owner}."] }
      .merge(classes.to_h { |owner| [owner, "#{owner}#"] })
  end

  # @return [Array<Symbol>]
  def methods_of(owner, visibility)
    owner.send(:"#{visibility}_instance_methods", false).reject { |name| owner.instance_method(name).source_location }
  end
end
