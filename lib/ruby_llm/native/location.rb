# frozen_string_literal: true

require "digest/sha2"
require "pathname"

module RubyLLM
  module Native
    # Where this program's registry file is, when nobody has said where.
    #
    # A Rails app's is in its `tmp`. Any other program's is in the user's cache folder, under a name made from the
    # folder of its Gemfile, or the working folder: two programs of one user never share a registry.
    module Location
      # Versions of this gem that write another format write another file: during a deploy, old and new processes
      # leave each other's alone.
      FILE_NAME = "registry-v#{FORMAT_VERSION}.rlm"

      GEM = ::File.expand_path("../../..", __dir__)
      private_constant :GEM

      module_function

      # @param folder [String, Pathname, nil] the configured one
      # @return [String, nil] the file's path; nil when there is no home for it
      def file(folder = nil)
        folder ||= rails || own_cache
        folder && ::File.join(::File.expand_path(folder.to_s), FILE_NAME)
      end

      # @return [Boolean] whether that is where this gem's code is, which no program may write into
      def in_gem?(path)
        path.start_with?("#{GEM}/lib/", "#{GEM}/ext/") || (path.start_with?("#{GEM}/") && Gem.path.any? { |gems| GEM.start_with?("#{gems}/") })
      end

      # @return [String, nil] the folder in a Rails app
      def rails
        root = ::Rails.root if defined?(::Rails) && ::Rails.respond_to?(:root)
        root && ::File.join(root.to_s, "tmp", "ruby_llm_native")
      end

      # @return [String, nil] the folder of a program without Rails
      def own_cache
        cache = user_cache
        cache && ::File.join(cache, "ruby_llm_native", Digest::SHA256.hexdigest(app_root)[0, 16])
      end
      private_class_method :own_cache

      def app_root
        gemfile = ENV["BUNDLE_GEMFILE"].to_s
        ::File.realpath(gemfile.empty? ? Dir.pwd : ::File.dirname(gemfile))
      rescue SystemCallError
        Dir.pwd
      end
      private_class_method :app_root

      # As each system wants it: XDG, macOS, Windows.
      def user_cache
        case RbConfig::CONFIG["host_os"]
        when /darwin/ then at_home("Library", "Caches")
        when /mswin|mingw/ then absolute(ENV.fetch("LOCALAPPDATA", nil)) || at_home("AppData", "Local")
        else absolute(ENV.fetch("XDG_CACHE_HOME", nil)) || at_home(".cache")
        end
      end
      private_class_method :user_cache

      # The XDG rules: a path that is not absolute is as none.
      def absolute(path)
        path if path && Pathname.new(path).absolute?
      end
      private_class_method :absolute

      def at_home(*folders)
        ::File.join(Dir.home, *folders)
      rescue ArgumentError
        nil # no home
      end
      private_class_method :at_home
    end
  end
end
