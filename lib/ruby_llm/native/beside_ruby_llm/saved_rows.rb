# frozen_string_literal: true

require "digest/sha2"
require_relative "../database"

module RubyLLM
  module Native
    module BesideRubyLLM
      # What was last saved to ruby_llm's table, and what its rows were afterwards: if both are the same, there is
      # nothing to compare.
      #
      # The rows are read as the database returns them, with all columns that this gem writes, so every change is
      # noticed, whoever made it and whatever it did to `updated_at`. The class remembers it, and a file beside the
      # registry's keeps a digest for the next process. Without such a file (`registry_path` is false, or the program
      # has its own store), only the class remembers.
      class SavedRows
        # A version of what rows contain: raise it when that changes.
        LAYOUT = 2
        private_constant :LAYOUT

        # @param record [Class]
        # @param connection [ActiveRecord::ConnectionAdapters::AbstractAdapter] of that class
        # @param columns [Array<String>] that this gem writes
        # @param models [Array] entries
        def initialize(record, connection, columns, models)
          @record = record
          @connection = connection
          @columns = columns
          @content = content_of(models)
        end

        # @return [Boolean] whether the table is as these models left it
        def unchanged?
          return false if @content.nil? || !(remembered || written)

          rows = self.rows
          return true if remembered == [@content, rows.hash]
          return false unless written == digest(rows)

          remember_here(rows)
          true
        end

        # Remember the table as what these models have made it.
        #
        # @return [void]
        def remember
          return unless @content

          rows = self.rows
          remember_here(rows)
          write(digest(rows))
        end

        private

        def remembered
          @record.instance_variable_get(:@native_saved)
        end

        def remember_here(rows)
          @record.instance_variable_set(:@native_saved, [@content, rows.hash])
        end

        def written
          RegularFile.read(path) if path
        rescue SystemCallError, Error
          nil
        end

        def write(digest)
          return if path.nil? || written == digest

          AtomicFile.write_with_folder(path, digest)
        rescue SystemCallError, Error
          nil # the next process compares row by row
        end

        def rows
          @connection.select_rows(@record.select(*selected).order(@record.primary_key).to_sql)
        end

        # PostgreSQL turns a row into one text, which only an identical row has, in a fraction of the time that its
        # adapter needs to build values.
        def selected
          columns = [@record.primary_key, *@columns]
          return columns unless @connection.adapter_name == "PostgreSQL"

          [::Arel.sql("ROW(#{columns.map { |name| @connection.quote_column_name(name) }.join(", ")})::text")]
        end

        def digest(rows)
          sha256(@content + Marshal.dump(rows))
        end

        # OpenSSL's, which Faraday loads, is five times as fast.
        def sha256(bytes)
          (defined?(::OpenSSL::Digest) ? ::OpenSSL::Digest : ::Digest)::SHA256.hexdigest(bytes)
        end

        # @return [String, nil] nil when an entry cannot be digested
        def content_of(models)
          layout = Database.layout(LAYOUT, VERSION, RubyLLM::VERSION, @record.table_name, @columns)
          sha256([layout, *models.map { |model| fingerprint(model) }].join("\n"))
        rescue TypeError
          nil # the program has put something into the metadata that cannot be dumped, such as a Proc
        end

        # @return [String] the same in every process for entries with the same facts
        def fingerprint(entry)
          Entry.native(entry)&.fingerprint || sha256(Marshal.dump(entry.to_h))
        end

        # @return [String, nil] a path for each table of each database
        def path
          return @path if defined?(@path)

          folder = folder_of_registry
          name = sha256([@record.connection_db_config.database, @record.table_name].join("\n"))[0, 16]
          @path = folder && File.join(folder, "saved-#{name}")
        end

        def folder_of_registry
          config = Options.settings
          return if config.catalog_store || config.registry_path == false || !Plan.transport.stored?

          file = Location.file(config.registry_path)
          File.dirname(file) if file && !Location.in_gem?(file)
        end
      end
      private_constant :SavedRows
    end
  end
end
