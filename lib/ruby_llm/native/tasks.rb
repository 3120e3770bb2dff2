# frozen_string_literal: true

# For a Rakefile: `require "ruby_llm/native/tasks"` defines the tasks in the folder `tasks`.
require "rake"
require "ruby_llm_native"

Dir[File.join(__dir__, "tasks/*.rake")].sort.each { |path| load path }
