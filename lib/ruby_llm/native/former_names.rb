# frozen_string_literal: true

module RubyLLM
  module Native
    # Keeps the former names of constants working, with a warning, in each module that is extended with it.
    #
    # @api private
    module FormerNames
      # Former name => the new one in the same module.
      NAMES = {
        "RubyLLM::Native::Exchange" => :Export,
        "RubyLLM::Native::Preferences::PREFERENCE" => :PROVIDERS
      }.freeze
      private_constant :NAMES

      # @return [Object] what has the new name now
      # @raise [NameError] when there never was such a constant
      def const_missing(name)
        former = "#{self.name}::#{name}"
        new_name = NAMES[former] or return super
        text = "#{former} is deprecated and will be removed from ruby_llm_native #{REMOVED_IN}; " \
          "use #{self.name}::#{new_name}"
        # Other Ractors cannot reach the deprecator.
        Native.deprecator.warn(text, caller_locations(1)) if Ractor.current == Ractor.main
        const_get(new_name)
      end
    end
    private_constant :FormerNames

    extend FormerNames
  end
end
