# frozen_string_literal: true

# Rails and what belongs to it, the newest. Needs Ruby 3.2.

eval_gemfile "schedulers.rb"

gem "activejob", "~> 8.1.0"
gem "activerecord", "~> 8.1.0"
gem "railties", "~> 8.1.0"
gem "sidekiq", "~> 8.0", require: false
