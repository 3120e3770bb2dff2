# frozen_string_literal: true

require "json"
require_relative "refreshing"

# What the specs of one source begin with: a server for it alone, and how its fixtures are asked for.
RSpec.shared_context "with one source" do |slug|
  include Refreshing
  include ReplayServer::Answers

  let(:slug) { slug }
  let!(:server) { ReplayServer.start }
  let(:config) do
    RubyLLM::Native::Configuration.new.tap do |config|
      config.refresh_retries = 0
      config.models_dev_url = nil
      if slug == :published
        config.published_models_url = "#{server.url(slug)}/models.json"
      else
        config.public_send(:"#{slug}_api_base=", server.url(slug))
        config.public_send(:"#{slug}_api_key=", "key-of-#{slug}-1b5e55ed0ddba11")
      end
    end
  end
  let(:registry) { registry_for(config) }

  after { server.stop }

  # @param lists [Hash{String => String}] the fixture of each list, by the path and query below the source's prefix;
  #   others are empty
  def answer_with(name, lists = nil, **options)
    if lists
      server.on(slug, lambda do |request|
        at = [request.path.delete_prefix("/#{slug}/"), *request.query.map { |pair| pair.join("=") }].join("?")
        lists.key?(at) ? json(fixture("#{slug}/#{lists[at]}")) : status(404)
      end)
    else
      server.on(slug, json(fixture("#{slug}/#{name}"), **options))
    end
    registry.refresh!
  end

  def requests
    server.requests(slug.to_s)
  end

  def model(id)
    registry.find { |model| model.id == id } || raise("no #{id} among #{registry.map(&:id)}")
  end
end

RSpec.shared_examples "a source that fails well" do |rows:, status:, message:|
  it "loses one row to one bad row" do
    answer_with("broken_rows")

    expect(outcome(slug)).to have_attributes(status: :refreshed, rows: rows, rejected: 1)
  end

  it "tells what an error says, and its HTTP status" do
    expect { answer_with("error", status: status) }.to raise_error(RubyLLM::Native::RefreshError)
    expect(outcome(slug)).to have_attributes(status: :failed, http_status: status, error: message)
  end

  it "takes an empty list for none" do
    answer_with("good")
    server.on(slug, json(fixture("#{slug}/empty")))

    expect { registry.refresh! }.not_to change { registry.catalog.content_hash }
    expect(outcome(slug).status).to eq(:empty)
  end
end
