# frozen_string_literal: true

module RubyLLM
  module Native
    # What a registry holds at one moment. Frozen.
    #
    # `sheets` is nil while only the stored catalog has been read. Unless `imported`, the catalog is the merge of the
    # sheets. `stored` is the stamp under which the store has all this.
    #
    # @api private
    RegistryContents = Struct.new(
      :catalog, :sheets, :source, :last_refresh, :imported, :stored, keyword_init: true
    ) do
      # The one place where sheets become a registry. All of them count, as far as the merge lets them.
      #
      # @param sheets [Hash{String => String}]
      # @param documented [Array<String>, nil] see {DocumentedProviders}
      # @return [RegistryContents] with the merge of these sheets as its catalog
      def self.of(sheets, documented: nil, **facts)
        new(**facts, catalog: Catalog.merge(sheets.values, documented), sheets: sheets.freeze)
      end

      def initialize(**)
        super
        freeze
      end

      # @return [RegistryContents] a copy in which these facts differ
      def with(**facts)
        self.class.new(**to_h, **facts)
      end
    end
    private_constant :RegistryContents
  end
end
