# frozen_string_literal: true

require "digest/sha2"
require "fileutils"

module RubyLLM
  module Native
    module BesideRubyLLM
      # What was last saved into ruby_llm's table, and how its rows were then: where both are the same, there is
      # nothing to compare.
      #
      # The rows are read as the database gives them, all columns that are ours: so every change is noticed, whoever
      # made it and whatever it did to `updated_at`. It is remembered by the class, and for the next process as a
      # digest in a file beside the registry's; where there is none (`registry_path` is false, or a store of the
      # program's), by the class alone.
      class SavedRows
        # Of what a row is made here: another number when that changes.
        LAYOUT = 1
        private_constant :LAYOUT

        # @param record [Class]
        # @param columns [Array<String>] that are ours
        # @param models [Array] entries
        def initialize(record, columns, models)
          @record = record
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

        # Take the table for what these models have made of it.
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

          FileUtils.mkdir_p(File.dirname(path))
          AtomicFile.write(path, digest)
        rescue SystemCallError, Error
          nil # the next process compares row by row
        end

        def rows
          @record.uncached { @record.connection.select_rows(@record.select(*selected).order(@record.primary_key).to_sql) }
        end

        # PostgreSQL makes one text of a row, the same for the same row alone, in a fraction of the time that its
        # adapter takes to make values.
        def selected
          columns = [@record.primary_key, *@columns]
          return columns unless @record.connection.adapter_name == "PostgreSQL"

          [::Arel.sql("ROW(#{columns.map { |name| @record.connection.quote_column_name(name) }.join(", ")})::text")]
        end

        def digest(rows)
          sha256(@content + Marshal.dump(rows))
        end

        # That of OpenSSL, which Faraday brings, is five times as fast.
        def sha256(bytes)
          (defined?(::OpenSSL::Digest) ? ::OpenSSL::Digest : ::Digest)::SHA256.hexdigest(bytes)
        end

        # @return [String, nil] nil where an entry cannot be digested
        def content_of(models)
          head = [LAYOUT, VERSION, RubyLLM::VERSION, @record.table_name, @columns]
          sha256(Marshal.dump([head, models.map { |model| Entry.digest(model) }]))
        rescue TypeError
          nil # what a program has put into the metadata, such as a Proc
        end

        # @return [String, nil] one for each table of each database
        def path
          return @path if defined?(@path)

          folder = folder_of_registry
          name = sha256([@record.connection_db_config.database, @record.table_name].join("\n"))[0, 16]
          @path = folder && File.join(folder, "saved-#{name}")
        end

        def folder_of_registry
          config = Options.settings
          return if config.catalog_store || config.registry_path == false || Plan.answers

          file = Location.file(config.registry_path)
          File.dirname(file) if file && !Location.in_gem?(file)
        end
      end
    end
  end
end
