# frozen_string_literal: true

module RubyLLM
  module Native
    module Persistence
      # Whether a model may be offered, by its standing in the registry and by which endpoints answered.
      #
      # @api private
      class Availability
        # @param report [Report, nil] of the preceding refresh; nil when there was none
        def initialize(report = nil)
          @report = report
          @configured = Preferences.of(RubyLLM.config).configured.to_h { |provider| [provider, true] }
          @statuses = report.group_by(&:provider).to_h { |name, outcomes| [name.to_s, sum(outcomes)] } if report
        end

        # @param provider [String]
        # @return [Boolean] whether any of its endpoints is
        def configured?(provider)
          @configured.key?(provider)
        end

        # @param provider [String]
        # @return [Boolean] whether it should have answered and did not, so that its rows stay as they are
        def silent?(provider)
          case status(provider)
          when :failed then true
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
          return true if status(provider) == :skipped || silent?(provider)
          return status(provider) != :refreshed if model.nil?

          model.standing == :catalogued && !configured?(provider)
        end

        # @return [Symbol, nil] nil: there was no refresh
        def status(provider)
          @statuses&.fetch(provider, :skipped)
        end

        # A provider answers when one of its endpoints does: the registry keeps the part of one that does not. Only when
        # all that are configured answer is a list of theirs the provider's, which can tell that a model is gone.
        #
        # @param outcomes [Array<Outcome>] of the provider's endpoints
        # @return [Symbol] :refreshed, :unchanged, :failed or :skipped
        def sum(outcomes)
          configured = outcomes.reject(&:lacking)
          return :skipped if configured.none?(&:asked?)
          return :failed if configured.none?(&:answered?)

          all = configured.all?(&:answered?) && configured.any? { |outcome| outcome.status == :refreshed }
          all ? :refreshed : :unchanged
        end
      end
      private_constant :Availability
    end
  end
end
