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
    # What `bin/rails g` runs.
    module Generators
      # `bin/rails g ruby_llm_native:install [LLMModel]` writes a table for the models, its class, a job that syncs it,
      # and a schedule for the job.
      #
      # Running it again changes nothing, and nothing of the app's is overwritten. `bin/rails destroy` removes what it
      # wrote and marked, except files that were edited since.
      #
      # @api private
      class InstallGenerator < ::Rails::Generators::Base
        include ::ActiveRecord::Generators::Migration
        include OwnFiles

        namespace "ruby_llm_native:install"
        source_root File.expand_path("templates", __dir__)
        desc "Keep the models of all LLM providers in a table, synced every six hours"

        ACTS_AS = "  acts_as_llm_model"
        ENABLE_CRON = "GoodJob runs cron jobs only where that is enabled. " \
          "To enable it, add to config/application.rb:\n\n    config.good_job.enable_cron = true\n"
        private_constant :ACTS_AS, :ENABLE_CRON

        argument :name, type: :string, default: "LLMModel", banner: "[LLMModel]", desc: "The class of the models' table"
        class_option :schedule, type: :string, enum: Schedules::NAMES,
          desc: "What runs the job. Default: what the bundle has"
        class_option :sidekiq, type: :boolean, default: false, desc: "A plain Sidekiq job instead of an Active Job"
        class_option :parent, type: :string, desc: "The parent class of the tables' classes. Default: ApplicationRecord"
        class_option :database, type: :string, aliases: %i[--db],
          desc: "The database of the tables. Default: the primary one"
        class_option :primary_key_type, type: :string, desc: "For example uuid. Default: as in config.generators"
        class_option :primary_key_default, type: :string, desc: "SQL that generates a key, for example \"uuidv7()\""

        # Rails itself would notice a missing database only when the class is used.
        def check_database
          return if behavior == :revoke || options[:database].nil? || databases.include?(options[:database])

          raise Thor::Error, "--database must be one of config/database.yml for #{::Rails.env} " \
            "(#{databases.join(", ")}), got #{options[:database]}"
        end

        def write_migration
          if behavior == :revoke
            return %w[create upgrade].each { |type| migration(type)&.then { |path| revoke_file(path) } }
          end

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

        # Only in an app with fixtures, where Rails would derive the name of another class.
        def write_fixtures
          path = "test/fixtures/#{names.fixtures}.yml"
          return revoke_file(path) if behavior == :revoke
          return if names.derived? || !File.directory?(absolute("test/fixtures"))

          own_file "fixtures.yml.tt", path
          return if read(path).to_s.include?("model_class")

          text = "#{path} must name its class. Add to it:\n\n_fixture:\n  model_class: #{names.model}\n"
          say_status :exist, text, :yellow
        end

        def write_schedule
          chosen = (behavior == :invoke) ? [schedule] : Schedules::NAMES
          Schedules.of(chosen, names, call: enqueue).each { |scheduler| own_entry(scheduler) }
          return if behavior == :revoke

          case schedule
          when "none"
            text = "none: run #{names.job}.#{enqueue} from your own scheduler, or choose one with --schedule"
            say_status :schedule, text, :yellow
          when "good_job" then say_status :schedule, ENABLE_CRON, :yellow
          end
        end

        def show_what_comes_next
          return unless behavior == :invoke

          say "\n  bin/rails db:migrate\n  bin/rails llm_models:sync\n\n" \
            "Keys and all other settings are in #{initializer}."
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
          suffix = "_#{names.table}" if names.nested?
          "config/initializers/ruby_llm_native#{suffix}.rb"
        end

        def schedule
          @schedule ||= options[:schedule] || Schedules.detect(destination_root, names) { |gem| bundled?(gem) }
        end

        # Bundler hides gems that are not in the bundle.
        def bundled?(gem)
          Gem.loaded_specs.key?(gem)
        end

        # The library must also be loaded, since the job's class calls it.
        def used?(library)
          Object.const_defined?(library)
        end

        # GoodJob 4.23 counts jobs by label and deprecates keys.
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
          type ||= "uuid" if default # Rails accepts a default only with a type
          "#{", id: :#{type}" if type}#{", default: -> { #{default.inspect} }" if default}"
        end

        def migration_name(type)
          (type == "upgrade") ? "add_ruby_llm_native_to_#{names.table}" : "create_#{names.table}"
        end

        # A table that the app has made itself gets the columns it lacks.
        def upgrade?
          return @upgrade unless @upgrade.nil?

          ours = migration("create")&.then { |path| File.read(path).include?(names.registry_table) }
          @upgrade = !ours && !!(migration("upgrade") || migration("create") || existing_table.exists?)
        end

        def migration(type)
          self.class.migration_exists?(File.expand_path(db_migrate_path, destination_root), migration_name(type))
        end

        def existing_table
          @existing_table ||= ExistingTable.new(names.table, database: options[:database])
        end

        # @return [Hash{String => String}] settings that are the only secret of their provider => its variable
        def keys
          SOURCES.filter_map { |source|
            required = source[:settings].select { |setting| setting[:required] }.map { |setting| setting[:name].to_s }
            next unless source[:askable] && required == ["#{source[:slug]}_api_key"]

            [required.first, variable(source[:slug], required.first.upcase)]
          }.to_h
        end

        # @param usual [String] which counts unless the provider names only others
        def variable(provider, usual)
          named = KnownEndpoints.find(provider).key_variables
          (named.empty? || named.include?(usual)) ? usual : named.first
        end
      end
    end
  end
end
