# frozen_string_literal: true

require "ruby_llm/native/persistence"

module RubyLLM
  module Native
    # What the rake tasks do and print: for people, and for scripts by the exit code.
    #
    # All tables of models are meant, or the one of the class in the environment's MODEL.
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

      # Ask all providers. Some that fail are printed; when none could be had the process ends with 1.
      #
      # @return [void]
      # @raise [SystemExit]
      def sync
        models.each { |model| tell(model, model.sync!) }
      rescue RefreshError => error
        abort "#{error.report}\n\n#{error.message}"
      rescue OfflineError => error
        abort error.message
      end

      # @return [void]
      def status
        @out.puts "RubyLLM.models: #{Phrases.count(Native.registry.size, "model")} from #{Native.registry.source}"
        models.each { |model| describe(model) }
      end

      # Write what is known without a network. Does nothing twice.
      #
      # @return [void]
      # @raise [SystemExit] when nothing is known
      def seed
        abort "No models are known here without a network. Run llm_models:sync once." if Native.registry.empty?

        models.each { |model| tell(model, model.save_models(Native.registry)) }
      end

      private

      # Classes make themselves known when they are loaded, which in development nobody has done yet.
      def models
        return [@only.constantize] if @only

        ::Rails.application.eager_load! if Persistence.models.empty?
        names = Persistence.models
        names.empty? ? abort("No class of this app says acts_as_llm_model: bin/rails g ruby_llm_native:install") : names.map(&:constantize)
      end

      def tell(model, result)
        @out.puts model.name, "", result, ""
      end

      def describe(model)
        return @out.puts("", "#{model.name}: no table #{model.table_name} yet. Run bin/rails db:migrate") unless model.table_exists?

        rows = model.unscoped.group(:provider, :available).count
        synced = model.column_names.include?("last_synced_at") ? model.unscoped.group(:provider).maximum(:last_synced_at) : {}
        offered = rows.sum { |(_, available), number| available ? number : 0 }
        @out.puts "", "#{model.name}: #{Phrases.count(rows.values.sum, "row")}, #{offered} available"
        rows.keys.map(&:first).uniq.sort.each do |provider|
          @out.puts format("  %-14s %5d available %5d not  %s", provider, rows.fetch([provider, true], 0), rows.fetch([provider, false], 0),
            synced[provider] ? "synced #{ago(synced[provider])}" : "never synced").rstrip
        end
      end

      def ago(time)
        "#{time.utc.strftime("%F %T UTC")} (#{Phrases.duration(Time.now - time)} ago)"
      end
    end
  end
end
