# frozen_string_literal: true

require "rails/generators"
require "rails/generators/active_record"
require "ruby_llm_native"
require_relative "existing_table"
require_relative "marks"
require_relative "names"
require_relative "own_files"
require_relative "schedules"

module RubyLLM
  module Native
    module Generators
      # `bin/rails g ruby_llm_native:install [LLMModel]`: a table for the models, its class, the job that syncs it,
      # and when it runs.
      #
      # Run twice it changes nothing; what stands in the app already is left as it is. `bin/rails destroy` takes out
      # what it wrote and marked, except for files that were edited since.
      class InstallGenerator < ::Rails::Generators::Base
        include ::ActiveRecord::Generators::Migration
        include OwnFiles

        namespace "ruby_llm_native:install"
        source_root File.expand_path("templates", __dir__)
        desc "Keep the models of all LLM providers in a table, synced every six hours."

        ACTS_AS = "  acts_as_llm_model"
        ENABLE_CRON = "GoodJob runs cron jobs only where that is on. Unless it is, write into config/application.rb:\n\n" \
          "    config.good_job.enable_cron = true\n"
        private_constant :ACTS_AS, :ENABLE_CRON

        argument :name, type: :string, default: "LLMModel", banner: "[LLMModel]", desc: "The class of the models' table"
        class_option :schedule, type: :string, enum: Schedules::NAMES, desc: "What runs the job. By default what is in the bundle"
        class_option :sidekiq, type: :boolean, default: false, desc: "A plain Sidekiq job in place of an Active Job"
        class_option :parent, type: :string, desc: "The parent class of the tables' classes. By default ApplicationRecord"
        class_option :database, type: :string, aliases: %i[--db], desc: "The database of the tables. By default the primary one"
        class_option :primary_key_type, type: :string, desc: "As uuid. By default what config.generators says"
        class_option :primary_key_default, type: :string, desc: "SQL that makes a key, as \"uuidv7()\""

        # Rails would connect to a database that does not exist only when the class is used.
        def check_database
          return if behavior == :revoke || options[:database].nil? || databases.include?(options[:database])

          raise Thor::Error, "--database must be one of config/database.yml for #{::Rails.env} " \
            "(#{databases.join(", ")}), got #{options[:database]}"
        end

        def write_migration
          return %w[create upgrade].each { |type| migration(type)&.then { |path| revoke_file(path) } } if behavior == :revoke

          type = upgrade? ? "upgrade" : "create"
          set_migration_assigns!(File.join(db_migrate_path, "#{migration_name(type)}.rb"))
          path = File.join(db_migrate_path, "%migration_number%_#{migration_name(type)}.rb")
          create_migration(path, Marks.sign(render("#{type}_migration.rb.tt")), skip: true)
        end

        def write_models
          own_file "abstract_record.rb.tt", "app/models/#{abstract_class.underscore}.rb", shared: true if abstract_class
          own_line names.model, /^\s*acts_as_llm_model\b/, ACTS_AS, else_from: "model.rb.tt"
          own_file "registry.rb.tt", "app/models/#{names.file(names.registry)}.rb"
        end

        def write_job
          own_file options[:sidekiq] ? "sidekiq_job.rb.tt" : "job.rb.tt", "app/jobs/#{names.file(names.job)}.rb"
        end

        def write_initializer
          own_file "initializer.rb.tt", initializer
        end

        # In an app whose tests have fixtures, where Rails would look for another class.
        def write_fixtures
          path = "test/fixtures/#{names.fixtures}.yml"
          return revoke_file(path) if behavior == :revoke
          return if names.derived? || !File.directory?(absolute("test/fixtures"))

          own_file "fixtures.yml.tt", path
          return if read(path).to_s.include?("model_class")

          say_status :exist, "#{path} must name its class. Add to it:\n\n_fixture:\n  model_class: #{names.model}\n", :yellow
        end

        def write_schedule
          Schedules.of((behavior == :invoke) ? [schedule] : Schedules::NAMES, names, call: enqueue).each { |scheduler| own_entry(scheduler) }
          return if behavior == :revoke

          case schedule
          when "none" then say_status :schedule, "none: run #{names.job}.#{enqueue} from what you have, or choose one by --schedule", :yellow
          when "good_job" then say_status :schedule, ENABLE_CRON, :yellow
          end
        end

        def show_what_comes_next
          return unless behavior == :invoke

          say "\n  bin/rails db:migrate\n  bin/rails llm_models:sync\n\nKeys and all other settings are in #{initializer}."
        end

        private

        def names
          @names ||= Names.new(name, pluralize: ::ActiveRecord::Base.pluralize_table_names)
        rescue ArgumentError => error
          raise Thor::Error, error.message
        end

        def databases
          ::ActiveRecord::Base.configurations.configs_for(env_name: ::Rails.env).map(&:name)
        end

        def initializer
          names.nested? ? "config/initializers/ruby_llm_native_#{names.table}.rb" : "config/initializers/ruby_llm_native.rb"
        end

        def schedule
          @schedule ||= options[:schedule] || Schedules.detect(destination_root, names) { |gem| bundled?(gem) }
        end

        # Bundler lets only what is in the bundle be seen.
        def bundled?(gem)
          Gem.loaded_specs.key?(gem)
        end

        # What a job class calls must also be loaded.
        def used?(library)
          Object.const_defined?(library)
        end

        # GoodJob 4.23 counts jobs by labels and is to forget the older keys.
        def good_job_limit
          by_label = ::GoodJob::ActiveJobExtensions::Concurrency::ClassMethods
          labels = by_label.method_defined?(:good_job_concurrency_rule) &&
            by_label.instance_method(:good_job_concurrency_rule).parameters.include?([:key, :apply_label])
          return "good_job_concurrency_rule label: \"#{names.task}\", apply_label: true, total_limit: 1" if labels

          "good_job_control_concurrency_with key: \"#{names.task}\", total_limit: 1"
        end

        def enqueue
          options[:sidekiq] ? "perform_async" : "perform_later"
        end

        def parent_class
          options[:parent] || abstract_class || "ApplicationRecord"
        end

        def abstract_class
          "#{options[:database].camelize}Record" if options[:database] && !options[:parent]
        end

        # Rails would leave out the module's name.
        #
        # @return [String, nil] the line that names the table, where Rails' convention does not
        def table_name_line(table)
          "  self.table_name = #{ExistingTable.full_name(table).inspect}\n" if names.nested?
        end

        def migration_version
          "[#{::ActiveRecord::Migration.current_version}]"
        end

        def primary_key
          type = options[:primary_key_type] || ::Rails::Generators.options.dig(:active_record, :primary_key_type)
          default = options[:primary_key_default]
          type ||= "uuid" if default # only with a type Rails takes a default
          "#{", id: :#{type}" if type}#{", default: -> { #{default.inspect} }" if default}"
        end

        def migration_name(type)
          (type == "upgrade") ? "add_ruby_llm_native_to_#{names.table}" : "create_#{names.table}"
        end

        # A table that the app has made itself gets what it lacks.
        def upgrade?
          return @upgrade unless @upgrade.nil?

          ours = migration("create")&.then { |path| File.read(path).include?(names.registry_table) }
          @upgrade = !ours && !!(migration("upgrade") || migration("create") || existing_table.there?)
        end

        def migration(type)
          self.class.migration_exists?(File.expand_path(db_migrate_path, destination_root), migration_name(type))
        end

        def existing_table
          @existing_table ||= ExistingTable.new(names.table, database: options[:database])
        end

        # @return [Array<String>] settings that are a provider's only secret
        def keys
          SOURCES.filter_map do |source|
            required = source[:settings].select { |setting| setting[:required] }.map { |setting| setting[:name].to_s }
            required.first if source[:askable] && required == ["#{source[:slug]}_api_key"]
          end
        end
      end
    end
  end
end
