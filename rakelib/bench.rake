# frozen_string_literal: true

namespace :bench do
  desc "Measure a refresh of nine sources against a server on the loopback"
  task refresh: :compile do
    ruby "-Ilib", "bench/refresh.rb"
  end
end
