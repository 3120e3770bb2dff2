# frozen_string_literal: true

require "securerandom"
require "time"
require_relative "../contention"
require_relative "../persistence/key"

module RubyLLM
  module Native
    module Stores
      # A row of a table of the application's: one registry for all its processes, on whatever machines they run, and the lease by which one of
      # them at a time refreshes it.
      #
      # The class is looked up by its name when it is needed, so that this can be made before the application is loaded, and survives its
      # reloading. The catalog and the sheets are two columns: a process that only reads never loads the sheets. A row holds one
      # {FORMAT_VERSION}; while a deployment replaces an old version of this gem, each version keeps its own.
      #
      # All times are of the application's clock, in UTC, never of the database's: machines whose clocks differ by more than a few seconds
      # may take a lease that is still held, or wait too long for one.
      #
      # @example
      #   RubyLLM.config.catalog_store = RubyLLM::Native::Stores::ActiveRecord.new("LLMRegistry")
      class ActiveRecord
        # What to do where the table is missing.
        ADVICE = "run `bin/rails generate ruby_llm_native:install` and `bin/rails db:migrate`"
        private_constant :ADVICE

        # Held by a thread (a fiber, to be exact) while it works under a lease.
        HELD = :ruby_llm_native_lease
        private_constant :HELD

        # A lease as it is in the table: `token` of whoever holds it, until `until`. No time: nobody holds it, and a token that is left is that of
        # the last who did and finished.
        Lease = Struct.new(:token, :until) do
          # @return [Boolean] whether it is, or was, for that work; one that does not say for what is for any
          def of?(work)
            !token.nil? && [nil, work].include?(token.split(" ", 2)[1])
          end

          # @return [Boolean]
          def held?(now = Time.now)
            !self.until.nil? && self.until >= now
          end
        end

        # @return [String] of the row, where several registries share the table
        attr_reader :name

        # @param record [String, Class] the class that `acts_as_llm_registry`, or its name
        # @param name [String] of the row
        def initialize(record = "LLMRegistry", name: "default")
          @record = record.is_a?(Class) ? record.name || record : record.to_s
          @name = name.to_s
          @there = nil
        end

        # @return [Class] the application's class
        # @raise [NameError] when there is no such class
        def record
          @record.is_a?(Class) ? @record : Object.const_get(@record)
        end

        # ---- The store ----

        # @return [String, nil] the catalog's block, followed by the sheets'
        def read
          blocks = query { pick(:catalog, :sheets) }
          blocks.map(&:to_s).join.b if blocks&.first
        end

        # @return [String, nil] the catalog's block alone
        def read_catalog
          query { pick(:catalog) }&.b
        end

        # Keep these bytes. Under a lease ({#hold}) only as long as it is ours.
        #
        # @param bytes [String] a catalog's block, followed by those of its sheets
        # @param stamp [String, nil] under which they are kept; it begins with the time in ISO 8601
        # @return [String] the stamp
        # @raise [LeaseLost] when another process has taken the lease over: nothing is written then
        # @raise [Error] when there is no table
        def write(bytes, stamp)
          size = Bundle.size_of_first(bytes)
          catalog = bytes.byteslice(0, size)
          stamp ||= "#{Time.now.utc.iso8601(6)} #{SecureRandom.hex(4)}"
          update_row(catalog: catalog, sheets: bytes.byteslice(size, bytes.bytesize), stamp: stamp,
            content_hash: Native.block_head(catalog)[:content_hash], stored_at: Time.now.utc)
          stamp
        end

        # Everything was asked anew and is still the same.
        #
        # @return [String] the stamp
        # @raise [LeaseLost, Error] as {#write}
        def touch(stamp)
          stamp ||= "#{Time.now.utc.iso8601(6)} #{SecureRandom.hex(4)}"
          update_row(stamp: stamp, stored_at: Time.now.utc)
          stamp
        end

        # @return [String, nil] one statement, one short column
        def stamp
          query { pick(:stamp) }
        end

        # @return [Boolean] false: a lookup may run inside an aborted transaction, or hold a connection it must not keep. The application's
        #   hooks call `RubyLLM.models.catch_up` where that is safe
        def check_on_lookup?
          false
        end

        # @return [String]
        def description
          "the table of #{@record}, row #{name}"
        end

        # @return [String]
        def inspect
          "#<#{self.class.name} #{description}>"
        end

        # ---- The lease ----

        # Asks the database until it is: ActiveRecord remembers that a table was missing.
        #
        # @return [Boolean] whether the table is there
        def there?
          return true if @there

          missed = @there == false
          @there = with_connection { |connection| connection.data_source_exists?(record.table_name) }
          record.reset_column_information if missed && @there
          @there
        end

        # Take the lease if nobody holds it: one UPDATE that finds the row, or does not. No session lock: it is the same on every database,
        # behind a proxy that hands each transaction to another connection, and for a process that dies: it ends with its time.
        #
        # @param seconds [Numeric] after which others may take it over
        # @param work [String, nil] what for: who wants it for the same need not do that again
        # @return [String, nil] a token; nil while another process holds it
        # @raise [Error] when there is no table
        def claim(seconds, work = nil)
          token = [SecureRandom.hex(16), *work].join(" ")
          taken = proc do
            now = Time.now.utc
            free = row.where(lease_until: nil).or(row.where(lease_until: ...now))
            free.update_all(lease_token: token, lease_until: now + seconds) == 1
          end
          return token if change(&taken)

          token if lease.nil? && change { insert_row } && change(&taken)
        end

        # @return [Boolean] whether it is still ours; also after its time, as long as nobody took it over
        def holds?(token)
          query { held_by(token).exists? } || false
        end

        # The first statement of a transaction that only the holder may make: it locks the row until the end, so that nobody can take the
        # lease over meanwhile.
        #
        # @return [void]
        # @raise [LeaseLost] when it is no longer ours
        def extend_lease(token, seconds)
          raise LeaseLost, description unless held_by(token).update_all(lease_until: Time.now.utc + seconds) == 1
        end

        # @param finished [Boolean] whether what the lease was for is done; then those who wait for it need not do it again
        # @return [Boolean] false when it was no longer ours
        def release(token, finished: true)
          change { held_by(token).update_all(lease_token: (token if finished), lease_until: nil) == 1 }
        end

        # @return [Lease, nil] as it is now; nil when there is no row yet
        def lease
          token, time, there = query { pick(:lease_token, :lease_until, :name) }
          Lease.new(token, time) if there
        end

        # @return [Time, nil] until when somebody holds it
        def lease_until
          lease&.until
        end

        # While the block runs, what this thread writes is written only if the lease is still ours.
        #
        # @param token [String] of {#claim}
        def hold(token)
          outer = Thread.current[HELD]
          Thread.current[HELD] = {self => token}
          yield
        ensure
          Thread.current[HELD] = outer
        end

        private

        def row
          record.unscoped.where(name: name, format_version: FORMAT_VERSION)
        end

        # Also after its time, as long as nobody took it over.
        def held_by(token)
          row.where(lease_token: token).where.not(lease_until: nil)
        end

        def pick(*columns)
          row.limit(1).pick(*columns)
        end

        def with_connection(&block)
          record.connection_pool.with_connection(&block)
        end

        def query
          unless there?
            warn_once
            return
          end
          with_connection { |connection| Contention.ride_out(connection) { record.uncached { yield } } }
        end

        # Logged at debug level a catalog would be a line of megabytes.
        def change(&block)
          raise Error, missing unless there?

          with_connection { |connection| Contention.ride_out(connection) { quietly(&block) } }
        end

        def quietly(&block)
          logger = record.logger
          logger.respond_to?(:silence) ? logger.silence(&block) : yield
        end

        def update_row(**values)
          token = Thread.current[HELD]&.fetch(self, nil)
          values[:updated_at] = values.fetch(:stored_at)
          return if change { (token ? held_by(token) : row).update_all(values) } == 1
          raise LeaseLost, description if token

          change { insert_row && row.update_all(values) }
        end

        # Another process may be first: then its row is as good.
        def insert_row
          now = Time.now.utc
          values = {"name" => name, "format_version" => FORMAT_VERSION, "created_at" => now, "updated_at" => now}
          record.insert_all([{**Persistence::Key.of_new(record), **values.slice(*record.column_names)}], returning: false, record_timestamps: false)
        end

        def warn_once
          return if @warned

          @warned = true
          logger = RubyLLM.config.logger
          logger ? logger.warn(missing) : Kernel.warn(missing)
        end

        def missing
          "The registry is not kept: #{record.name} has no table #{record.table_name}. To make it, #{ADVICE}"
        end
      end
    end
  end
end
