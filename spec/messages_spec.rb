# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/messages"

# All that the gem can say stands in one text, so that a new message is read beside the others.
RSpec.describe "messages" do
  root = File.expand_path("..", __dir__)
  approved = File.join(root, "spec/approved/messages.txt")

  it "are those that were approved" do
    text = Messages.text(root) << "\n"
    File.write(approved, text) if ENV["APPROVE"]
    known = File.read(approved, encoding: "UTF-8")
    expect(text == known).to be(true), <<~TEXT
      The messages have changed. Read the new ones aloud, then approve them:

          APPROVE=1 bundle exec rspec spec/messages_spec.rb
      #{RSpec::Expectations.differ.diff(text, known)}
    TEXT
  end

  it "are found in C: what has blanks, and single words that are given to what speaks" do
    text = <<~'C'
      #include "not a message.h"
      /* "in a comment" */ // "in another"
      static_assert(sizeof(header) == 8, "no holes");
      static const char marker[] = "[secret]", quote = '"', key[] = "api_key", *kind = "a number";
      return rlm_error_set(error, RLM_BAD_SHAPE,
                           "must be \"%s\", "
                           "got %s",
                           at("key"));
      rb_raise(rb_eIndexError, "no row %" PRIuSIZE, row); rlm_export_refuse(error, "missing"); keep("missing_key");
      #define STATUSES(X) \
          X(CANCELLED, cancelled, "cancelled") \
          X(OK, ok, "no "    \
                    "error")
      print("%zu: %.*s\n", count); append("{\n  \"stamp\": ");
    C
    expect(Messages.of_file("a.c", text)).to eq(
      ["[secret]", "a number", 'must be "%s", got %s', "key", "no row %PRIuSIZE", "missing", "cancelled", "no error"]
    )
  end

  it "are found in Ruby: what has blanks, and single words that are given to what speaks" do
    text = <<~'RUBY'
      # "in a comment"
      raise(Error, "unusable") if options["key"] == :"a symbol" || line =~ /a regexp #{"with a text"}/
      logger.warn "got #{value.map { |row| "row #{row}" }.join(", ")}, " \
                  "said \"no\""
      call("word", %w[two words])
      {key: <<~TEXT, "other": 'in quotes'}
        Two lines
          of #{"a text"}.
      TEXT
      connection.select_value("SELECT 1 FROM rows")
      class_eval("def name = @name")
      desc "Show it"
      format("%-14s %5d", 1, 2)
      again("Show it")
    RUBY
    expect(Messages.of_file("a.rb", text)).to eq(
      [
        "unusable", "with a text", "got \#{…}, said \"no\"", "row \#{…}", "in quotes", "Two lines\\n  of \#{…}.\\n",
        "a text", "Show it"
      ]
    )
  end

  it "are found in templates of Ruby" do
    text = <<~'RUBY'
      class <%= name %> < Parent
        <%- if option? -%>
        discard_on(Error) { |error| warn "<%= name %> failed: #{error.message}" }
        <%- end -%>
      end
    RUBY
    expect(Messages.of_file("a.rb.tt", text)).to eq(["Value failed: \#{…}"])
  end

  it "are not read from Ruby that is wrong" do
    expect { Messages.of_file("lib/a.rb", "def") }.to raise_error(SyntaxError, "lib/a.rb cannot be read as Ruby")
  end
end
