# frozen_string_literal: true

namespace :bench do
  desc "Measure a refresh of nine sources against a server on the loopback"
  task refresh: :compile do
    ruby "-Ilib", "bench/refresh.rb"
  end

  desc "Measure opening, finding and memory beside the ruby_llm gem, at 2,000, 20,000 and 200,000 models"
  task catalog: :compile do
    ruby "bench/catalog.rb"
  end

  desc "Measure saving 2,000 models into a table, beside ruby_llm 2.0 (bench/Gemfile)"
  task sync: :compile do
    ruby "-Ilib", "bench/sync.rb"
  end

  desc "Measure saving 2,000 models into ruby_llm's own table, with this gem beside it and without (bench/Gemfile)"
  task beside: :compile do
    ruby "-Ilib", "bench/beside.rb"
  end
end
