# frozen_string_literal: true

require_relative "extension"

# What makes faults of the extension show. spec_helper loads this when UNDER_STRAIN names a kind; see
# rakelib/robust.rake.
#
#   gc_stress   each allocation collects: what C still uses and nothing marks is freed under its hands
#   compaction  each allocation also moves all that can be moved: what C still uses is somewhere else
#   sanitized   the extension was compiled with sanitizers: that it was is all that is checked here
#
# Under the first two an allocation takes some 20 ms. So Ruby's own code runs as usual, and each method is strained only
# in its first STRAINED_CALLS (3). A method that no example called fails the run.
module UnderStrain
  KINDS = %w[gc_stress compaction sanitized].freeze

  module_function

  def begin(kind)
    KINDS.include?(kind) || abort("UNDER_STRAIN must be one of #{KINDS.join(", ")}, got #{kind}")
    return check_sanitizers if kind == "sanitized"

    wrap_extension
    GC.auto_compact = true if kind == "compaction"
  end

  def check_sanitizers
    path = $LOADED_FEATURES.grep(%r{/ruby_llm_native\.so\z}).first
    File.binread(path).include?("__asan_init") || abort("compiled without sanitizers: #{path}")
  end

  def wrap_extension
    @most = Integer(ENV.fetch("STRAINED_CALLS", "3"))
    @calls = {}
    Extension.owners.each { |owner, prefix| wrap_all(owner, prefix) }
    RSpec.configure { |config| config.after(:suite) { config.reporter.message("\n#{UnderStrain.summary}") } }
  end

  def strain(name)
    return yield if GC.stress || (@calls[name] += 1) > @most # already strained: the block of another method calls this

    begin
      GC.stress = true
      yield
    ensure
      GC.stress = false
    end
  end

  # Each as public or private as it was.
  def wrap_all(owner, prefix)
    wrappers = Module.new
    %i[public private].each do |visibility|
      Extension.methods_of(owner, visibility).each do |name|
        label = "#{prefix}#{name}"
        @calls[label] = 0
        wrappers.class_eval("def #{name}(...) UnderStrain.strain(#{label.dump}) { super } end", __FILE__, __LINE__)
        wrappers.send(visibility, name)
      end
    end
    owner.prepend(wrappers)
  end

  # @return [String] what was done
  # @raise [RuntimeError] when a method was never called
  def summary
    missed = @calls.select { |_, count| count.zero? }.keys
    raise "never called, so never strained: #{missed.join(", ")}" unless missed.empty?

    "#{@calls.size} methods of the extension under strain, #{GC.count} collections"
  end
end

UnderStrain.begin(ENV.fetch("UNDER_STRAIN"))
