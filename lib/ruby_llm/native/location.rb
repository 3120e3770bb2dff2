# frozen_string_literal: true

require "digest/sha2"

module RubyLLM
  module Native
    # Where this program's registry file is when no path is configured.
    #
    # In a Rails app it is in `tmp`. Otherwise it is in the user's cache folder, under a name derived from the folder of
    # the Gemfile or the working folder, so that two programs of one user never share a registry.
    #
    # @api private
    module Location
      # Versions of this gem that write another format write another file, so that old and new processes do not collide
      # during a deploy.
      FILE_NAME = "registry-v#{FORMAT_VERSION}.rlm"

      # What the version before wrote.
      OLDER_FILE_NAME = "registry-v#{FORMAT_VERSION - 1}.rlm"

      GEM = ::File.expand_path("../../..", __dir__)
      INSIDE = "#{GEM}/".freeze
      private_constant :GEM, :INSIDE

      module_function

      # @param folder [String, Pathname, nil] the configured one
      # @return [String, nil] the file's path; nil when no folder can be found
      def file(folder = nil)
        folder ||= rails || own_cache
        folder && ::File.join(::File.expand_path(folder.to_s), FILE_NAME)
      end

      # @return [Boolean] whether that path is inside this gem, where no program may write
      def in_gem?(path)
        return false unless path.start_with?(INSIDE)

        path.start_with?("#{GEM}/lib/", "#{GEM}/ext/") || Gem.path.any? { |gems| GEM.start_with?("#{gems}/") }
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

      # Kept, as a refresh asks for it several times, and each look at the disk gives the interpreter's lock away.
      def app_root
        gemfile = ENV["BUNDLE_GEMFILE"].to_s
        folder = gemfile.empty? ? Dir.pwd : ::File.dirname(gemfile)
        return real(folder) unless ::File.absolute_path?(folder)

        known = @app_root
        known = @app_root = [folder, real(folder)] unless known&.first == folder
        known.last
      end
      private_class_method :app_root

      def real(folder)
        ::File.realpath(folder)
      rescue SystemCallError
        Dir.pwd
      end
      private_class_method :real

      # By the conventions of each system: XDG, macOS, Windows.
      def user_cache
        case RbConfig::CONFIG["host_os"]
        when /darwin/ then at_home("Library", "Caches")
        when /mswin|mingw/ then absolute(ENV.fetch("LOCALAPPDATA", nil)) || at_home("AppData", "Local")
        else absolute(ENV.fetch("XDG_CACHE_HOME", nil)) || at_home(".cache")
        end
      end
      private_class_method :user_cache

      # By the XDG rules, a path that is not absolute counts as unset.
      def absolute(path)
        path if path && ::File.absolute_path?(path)
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
