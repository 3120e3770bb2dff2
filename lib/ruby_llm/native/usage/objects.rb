# frozen_string_literal: true

require_relative "count"
require_relative "meters"

module RubyLLM
  module Native
    class Usage
      # What objects say of what was used, as a Hash.
      #
      # @api private
      module Objects
        # Methods that only providers' own libraries have on what they return. Their objects can be made Hashes, and
        # what an input contains depends on the provider, as in any Hash of that provider.
        LIBRARIES = %i[
          usage prompt_tokens input_tokens_details cache_read_input_tokens cache_write_input_tokens
        ].freeze
        HASHES = %i[deep_to_h to_h].freeze # the first one leaves no objects in the Hash

        # What the ruby_llm gem's tokens, messages and rows call their counts, by what Formats calls them.
        TOKENS = {
          "input_tokens" => :input, "output_tokens" => :output, "thinking_tokens" => :thinking,
          "reasoning_tokens" => :reasoning, "cache_read_tokens" => :cache_read, "cached_tokens" => :cached,
          "cache_write_tokens" => :cache_write, "cache_creation_tokens" => :cache_creation
        }.freeze
        LONG = TOKENS.keys.to_h { |name| [name, name.to_sym] }.freeze

        # By meter the methods of each of them, of which the first one that counts holds. Output contains thinking.
        COUNTS = Ractor.make_shareable([LONG, TOKENS].to_h { |names|
          meters = {
            input: %w[input_tokens], output: %w[output_tokens], cache_read: %w[cache_read_tokens cached_tokens],
            cache_write: %w[cache_write_tokens cache_creation_tokens], reasoning: %w[thinking_tokens reasoning_tokens]
          }
          [names, meters.transform_values { |keys| names.values_at(*keys) }]
        }.compare_by_identity)
        THOUGHTS = Ractor.make_shareable([[:reasoning, [:output]]])
        private_constant :LIBRARIES, :HASHES, :TOKENS, :LONG, :COUNTS, :THOUGHTS

        module_function

        # What the ruby_llm gem counts, which is asked for after each message: without the way over a Hash.
        #
        # @param object [Object]
        # @return [Hash{Symbol => Numeric}, nil] disjoint; nil when it is another kind of object
        # @raise [ArgumentError] when a method returns what cannot be a count
        # @example
        #   Objects.counts(message)  # => {input: 12, output: 3}
        def counts(object)
          return if Hash === object || !(Object === object)

          object = tokens_of(object)
          names = names(object)
          return if names.nil? || LIBRARIES.any? { |name| object.respond_to?(name) }

          counts = {}
          COUNTS[names].each do |meter, methods|
            count = first(object, methods)
            counts[meter] = count if count
          end
          Meters.disjoint(counts, THOUGHTS)
        end

        # @param object [Object]
        # @return [Hash]
        # @raise [ArgumentError] when the object counts nothing
        # @example
        #   Objects.to_hash(message)  # => {"input_tokens" => 12, "output_tokens" => 3, "cache_read_tokens" => nil}
        def to_hash(object)
          return object if Hash === object
          return refuse(object) unless Object === object

          object = tokens_of(object)
          return hash_of(object) if LIBRARIES.any? { |name| object.respond_to?(name) }

          names = names(object) or return refuse(object)
          names.select { |_, method| object.respond_to?(method) }.transform_values { |name| object.public_send(name) }
        end

        def tokens_of(object)
          tokens = object.tokens if object.respond_to?(:tokens)
          (Object === tokens && names(tokens)) ? tokens : object
        end

        # A message has `thinking`, too, which is a text: its counts all have long names.
        def names(object)
          return LONG if object.respond_to?(:input_tokens) || object.respond_to?(:output_tokens)

          TOKENS if object.respond_to?(:input) || object.respond_to?(:output)
        end

        def hash_of(object)
          method = HASHES.find { |name| object.respond_to?(name) }
          hash = object.public_send(method) if method
          (Hash === hash) ? hash : refuse(object)
        end

        def refuse(object)
          raise ArgumentError, "Usage must be a Hash, or an object with input or output tokens, " \
                               "got #{Count.show(object)}"
        end

        def first(object, methods)
          methods.each do |method|
            count = Count.of(object.public_send(method), method) if object.respond_to?(method)
            return count if count
          end
          nil
        end

        private_class_method :first, :tokens_of, :names, :hash_of, :refuse
      end
      private_constant :Objects
    end
  end
end
