# frozen_string_literal: true

require "ruby_llm/native/persistence"
require_relative "model_classes"

module RubyLLM
  module Native
    # What the rake tasks do and print, for people; the exit code tells scripts.
    #
    # A task handles all tables of models, or only that of the class in the environment variable MODEL. An error prints
    # one sentence on stderr and exits with 1.
    #
    # @example
    #   TaskRunner.new(out: $stdout, only: "AI::LLMModel").sync
    #
    # @api private
    class TaskRunner
      # @param out [IO]
      # @param only [String, nil] the name of a class
      def initialize(out: $stdout, only: ENV.fetch("MODEL", nil))
        @out = out
        @only = only
      end

      # Ask all providers. Prints the ones that failed; exits with 1 when all failed or a table cannot be written.
      #
      # @return [void]
      # @raise [SystemExit]
      def sync
        each_table { |model| print_result(model, model.sync!) }
      end

      # Print which models there are, and how old they are.
      #
      # @return [void]
      # @raise [SystemExit] when the database cannot be queried
      def status
        @out.puts "RubyLLM.models: #{Phrases.count(Native.registry.size, "model")} from #{Native.registry.source}"
        each_model { |model| describe(model) }
      end

      # Write what is known without a network. Running it again changes nothing.
      #
      # @return [void]
      # @raise [SystemExit] when nothing is known
      def seed
        abort "No models are known without a network. Run llm_models:sync once" if Native.registry.empty?

        each_table { |model| print_result(model, model.save_models(Native.registry)) }
      end

      # Run once, after replacing the app's own job: sync, and leave the table as a new one would be.
      #
      # @return [void]
      # @raise [SystemExit] like {#sync}
      def adopt
        each_table do |model|
          adoption = Persistence::Adoption.new(model)
          adoption.rewrite
          print_result(model, model.sync!)
          withdrawn = adoption.withdraw
          rows = Phrases.count(withdrawn.values.sum, "row")
          @out.puts "No longer available, because their providers have no credentials here: #{rows}"
          withdrawn.each { |provider, number| @out.puts format("  %-14s %5d", provider, number) }
        end
      end

      private

      # An error in one table does not stop the others.
      def each_model
        failed = models.reject do |model|
          yield(model)
          true
        rescue RefreshError => error
          complain "#{error.report}\n\n#{error.message}"
        rescue Error => error
          complain "#{model.name}: #{error.message}"
        rescue ::ActiveRecord::NoDatabaseError => error
          complain "#{model.name}: #{first_line(error).chomp(".")}. Run bin/rails db:prepare"
        rescue ::ActiveRecord::ActiveRecordError => error
          complain "#{model.name}: the database cannot be used: #{first_line(error)} (#{error.class})"
        end
        exit(1) if failed.any?
      end

      def each_table
        each_model do |model|
          raise Error, "table #{model.table_name} does not exist. Run bin/rails db:migrate" unless model.table_exists?

          yield(model)
          next if stored?

          @out.puts "The registry could not be stored, so other processes do not have it. The log says why"
        end
      end

      def stored?
        RubyLLM.config.catalog_store.nil? || Native.registry.stored?
      end

      # @return [false]
      def complain(text)
        warn text
        false
      end

      def first_line(error)
        error.message.lines.first.to_s.strip
      end

      def models
        return [only] if @only

        classes = ModelClasses.new
        names = classes.names
        classes.failures.each { |path, error| warn "#{path} was not loaded: #{first_line(error)} (#{error.class})" }
        abort("No class calls acts_as_llm_model. Run bin/rails g ruby_llm_native:install") if names.empty?

        names.map(&:constantize)
      end

      def only
        found = @only.safe_constantize
        found.respond_to?(:sync!) ? found : abort("MODEL=#{@only} must name a class that calls acts_as_llm_model")
      end

      def print_result(model, result)
        @out.puts model.name, "", result, ""
      end

      def describe(model)
        unless model.table_exists?
          return @out.puts("", "#{model.name}: table #{model.table_name} does not exist. Run bin/rails db:migrate")
        end

        columns = model.llm_columns.in(model)
        provider, available, last_synced_at = columns.values_at("provider", "available", "last_synced_at")
        rows = model.unscoped.group(provider, available).count
        synced = last_synced_at ? model.unscoped.group(provider).maximum(last_synced_at) : {}
        offered = rows.sum { |(_, offered), number| offered ? number : 0 }
        @out.puts "", "#{model.name}: #{Phrases.count(rows.values.sum, "row")}, #{offered} available"
        rows.keys.map(&:first).uniq.sort.each do |name|
          numbers = [true, false].map { |available| rows.fetch([name, available], 0) }
          freshness = synced[name] ? "synced #{ago(synced[name])}" : "never synced"
          @out.puts format("  %-14s %5d available %5d not  %s", name, *numbers, freshness)
        end
      end

      def ago(time)
        "#{time.utc.strftime("%F %T UTC")} (#{Phrases.duration(Time.now - time)} ago)"
      end
    end
  end
end
