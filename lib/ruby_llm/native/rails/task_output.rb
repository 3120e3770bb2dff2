# frozen_string_literal: true

require "ruby_llm/native/persistence"
require_relative "model_classes"

module RubyLLM
  module Native
    # What the rake tasks do and print: for people, and for scripts by the exit code.
    #
    # All tables of models are meant, or the one of the class in the environment's MODEL. An error is one sentence on
    # stderr and the exit code 1.
    #
    # @example
    #   TaskOutput.new(out: $stdout, only: "AI::LLMModel").sync
    class TaskOutput
      # @param out [IO]
      # @param only [String, nil] a class
      def initialize(out: $stdout, only: ENV.fetch("MODEL", nil))
        @out = out
        @only = only
      end

      # Ask all providers. Some that fail are printed; when none could be had, or a table cannot be written, the
      # process ends with 1.
      #
      # @return [void]
      # @raise [SystemExit]
      def sync
        each_table { |model| print_result(model, model.sync!) }
      end

      # Where the models are and how old.
      #
      # @return [void]
      # @raise [SystemExit] when the database cannot be asked
      def status
        @out.puts "RubyLLM.models: #{Phrases.count(Native.registry.size, "model")} from #{Native.registry.source}"
        each_model { |model| describe(model) }
      end

      # Write what is known without a network. Does nothing twice.
      #
      # @return [void]
      # @raise [SystemExit] when nothing is known
      def seed
        abort "No models are known here without a network. Run llm_models:sync once." if Native.registry.empty?

        each_table { |model| print_result(model, model.save_models(Native.registry)) }
      end

      # Once, after the app's own job has been replaced: sync, and leave the table as a new one would be.
      #
      # @return [void]
      # @raise [SystemExit] as {#sync}
      def adopt
        each_table do |model|
          adoption = Persistence::Adoption.new(model)
          adoption.rewrite
          print_result(model, model.sync!)
          withdrawn = adoption.withdraw
          @out.puts "No longer available, since their providers have no credentials here: #{Phrases.count(withdrawn.values.sum, "row")}",
            *withdrawn.map { |provider, number| format("  %-14s %5d", provider, number) }
        end
      end

      private

      # What stops one table does not stop the others.
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
          raise Error, "no table #{model.table_name} yet. Run bin/rails db:migrate" unless model.table_exists?

          yield(model)
          @out.puts "The registry could not be stored, other processes do not have it: the log says why" unless stored?
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
        classes.failures.each { |path, error| warn "Not loaded: #{path}: #{first_line(error)} (#{error.class})" }
        names.empty? ? abort("No class of this app says acts_as_llm_model: bin/rails g ruby_llm_native:install") : names.map(&:constantize)
      end

      def only
        found = @only.safe_constantize
        found.respond_to?(:sync!) ? found : abort("MODEL=#{@only} must name a class that says acts_as_llm_model")
      end

      def print_result(model, result)
        @out.puts model.name, "", result, ""
      end

      def describe(model)
        return @out.puts("", "#{model.name}: no table #{model.table_name} yet. Run bin/rails db:migrate") unless model.table_exists?

        columns = model.llm_columns.in(model)
        provider, available, last_synced_at = columns.values_at("provider", "available", "last_synced_at")
        rows = model.unscoped.group(provider, available).count
        synced = last_synced_at ? model.unscoped.group(provider).maximum(last_synced_at) : {}
        offered = rows.sum { |(_, offered), number| offered ? number : 0 }
        @out.puts "", "#{model.name}: #{Phrases.count(rows.values.sum, "row")}, #{offered} available"
        rows.keys.map(&:first).uniq.sort.each do |name|
          @out.puts format("  %-14s %5d available %5d not  %s", name, rows.fetch([name, true], 0), rows.fetch([name, false], 0),
            synced[name] ? "synced #{ago(synced[name])}" : "never synced")
        end
      end

      def ago(time)
        "#{time.utc.strftime("%F %T UTC")} (#{Phrases.duration(Time.now - time)} ago)"
      end
    end
  end
end
