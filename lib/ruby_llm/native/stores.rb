# frozen_string_literal: true

module RubyLLM
  module Native
    # Where a registry is kept between processes. A store is any object with these four methods:
    #
    # - `read` returns the bytes that were last written, or nil
    # - `write(bytes, stamp)` stores them atomically, and returns the stamp under which they are stored, or nil for the
    #   given one
    # - `stamp` returns the stamp of what is stored, cheaply, or nil. If it begins with the time in ISO 8601, `source`
    #   can say how old the registry is
    # - `description` names the store for people
    #
    # Optional are `read_catalog` (returns only the first block of the bytes, which is all that a process needs until it
    # refreshes), `touch(stamp)` (all sources were asked and nothing changed) and `check_on_lookup?` (false: not checked
    # during lookups; the app then calls `RubyLLM.models.catch_up` when it is safe). The bytes have one
    # {FORMAT_VERSION}: store those of different versions separately.
    #
    # An error that a store raises is logged, and the registry stays in memory.
    module Stores
      autoload :ActiveRecord, "#{__dir__}/stores/active_record"
    end
  end
end

require_relative "stores/file"
