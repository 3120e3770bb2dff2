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

      # Ask all endpoints, or only some. Prints what each did; exits with 1 when all providers failed, a table cannot be
      # written, a name is unknown, or none of those named could be asked.
      #
      # @param names [Array<String>] of endpoints or providers; none: all
      # @return [void]
      # @raise [SystemExit]
      def sync(*names)
        only = selected(names)
        each_table do |model|
          result = model.sync!(only: only)
          raise Error, result.report.summary if only && result.report&.nobody_asked?

          print_result(model, result)
        end
      end

      # Print who lists which models, which are stored, and how old they are.
      #
      # @return [void]
      # @raise [SystemExit] when the database cannot be queried
      def status
        @out.puts "RubyLLM.models: #{Phrases.count(Native.registry.size, "model")} from #{Native.registry.source}"
        describe_endpoints
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

      # @return [Array<String>, nil]
      def selected(names)
        names = names.reject(&:empty?)
        Selection.of(RubyLLM.config).names(names) if names.any?
      rescue ArgumentError => error
        abort error.message
      end

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

      # Those that are configured, and those whose models the registry still has.
      def describe_endpoints
        listed = Native.registry.flat_map(&:endpoints).tally
        configured = Endpoints.configured(RubyLLM.config)
        names = (configured.keys | listed.keys).sort
        width = width_of(names)
        names.each do |name|
          does = configured.key?(name) ? last_status(name) : "not configured"
          @out.puts format("  %-*s %5d listed     %s", width, name, listed.fetch(name, 0), does)
        end
      end

      def last_status(name)
        outcome = Native.registry.last_refresh[name]
        return "not asked by the last refresh" unless outcome&.asked?

        [outcome.status, *(outcome.note unless outcome.note.empty?)].join(": ")
      end

      def width_of(names)
        [14, *names.map(&:length)].max
      end

      def describe(model)
        unless model.table_exists?
          return @out.puts("", "#{model.name}: table #{model.table_name} does not exist. Run bin/rails db:migrate")
        end

        columns = model.llm_columns.in(model)
        provider, available, last_synced_at = columns.values_at("provider", "available", "last_synced_at")
        rows = model.unscoped.group(provider, available).count
        written = last_synced_at ? model.unscoped.group(provider).maximum(last_synced_at) : {}
        offered = rows.sum { |(_, offered), number| offered ? number : 0 }
        @out.puts "", "#{model.name}: #{Phrases.count(rows.values.sum, "row")}, #{offered} available"
        names = rows.keys.map(&:first).uniq.sort
        width = width_of(names)
        names.each do |name|
          numbers = [true, false].map { |available| rows.fetch([name, available], 0) }
          freshness = written[name] ? "last written #{ago(written[name])}" : "never written"
          @out.puts format("  %-*s %5d available %5d not  %s", width, name, *numbers, freshness)
        end
      end

      def ago(time)
        "#{time.utc.strftime("%F %T UTC")} (#{Phrases.duration(Time.now - time)} ago)"
      end
    end
  end
end
