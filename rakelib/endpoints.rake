# frozen_string_literal: true

# The endpoints that the gem knows by name, from a document of models.dev: facts only, one a line, to be reviewed as a
# diff. What the document does not state is kept by hand, in by_hand.json beside the generated file.
#
#   rake endpoints:update FILE=2026-07-02.json   # the date of the document is in its name, or in DATE=
namespace :endpoints do
  desc "Write the known endpoints from the document of models.dev in FILE"
  task update: "docs:library" do
    require "json"
    require_relative "endpoints/update"

    file = ENV["FILE"] or abort "FILE must name a document of models.dev: https://models.dev/api.json"
    date = ENV["DATE"] || File.basename(file)[/\d{4}-\d\d-\d\d/]
    abort "DATE must say when #{file} was fetched, which its name does not: DATE=2026-07-02" unless date
    update = Endpoints::Update.new(JSON.parse(File.read(file, encoding: "UTF-8")), date)
    puts update.report
    update.write
  end
end
