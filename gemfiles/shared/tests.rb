# frozen_string_literal: true

# What every Gemfile here takes in: the gem itself and what its specs need, whatever the versions of Rails and ruby_llm.

gemspec path: "../.."

gem "rake", "~> 13.0"
gem "rake-compiler", "~> 1.2"
gem "rspec", "~> 3.13"

gem "async", "~> 2.0"
gem "aws-sigv4", "~> 1.8"
gem "googleauth", "~> 1.8"
gem "mysql2", "~> 0.5"
gem "pg", "~> 1.5"
gem "puma", "~> 6.0"
gem "rack", "~> 3.0"
gem "rbs", "~> 3.10" # the last that runs on Ruby 3.1
gem "sqlite3", "~> 2.0"
gem "trilogy", "~> 2.9"
gem "vcr", "~> 6.0"
gem "webmock", "~> 3.19"
