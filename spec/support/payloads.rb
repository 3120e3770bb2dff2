# frozen_string_literal: true

# Recorded answers of the providers, kept beside the project, not in it; PAYLOADS names another folder.
module Payloads
  FOLDER = ENV.fetch("PAYLOADS") { File.expand_path("../../../shared/payloads", __dir__) }

  module_function

  def there?
    Dir.exist?(FOLDER)
  end

  # @return [String] the file's bytes
  def payload(path)
    File.binread(File.join(FOLDER, path))
  end
end
