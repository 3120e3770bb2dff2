# frozen_string_literal: true

require "json"
require "open3"
require "rbconfig"
require "tmpdir"
require_relative "spec_helper"

RSpec.describe "rake prices:compare" do
  root = File.expand_path("..", __dir__)

  documents = {
    "MODELS_DEV" => {
      openai: {models: {
        "gpt-x" => {name: "X", cost: {input: 2, output: 8}}, "gpt-y" => {name: "Y", cost: {input: 1, output: 4}},
        "gpt-z" => {name: "Z"}, "gpt-z-2026-01-02" => {name: "Z", cost: {input: 7, output: 9}}
      }}
    },
    "PRICE_FILE" => {
      metadata: {currency: "USD", unit: "1M tokens"},
      models: {
        "openai/gpt-x" => {input: 2.0, output: 8.0, batch_input: 1.0},
        "openai/gpt-y" => {input: 1.5, output: 4.0, batch_input: 0.75}
      }
    },
    "GENAI_PRICES" => [
      {id: "openai", name: "OpenAI", models: [
        {id: "gpt-y", name: "Y", match: {equals: "gpt-y"},
         prices: {input_mtok: 1, cache_read_mtok: 0.25, output_mtok: 5}}
      ]}
    ]
  }

  def compare(root, variables)
    Open3.capture2e(variables, RbConfig.ruby, "-S", "rake", "-s", "prices:compare", chdir: root)
  end

  it "shows what each document states, what is not as used, and whose prices are used" do
    Dir.mktmpdir do |folder|
      paths = documents.to_h { |name, document| [name, File.join(folder, name)] }
      paths.each { |name, path| File.write(path, JSON.generate(documents[name])) }
      models = "openai/gpt-x,openai/gpt-y,openai/gpt-z,openai/gpt-z-2026-01-02,openai/gpt-none"
      printed, status = compare(root, {"MODELS" => models, "AT" => "2026-11-01", **paths})

      expect([status.success?, printed]).to match([true, a_string_including(<<~MARKDOWN)])
        | model | models.dev | price file | genai-prices | used |
        | --- | --- | --- | --- | --- |
        | `openai/gpt-x` | 2 / 8 / ? | 2 / 8 / ? | – | models.dev; batch of price file |
        | `openai/gpt-y` | 1 / 4 / ? | **1.5** / 4 / ? | 1 / **5** / **0.25** | models.dev |
        | `openai/gpt-z` | 7 / 9 / ? (alias) | – | – | an equivalent id |
        | `openai/gpt-z-2026-01-02` | 7 / 9 / ? | – | – | models.dev |
        | `openai/gpt-none` | – | – | – | – |

        models.dev: 4 priced, 0 not as used
        price file: 2 priced, 1 not as used
        genai-prices: 1 priced, 1 not as used
      MARKDOWN
    end
  end

  it "says what is missing" do
    expect(compare(root, {"MODELS" => nil}).first).to include("MODELS must be provider/id,…")
    printed, status = compare(root, {"MODELS" => "openai/gpt-x"})
    expect(printed).to match(/Give a document: .*OPENROUTER.*MODELS_DEV, PRICE_FILE/)
    expect(status.success?).to be(false)
  end
end
