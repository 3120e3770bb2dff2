# frozen_string_literal: true

require "securerandom"
require "time"
require_relative "../database/contention"
require_relative "../database/new_row"

module RubyLLM
  module Native
    module Stores
      # A row in a table of the application's: one registry for all its processes, on any number of machines, and the
      # lease by which one of them at a time refreshes it.
      #
      # The class is looked up by name when it is needed, so that the store can be created before the application is
      # loaded, and survives reloading. The catalog and the sheets are separate columns: a process that only reads never
      # loads the sheets. A row has one {FORMAT_VERSION}; while a deployment replaces an old version of this gem, each
      # version has its own row.
      #
      # All times are from the application's clock, in UTC, never from the database's. A process whose clock is off by
      # more than a few seconds may take a lease that is still held; a clock that is ahead makes nobody wait longer than
      # the lease may last ({Lease#held?}).
      #
      # @example
      #   RubyLLM.config.catalog_store = RubyLLM::Native::Stores::ActiveRecord.new("LLMRegistry")
      class ActiveRecord
        # What to do when the table is missing.
        ADVICE = "run `bin/rails generate ruby_llm_native:install` and `bin/rails db:migrate`"

        # Set by a thread (a fiber, to be exact) while it works under a lease.
        HELD = :ruby_llm_native_lease
        LEASE = %i[lease_token lease_until name].freeze
        SKIP_LOCKED = "FOR UPDATE SKIP LOCKED"

        # MySQL receives bytes as hexadecimal digits.
        BYTES_IN_STATEMENT = 2
        private_constant :ADVICE, :HELD, :LEASE, :SKIP_LOCKED, :BYTES_IN_STATEMENT

        # @return [String] of the row, when several registries share the table
        attr_reader :name

        # @param record [String, Class] the class that calls `acts_as_llm_registry`, or its name
        # @param name [String] of the row
        def initialize(record = "LLMRegistry", name: "default")
          @record = record.is_a?(Class) ? record.name || record : record.to_s
          @name = name.to_s
          @table_exists = @sighted = nil
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
          blocks.join.b if blocks&.first
        end

        # @api private
        # @return [String, nil] what the version of this gem before has stored, in its own row
        def read_older
          blocks = query { row(FORMAT_VERSION - 1).limit(1).pick(:catalog, :sheets) }
          blocks.join.b if blocks&.first
        end

        # @return [String, nil] only the catalog's block
        def read_catalog
          query { pick(:catalog) }&.b
        end

        # Store these bytes. Under a lease ({#hold}), only while this process holds it.
        #
        # @param bytes [String] a catalog's block, followed by those of its sheets
        # @param stamp [String, nil] identifies this version; begins with the time in ISO 8601
        # @return [String] the stamp
        # @raise [LeaseLost] when another process took over the lease; nothing is written
        # @raise [Error] when there is no table, or the database does not accept a statement of that size
        def write(bytes, stamp)
          catalog, sheets = StoredFile.split(bytes)
          stamp ||= "#{Time.now.utc.iso8601(6)} #{SecureRandom.hex(4)}"
          naming_the_limit(bytes.bytesize) do
            update_row(catalog: catalog, sheets: sheets, stamp: stamp,
              content_hash: Native.block_head(catalog)[:content_hash], stored_at: Time.now.utc)
          end
          stamp
        end

        # All sources were asked and nothing changed.
        #
        # @return [String] the stamp
        # @raise [LeaseLost, Error] like {#write}
        def touch(stamp)
          stamp ||= "#{Time.now.utc.iso8601(6)} #{SecureRandom.hex(4)}"
          update_row(stamp: stamp, stored_at: Time.now.utc)
          stamp
        end

        # @return [String, nil] one statement, one short column
        def stamp
          query { pick(:stamp) }
        end

        # @return [Boolean] false: a lookup may run in an aborted transaction, or hold a connection it must not keep.
        #   The application's hooks call `RubyLLM.models.catch_up` where that is safe
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

        # Queries the database until it exists: ActiveRecord would remember that a table was missing.
        #
        # @api private
        # @return [Boolean] whether the table is there
        def table_exists?
          return true if @table_exists

          missed = @table_exists == false
          @table_exists = with_connection { |connection| connection.data_source_exists?(record.table_name) }
          record.reset_column_information if missed && @table_exists
          @table_exists
        end

        # Take the lease if no process holds it. Never waits, not even for a row that another transaction has locked.
        #
        # @param seconds [Numeric] from now, after which others may take it over
        # @param work [String, nil] what it is for: a process that wants the same work done need not repeat it
        # @return [String, nil] a token; nil while another process holds it
        # @raise [Error] when there is no table
        def claim(seconds, work = nil)
          attempt(seconds, work).token
        end

        # {#claim}, with the lease that prevents it. A short transaction locks the row, checks and writes. There is no
        # session lock, so it works the same on every database and behind a proxy that pools transactions; if a process
        # dies, its lease expires.
        #
        # @api private
        # @return [Attempt]
        # @raise [Error] when there is no table
        def attempt(seconds, work = nil)
          taken = take(seconds, work)
          if taken.nil? && lease.nil?
            change { insert_row }
            taken = take(seconds, work)
          end
          taken || Attempt.new(nil, lease, true)
        end

        # @return [Boolean] whether this process still holds it, even after it expired, if no other process took it over
        def holds?(token)
          query { held_by(token).exists? } || false
        end

        # The first statement of a transaction that only the holder may make: it locks the row until the end, so that no
        # other process can take over the lease meanwhile.
        #
        # @api private
        # @return [void]
        # @raise [LeaseLost] when this process no longer holds it
        def extend_lease(token, seconds)
          raise LeaseLost, description unless held_by(token).update_all(lease_until: Time.now.utc + seconds) == 1
        end

        # @param finished [Boolean] whether the work is done, so that processes waiting for it need not repeat it
        # @return [Boolean] false when this process no longer held it
        def release(token, finished: true)
          Database::Contention.reconnecting do
            change { held_by(token).update_all(lease_token: (token if finished), lease_until: nil) == 1 }
          end
        end

        # @api private
        # @return [Lease, nil] its current state; nil when there is no row yet
        def lease
          lease_of(query { pick(*LEASE) })
        end

        # @return [Time, nil] until when a process holds it
        def lease_until
          lease&.until
        end

        # While the block runs, this thread writes only if this process still holds the lease.
        #
        # @api private
        # @param token [String] of {#claim}
        def hold(token)
          outer = Thread.current[HELD]
          Thread.current[HELD] = {self => token}
          yield
        ensure
          Thread.current[HELD] = outer
        end

        private

        def row(format = FORMAT_VERSION)
          record.unscoped.where(name: name, format_version: format)
        end

        # Even after it expired, if no other process took it over.
        def held_by(token)
          row.where(lease_token: token).where.not(lease_until: nil)
        end

        def pick(*columns)
          row.limit(1).pick(*columns)
        end

        # @return [Attempt, nil] nil when there is no row, or it is locked
        def take(seconds, work)
          change do
            record.transaction do
              lease = lease_of(row.lock(skip_locked).limit(1).pick(*LEASE)) or next
              next Attempt.new(nil, lease, false) if lease.held?

              token = Lease.token_for(seconds, work)
              row.update_all(lease_token: token, lease_until: Time.now.utc + seconds)
              Attempt.new(token, nil, false)
            end
          end
        end

        # SQLite has no row locks and ignores the option. A server too old to skip a locked row waits for it, up to its
        # own timeout.
        def skip_locked
          with_connection { |connection| SKIP_LOCKED unless too_old?(connection) } || true
        end

        def too_old?(connection)
          return false unless mysql?(connection)

          connection.database_version < (connection.mariadb? ? "10.6.0" : "8.0.1")
        end

        def mysql?(connection)
          connection.adapter_name.match?(/mysql|trilogy/i)
        end

        # @param columns [Array, nil] {LEASE}
        def lease_of(columns)
          token, ends, there = columns
          return unless there

          clock = Database::Contention.now
          sighted = @sighted
          sighted = @sighted = [token, clock].freeze unless sighted && sighted.first == token
          Lease.new(token, ends, clock - sighted.last)
        end

        def with_connection(&block)
          record.connection_pool.with_connection(&block)
        end

        def query
          unless table_exists?
            warn_once
            return
          end
          with_connection { |connection| Database::Contention.ride_out(connection) { record.uncached { yield } } }
        end

        # At debug level a catalog would be logged as a line of megabytes.
        def change(&block)
          raise Error, missing unless table_exists?

          with_connection { |connection| Database::Contention.ride_out(connection) { quietly(&block) } }
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

        # MySQL and MariaDB say only that the packet is too big, or close the connection. This names the limit, and one
        # that would suffice.
        def naming_the_limit(size)
          yield
        rescue ::ActiveRecord::ActiveRecordError => error
          limit = packet_limit
          needed = size * BYTES_IN_STATEMENT + (1 << 20)
          raise error unless limit && limit < needed

          raise Error, "max_allowed_packet of the database is #{limit >> 20} MB, and the registry needs a " \
            "statement of #{needed >> 20} MB. Set max_allowed_packet to at least #{needed >> 20}M"
        end

        # @return [Integer, nil] bytes; nil when there is no such limit, or it cannot be queried
        def packet_limit
          Database::Contention.reconnecting do
            with_connection do |connection|
              connection.select_value("SELECT @@max_allowed_packet").to_i if mysql?(connection)
            end
          end
        rescue ::ActiveRecord::ActiveRecordError
          nil
        end

        # Another process may insert the row first, which is just as good.
        def insert_row
          now = Time.now.utc
          values = {"name" => name, "format_version" => FORMAT_VERSION, "created_at" => now, "updated_at" => now}
          row = {**Database::NewRow.primary_key(record), **values.slice(*record.column_names)}
          record.insert_all([row], returning: false, record_timestamps: false)
        end

        def warn_once
          return if @warned

          @warned = true
          logger = RubyLLM.config.logger
          logger ? logger.warn(missing) : Kernel.warn(missing)
        end

        def missing
          "The registry cannot be stored: #{record.name} has no table #{record.table_name}. To create it, #{ADVICE}"
        end
      end
    end
  end
end

# Behind the class, which would otherwise be loaded a second time to be reopened.
require_relative "active_record/attempt"
require_relative "active_record/lease"
