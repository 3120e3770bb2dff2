# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Whether a model may be offered, from its standing in the registry and from who has answered.
      class Availability
        # @param report [Report, nil] of the refresh before, nil when there was none
        def initialize(report = nil)
          @report = report
          @configured = Preferences.of(RubyLLM.config).configured.to_h { |provider| [provider, true] }
          @statuses = report.each.to_h { |outcome| [outcome.source.to_s, outcome.status] } if report
        end

        # @param provider [String]
        # @return [Boolean] whether it is ours to call: all settings that it cannot do without are there
        def configured?(provider)
          @configured.key?(provider)
        end

        # @param provider [String]
        # @return [Boolean] whether it could have answered and did not: then its rows stay as they are
        def silent?(provider)
          case status(provider)
          when :failed, :empty then true
          when :skipped then configured?(provider)
          else false
          end
        end

        # @param model [Model, nil] nil when nobody states it any more
        # @param provider [String]
        # @param was [Boolean, nil, :new] what its row says; :new when there is none
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

        # What is in the table stays where nobody has said anything new: its provider was not asked or did not answer;
        # or nobody states the model, which only a fresh listing of its provider can mean to say; or it is only
        # catalogued, of a provider that is not ours to call.
        def kept?(model, provider)
          return true if status(provider) == :skipped || silent?(provider)
          return status(provider) != :refreshed if model.nil?

          model.standing == :catalogued && !configured?(provider)
        end

        def status(provider)
          @statuses && @statuses[provider]
        end
      end
    end
  end
end
