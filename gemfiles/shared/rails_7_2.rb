# frozen_string_literal: true

# Rails and what belongs to it, the newest that run on Ruby 3.1.

eval_gemfile "schedulers.rb"

gem "activejob", "~> 7.2.0"
gem "activerecord", "~> 7.2.0"
gem "railties", "~> 7.2.0"
gem "sidekiq", "~> 7.3", require: false

gem "connection_pool", "< 3"
gem "json", "< 3" # multi_json, which googleauth loads, calls it as version 2 on Ruby 3.1
gem "minitest", "< 6"
