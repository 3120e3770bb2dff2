# frozen_string_literal: true

module RubyLLM
  module Native
    # Which proxy to use for a URL: the configured `http_proxy`, or else the environment's, unless NO_PROXY names the
    # host. Local hosts are never reached through a proxy. DNS is not queried, because no deadline would bound that.
    #
    # NO_PROXY is read as curl reads it: a name, with or without a leading dot, also covers its subdomains, addresses
    # may be networks ("10.0.0.0/8"), and `*` covers everything. Common spellings are accepted too: "*.corp", "10.1.*",
    # "[::1]", "host:port".
    #
    # @example
    #   Proxies.new("http://proxy:3128", {"NO_PROXY" => ".corp"}).for("https://models.corp/v1")  # => nil
    #
    # @api private
    class Proxies
      # Also matches malformed URLs: what may be meant as the host decides.
      URL = %r{\A\s*(?:([a-z][a-z0-9+.-]*)://)?(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#\s]*)(?::(\d+))?}i
      PORTS = {"http" => "80", "https" => "443"}.freeze
      private_constant :URL, :PORTS

      # @param configured [String, nil] takes precedence over the environment
      # @param environment [#[]]
      def initialize(configured, environment = ENV)
        @configured = configured.to_s.strip
        @environment = environment
        @exempt = variable("no_proxy").downcase.split(/[\s,]+/).reject(&:empty?)
      end

      # @param url [String]
      # @return [String, nil] the proxy's URL; nil: none
      def for(url)
        scheme, host, port = URL.match(url.to_s.downcase).captures
        host = host.delete("[]").delete_suffix(".")
        address = address(host)
        return if host.empty? || host == "localhost" || address&.loopback?

        proxy = @configured.empty? ? in_environment(scheme || "http") : @configured
        proxy unless proxy.empty? || @exempt.any? { |entry| exempt?(entry, host, address, port || PORTS[scheme]) }
      end

      # Shows no proxy, because its URL may contain a password.
      #
      # @return [String]
      def inspect
        "#<#{self.class.name}>"
      end

      private

      # In a CGI program HTTP_PROXY is a request header, which any client could set.
      def in_environment(scheme)
        name = "#{scheme}_proxy"
        return @environment[name].to_s.strip if name == "http_proxy" && @environment["REQUEST_METHOD"]

        variable(name)
      end

      def variable(name)
        (@environment[name] || @environment[name.upcase]).to_s.strip
      end

      def exempt?(entry, host, address, port)
        entry, wanted = entry.match(/\A(\[.*\]|[^:]+):(\d+)\z/)&.captures || [entry, nil]
        return false if wanted && wanted != port

        entry = entry.delete("[]")
        entry == "*" || (address ? network?(entry, host, address) : below?(entry, host))
      end

      def network?(entry, host, address)
        return File.fnmatch?(entry, host) if entry.include?("*")
        return host.start_with?(entry) if entry.match?(/\A[\d.]+\.\z/)

        address(entry)&.include?(address)
      end

      def below?(entry, host)
        name = entry.sub(/\A\*?\./, "").delete_suffix(".")
        return File.fnmatch?(name, host) if name.include?("*")

        !name.empty? && (host == name || host.end_with?(".#{name}"))
      end

      # Loading "ipaddr" takes longer than all else here, and most hosts have names.
      MAY_BE_ADDRESS = %r{:|\A[\d./]+\z}
      private_constant :MAY_BE_ADDRESS

      # An address or a network.
      def address(text)
        return unless text.match?(MAY_BE_ADDRESS)

        require "ipaddr"
        IPAddr.new(text)
      rescue IPAddr::Error
        nil
      end
    end
  end
end
