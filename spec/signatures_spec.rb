# frozen_string_literal: true

require "rbs"
require_relative "spec_helper"
require "ruby_llm/native/persistence"
require_relative "support/stubbed_sources"

# sig/ says what is public: all of it, and nothing that is not there. Whether values are of the types it states is
# tried by `rake sig:test`.
RSpec.describe "sig/" do
  native = RubyLLM::Native

  # Public to Ruby but private to the gem: a class whole, or some methods of one that is public.
  internal = {
    "AtomicFile" => :all, "BesideRubyLLM" => :all, "Configuration::Shorthands" => :all,
    "Endpoint::Definition" => :all, "HttpErrors" => :all,
    "Location" => :all, "Persistence::Adoption" => :all, "Persistence::Columns" => :all,
    "Persistence::Document" => :all, "Persistence::LostDefaults" => :all, "Proxies" => :all,
    "Redactor" => :all, "RegularFile" => :all, "SingleFlight" => :all, "Testing::Answers" => :all,
    "" => %i[
      .registry= .read_sheet .read_price_file .replaced_sources .regional_id? .block_head .block? .same_facts?
      .block_size .redact .hide_login .export .import .plain_json? .refreshed .refresh_log= .upgrade
    ],
    "StoredFile" => %i[.begins? .load .load_catalog .dump],
    "Persistence" => %i[.remember],
    "Stores::File" => %i[load_catalog read_older],
    "Stores::ActiveRecord" => %i[table_exists? lease attempt hold extend_lease read_older],
    "Catalog" => %i[
      _dump ._load excerpt .load .read .empty .merge find model models each_model
      select resolve candidates aliases providers cheapest newest_first unmatched documented life_changes
    ],
    "Configuration" => %i[
      credentials changed copied_from defined_endpoints defined_endpoints= .own_options .accept .show
    ],
    "Controls" => %i[.parameter .request_limits], "LifeCycleChange" => %i[.of .read], "Cost" => %i[.of],
    "Cost::Bill" => :all, "Cost::Line" => %i[name digits exponent], "Money" => %i[.meter .conditions .seconds],
    "Usage::Meters" => :all, "Price" => %i[conditions_in_words], "Pricing" => %i[pretty_print],
    "Endpoint" => %i[missing source title supply supply_option supplied_otherwise? setting region hosts request marks],
    "PricingCategory" => %i[.of],
    "Report" => %i[.of same_results?],
    "Registry" => %i[
      logger marshal_dump checkpoint restore refresh_for_miss stale? stored? contents cache configuration
    ],
    "Testing" => %i[.checkpoint .restore .known .answer .state_with],
    "Model" => %i[
      metadata_json fingerprint row_fingerprint price_list price_steps prices_for shown_price row_json record_with
      trait parameter_names efforts bound_list replacement_list life stated_status .reasoning_options_of _dump ._load
      encode_with
    ],
    "View" => %i[_dump ._load encode_with unmatched],
    "Value" => %i[.plain .select],
    "Value::ByContent" => %i[marshal_dump marshal_load]
  }

  name_of = ->(owner) { owner.name.delete_prefix(native.name).delete_prefix("::") }
  modules = lambda do |parent|
    own = parent.constants.map { |name| parent.const_get(name) }.grep(Module).select do |constant|
      constant.name.start_with?("#{parent.name}::")
    end
    [parent, *own.reject { |owner| internal[name_of.call(owner)] == :all }.flat_map(&modules)]
  end
  # Struct makes methods of its own for each of its classes.
  inherited = Struct.new(:any).singleton_methods(false)

  public_methods = lambda do |owner|
    of_class = owner.singleton_methods(false) - ((owner < Struct) ? inherited : [])
    owner.public_instance_methods(false) + of_class.map { |name| :".#{name}" }
  end

  environment = RBS::EnvironmentLoader.new.tap do |loader|
    %w[bigdecimal date pathname].each { |library| loader.add(library: library) }
    loader.add(path: Pathname(__dir__).join("../sig"))
  end
  signatures = RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(environment).resolve_type_names)

  # Methods of that module that sig/ knows, as `public_methods` names them; with `here` only those that it has itself.
  stated = lambda do |owner, here: false|
    type = RBS::TypeName.parse("::#{owner.name}")
    next [] unless signatures.env.module_name?(type)

    {"" => signatures.build_instance(type), "." => signatures.build_singleton(type)}.flat_map do |dot, definition|
      methods = definition.methods.select { |_, method| method.public? && (!here || method.defined_in == type) }
      methods.keys.map { |name| :"#{dot}#{name}" }
    end
  end

  modules.call(native).each do |owner|
    it "has every public method of #{owner.name}" do
      expect(public_methods.call(owner) - internal.fetch(name_of.call(owner), []) - stated.call(owner)).to eq([])
    end

    it "has no method that #{owner.name} lacks" do
      there = owner.public_instance_methods + owner.methods.map { |method| :".#{method}" } + [:initialize]
      expect(stated.call(owner, here: true) - there - %i[.new]).to eq([])
    end
  end

  it "has every public constant" do
    constants = modules.call(native).flat_map do |owner|
      owner.constants(false).reject { |constant| owner.const_get(constant).is_a?(Module) }.map do |constant|
        "::#{owner.name}::#{constant}"
      end
    end
    expect(constants - signatures.env.constant_decls.keys.map(&:to_s)).to eq([])
  end

  it "has every class and module" do
    expect(modules.call(native).map { |owner| "::#{owner.name}" } - signatures.env.class_decls.keys.map(&:to_s))
      .to eq([])
  end

  it "knows only modules that are there" do
    ours = signatures.env.class_decls.keys.map(&:to_s).grep(/\A::RubyLLM/)
    expect(ours.reject { |name| Object.const_defined?(name) }).to eq([])
  end

  it "is told of nothing private that is gone" do
    gone = internal.flat_map do |name, methods|
      owner = Object.const_get([native.name, *name].reject(&:empty?).join("::"))
      (methods == :all) ? [] : methods - public_methods.call(owner)
    end
    expect(gone).to eq([])
  end
end
