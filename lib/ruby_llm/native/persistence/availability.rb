# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Whether a model may be offered, by its standing in the registry and by which sources answered.
      #
      # @api private
      class Availability
        # @param report [Report, nil] of the preceding refresh; nil when there was none
        def initialize(report = nil)
          @report = report
          @configured = Preferences.of(RubyLLM.config).configured.to_h { |provider| [provider, true] }
          outcomes = report.to_a.group_by { |outcome| outcome.provider.to_s }
          @statuses = outcomes.transform_values { |all| worst(all) }
          @answered = outcomes.select { |_, all| all.size > 1 }
            .transform_values { |all| all.select(&:answered?).map(&:source) }
        end

        # @param provider [String]
        # @return [Boolean] whether all its required settings are configured
        def configured?(provider)
          @configured.key?(provider)
        end

        # @param model [Model]
        # @return [Boolean] whether nobody answered who could know better, so that its row stays as it is: its provider
        #   did not, or of several endpoints none of those that list it
        def silent_about?(model)
          silent?(model.provider) && !heard_of?(model)
        end

        # @param provider [String]
        # @return [Boolean] whether one of its endpoints should have answered and did not
        def silent?(provider)
          case status(provider)
          when :failed, :empty then true
          when :skipped then configured?(provider)
          else false
          end
        end

        # @param model [Model, nil] nil when no source states it any longer
        # @param provider [String]
        # @param was [Boolean, nil, :new] what the row says; :new when there is no row
        # @return [Boolean, nil]
        def of(model, provider, was)
          return was if was != :new && kept?(model, provider)
          return false if model.nil?

          case model.standing
          when :listed then status(provider) != :skipped || configured?(provider)
          when :unlisted then false
          else configured?(provider) && model.status != :retired
          end
        end

        private

        # The row stays as it is when there is nothing new to go by: the provider was not asked or did not answer; no
        # source states the model, which counts only after a fresh listing of its provider; or the model is only
        # documented and its provider is not configured.
        def kept?(model, provider)
          return false if model && heard_of?(model)
          return true if status(provider) == :skipped || silent?(provider)
          return status(provider) != :refreshed if model.nil?

          model.standing == :catalogued && !configured?(provider)
        end

        # Whether one of several endpoints has just listed it.
        def heard_of?(model)
          answered = @answered[model.provider]
          !answered.nil? && model.standing == :listed && (model.endpoints & answered).any?
        end

        # Of several endpoints the one that tells least decides. One that is not configured has no say.
        def worst(outcomes)
          outcomes = outcomes.reject { |outcome| outcome.lacking } if outcomes.any? { |outcome| outcome.lacking.nil? }
          %i[failed empty skipped refreshed unchanged].find { |status| outcomes.any? { |each| each.status == status } }
        end

        def status(provider)
          @statuses[provider]
        end
      end
      private_constant :Availability
    end
  end
end
