# frozen_string_literal: true

require "json"

module RubyLLM
  module Native
    module PriceFiles
      # One price file as it was when it was last read. Frozen.
      #
      # @api private
      class PriceFile
        # @return [String] of its sheet: the origin of its prices
        attr_reader :name

        # @return [String, nil] nil: there is no such gem
        attr_reader :path

        # @return [Array(Time, Integer, Integer), nil] what changes with the file; nil: it is missing
        attr_reader :stamp

        # @return [String, nil] nil: it cannot be read
        attr_reader :sheet

        # @return [Time] when this process has read it
        attr_reader :read_at

        class << self
          # @return [PriceFile]
          def read(name, path, stamp)
            return new(name, path, stamp, error: missing_gem(name)) unless path

            sheet, told = Native.read_price_file(name, RegularFile.read(path), stamp ? stamp.first.to_i : 0)
            new(name, path, stamp, sheet: sheet, told: told)
          rescue SystemCallError => error
            new(name, path, stamp, error: error.class.new.message)
          rescue Error => error
            new(name, path, stamp, error: error.message)
          end

          # @return [Array(Time, Integer, Integer), nil]
          def stamp(path)
            stat = ::File::Stat.new(path)
            [stat.mtime, stat.size, stat.ino]
          rescue SystemCallError
            nil
          end

          # @return [Boolean] whether a file looks like a price file
          def shape?(path)
            document = JSON.parse(RegularFile.read(path))
            models = document.is_a?(Hash) && document["models"]
            models.is_a?(Hash) && models.any? { |id, prices| id.include?("/") && prices.is_a?(Hash) }
          rescue JSON::ParserError, SystemCallError, Error
            false
          end

          private

          def missing_gem(name)
            "the gem #{name} is not installed, or not in the bundle. Add it to the Gemfile, or give the path of a file"
          end
        end

        def initialize(name, path, stamp, sheet: nil, told: {}, error: nil)
          @name, @path, @stamp, @sheet, @told, @error = name, path, stamp, sheet, told, error
          @read_at = Time.now
          freeze
        end

        # @param last [Time, nil] when the last refresh ended
        # @return [Outcome] what reading it is to a refresh
        def outcome(last)
          return Outcome.new(source: name, status: :failed, error: failure, error_status: :bad_setting) unless sheet

          count = Native.block_head(sheet)[:count]
          fresh = last.nil? || read_at > last
          Outcome.new(source: name, status: fresh ? :refreshed : :unchanged, count: count, rows: count, **@told)
        end

        # @return [Array<String>] what is worth a line in the log once
        def warnings
          return ["The price file #{failure}"] if @error

          rejected, unread = @told.values_at(:rejected, :unread_prices)
          [
            ("#{Phrases.count(rejected, "row")} rejected, first: #{@told[:rejection]}" if rejected.positive?),
            ("#{Phrases.count(unread, "model")} without prices, first: #{@told[:unread_price]}" if unread.positive?)
          ].compact.map { |text| "The price file #{path}: #{text}" }
        end

        private

        def failure
          path ? "#{path} cannot be used: #{@error}" : "#{name} cannot be used: #{@error}"
        end
      end
    end
  end
end
