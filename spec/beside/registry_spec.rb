# frozen_string_literal: true

require_relative "beside_helper"
require_relative "shared_examples/registry"

RSpec.describe "RubyLLM.models #{Beside.flavour}" do
  it_behaves_like "a registry of models"
end
