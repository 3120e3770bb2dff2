# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Whether a model may be offered, from its standing in the registry and from who has answered.
      class Availability
        # @param report [Report, nil] of the refresh before, nil when there was none
        def initialize(report = nil)
          @report = report
          @configured = Hash.new { |known, provider| known[provider] = settings?(provider) }
          @silent = Hash.new { |known, provider| known[provider] = no_answer?(provider) }
        end

        # @return [Boolean] whether the provider could have answered and did not: then its rows stay as they are
        def silent?(provider)
          @silent[provider.to_s]
        end

        # @return [Boolean] whether the provider has listed in full what it serves: what nobody states any more is then gone
        def answered?(provider)
          %i[refreshed unchanged].include?(@report && @report[provider.to_s]&.status)
        end

        # @param model [Model]
        # @param row [Hash, nil] the model's row, which keeps its availability where nothing is known
        def of(model, row)
          case model.standing
          when :listed then true
          when :unlisted then false
          else catalogued(model, row)
          end
        end

        private

        def catalogued(model, row)
          return false if model.status.to_s == "retired"

          @configured[model.provider.to_s] || (row ? row["available"] : false)
        end

        # A provider without its settings is no less known than before: its models are merely not ours to call.
        def no_answer?(provider)
          case @report && @report[provider.to_sym]&.status
          when :failed, :empty then true
          when :skipped then @configured[provider]
          else false
          end
        end

        def settings?(provider)
          source = SOURCES.find { |known| known[:slug].to_s == provider }
          !source.nil? && source[:settings].all? { |setting| !setting[:required] || RubyLLM.config.public_send(setting[:name]) }
        end
      end
    end
  end
end
