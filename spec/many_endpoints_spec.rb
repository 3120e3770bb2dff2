# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/endpoint_server"
require_relative "support/refreshing"

# Two endpoints for each of sixty providers, asked by one refresh.
RSpec.describe "120 endpoints in one refresh" do
  include Refreshing

  delay = 0.3
  count = 120
  names = Array.new(count) { |number| "endpoint_#{number}" }

  # What one answers instead of its models, at its number.
  faults = {10 => [500, '{"error":"broken"}'], 30 => :reset, 50 => :cut}
  silent = 70
  closed = 90
  dead = [*faults.keys, silent, closed]

  let(:server) do
    EndpointServer.open(delay: delay) do |path|
      number = Integer(path[%r{\A/(\d+)/models\z}, 1])
      (faults[number] if with_faults) || [200, JSON.generate(data: [{id: "own-#{number}"}, {id: "common"}])]
    end
  end
  let(:unheard) { TCPServer.new("127.0.0.1", 0) } # the system accepts for it, and nobody reads
  let(:with_faults) { true }

  around { |example| Timeout.timeout(60) { example.run } }
  after do
    server.stop
    unheard.close
  end

  def requests(names, closed: nil, silent: nil)
    names.each_with_index.map do |name, number|
      base_url = server.url(number)
      base_url = "http://127.0.0.1:#{closed_port}" if number == closed
      base_url = "http://127.0.0.1:#{unheard.addr[1]}" if number == silent
      {source: name, api: "openai", provider: "provider_#{number / 2}", base_url: base_url,
       settings: {"openai_api_key" => "key-#{number}"}}
    end
  end

  # @return [Array] the catalog, the outcomes, and the seconds after which each request had ended
  def ask(requests, **options)
    run = RubyLLM::Native.const_get(:Run).open(
      requests: requests, held: [], before: nil, now: Sheets::NOW, timeout: 30.0, request_timeout: 4.0,
      connect_timeout: 3.0, retries: 1, **options
    )
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    ended = {}
    while (news = run.step)
      at = Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
      news.each { |position| ended[position] = at }
    end
    catalog, = run.finish
    [catalog, requests.each_index.map { |position| run.outcome(position) }, ended]
  ensure
    run&.close
  end

  def tell(format, *facts)
    RSpec.configuration.reporter.message("120 endpoints of 0.3 s#{Kernel.format(format, *facts)}")
  end

  it "asks all at once, lists every model, and the dead ones fail alone" do
    catalog, outcomes, ended = ask(requests(names, closed: closed, silent: silent), connections: 128)
    alive = (0...count).to_a - dead

    expect(alive.map { |number| outcomes[number].values_at(:source, :status, :rows, :attempts) })
      .to eq(alive.map { |number| [names[number], :refreshed, 2, 1] })
    expect(dead.sort.map { |number| [number, *outcomes[number].values_at(:status, :error_status, :attempts)] }).to eq([
      [10, :failed, :http_status, 2], [30, :failed, :network, 2], [50, :failed, :network, 2],
      [silent, :failed, :timed_out, 2], [closed, :failed, :network, 2]
    ])
    view = RubyLLM::Native::View.new(catalog)
    expect(alive.map { |number| view.find("own-#{number}", provider: "provider_#{number / 2}").endpoints })
      .to eq(alive.map { |number| [names[number].to_sym] })
    expect(Array.new(count / 2) { |number| view.find("common", provider: "provider_#{number}").endpoints })
      .to eq(names.map(&:to_sym).each_slice(2).map { |pair| (pair - dead.map { |number| :"endpoint_#{number}" }).sort })
    tell(": %d of them after %.2f s, the silent one after %.2f s",
      alive.size, ended.values_at(*alive).max, ended[silent])
  end

  context "when fewer may be connected" do
    let(:with_faults) { false }

    # The last ones wait for 2.1 s, with 1.5 s for each request and 1 s to connect.
    it "lets the others wait, which takes none of their time" do
      _catalog, outcomes, ended = ask(requests(names), connections: 16)

      expect(outcomes.map { |outcome| outcome.values_at(:status, :error, :attempts) }.uniq)
        .to eq([[:refreshed, nil, 1]])
      expect(server.most).to be_between(1, 16)
      tell(" over 16 connections: after %.2f s", ended.values.max)
    end

    it "loses no time to a dead one" do
      _catalog, outcomes, ended = ask(requests(names, silent: 0), connections: 16)

      expect(outcomes.drop(1).map { |outcome| outcome[:status] }.uniq).to eq([:refreshed])
      expect(outcomes.first).to include(status: :failed, error_status: :timed_out, attempts: 2)
      tell(" over 16 connections, one of them silent: the others after %.2f s", ended.except(0).values.max)
    end
  end
end
