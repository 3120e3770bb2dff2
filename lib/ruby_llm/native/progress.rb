# frozen_string_literal: true

require_relative "value"

module RubyLLM
  module Native
    # What a block given to `refresh!` receives when a source has ended: what the source did, not what the merge made
    # of it.
    #
    # `source` is a Symbol, `status` one of {Outcome#status} except :skipped, `rows` the number of models read, `bytes`
    # as received over the network, `duration` in seconds, `error` the reason of a failure.
    #
    # @example
    #   RubyLLM.models.refresh! { |progress| puts "#{progress.source}: #{progress.status}" }
    Progress = Struct.new(:source, :status, :rows, :bytes, :duration, :error, keyword_init: true) do
      include Value::ToJson
    end
  end
end
