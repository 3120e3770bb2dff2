# frozen_string_literal: true

# What Rails apps run and schedule jobs with. Loaded only by the apps that the specs make.

group :schedulers do
  gem "good_job", "~> 4.0", require: false
  gem "sidekiq-cron", "~> 2.0", require: false
  gem "solid_queue", "~> 1.0", require: false
  gem "whenever", "~> 1.0", require: false
end
