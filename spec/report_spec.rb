# frozen_string_literal: true

require "spec_helper"
require "json"
require "pp"

RSpec.describe RubyLLM::Native::Report do
  def outcome(source, status, **facts)
    RubyLLM::Native::Outcome.new(source: source, status: status, **facts)
  end

  def report(*outcomes)
    described_class.new(started_at: Time.utc(2026, 1, 13, 9), duration: 0.41234, outcomes: outcomes)
  end

  let(:mixed) do
    report(
      outcome(:openai, :refreshed, count: 103, added: 2, changed: 1,
        rows: 103, bytes: 15_200, duration: 0.2149, attempts: 1, http_status: 200),
      outcome(:mistral, :failed, count: 62, kept: 62, bytes: 96,
        duration: 1.5, attempts: 4, http_status: 503, error_status: :http_status,
        error: "HTTP 503", byte: -1, curl_code: 0),
      outcome(:xai, :skipped, reason: :xai_api_key),
      outcome(:ollama, :skipped, reason: :excluded),
      outcome(:models_dev, :unchanged, count: 696, bytes: 210, duration: 0.05, attempts: 1, http_status: 304)
    )
  end

  it "is a table worth reading" do
    expect(mixed.to_s).to eq(<<~TABLE.chomp)
      3 sources asked in 0.41 s, 1 failed (mistral)

      source      status     models  added  removed  changed  kept  rejected  received  seconds
      openai      refreshed     103      2                 1                   15.2 kB     0.21
      mistral     failed         62                             62                96 B     1.50  HTTP 503 (4 requests)
      models_dev  unchanged     696                                              210 B     0.05

      Not asked, because these are not set: xai_api_key
      Not asked, because the call excluded them: ollama
    TABLE
  end

  it "is that table in a console, too" do
    expect(mixed.inspect).to eq("#<RubyLLM::Native::Report #{mixed}>")
    expect(mixed.pretty_inspect).to eq("#{mixed.inspect}\n")
  end

  it "gives logs texts and numbers that JSON holds unchanged" do
    expect(mixed.to_h).to include(started_at: "2026-01-13T09:00:00.000Z", duration: 0.412)
    expect(mixed.to_h[:sources].first).to eq(source: "openai", status: "refreshed",
      count: 103, added: 2, removed: 0, changed: 1, kept: 0, forgotten: 0,
      rows: 103, rejected: 0, left_out: 0, unread_prices: 0,
      duration: 0.215, bytes: 15_200, attempts: 1, http_status: 200)
    expect(JSON.parse(JSON.generate(mixed.to_h), symbolize_names: true)).to eq(mixed.to_h)
  end

  describe "of endpoints" do
    let(:optional) do
      report(outcome(:openai, :refreshed, bytes: 1), outcome(:lab, :failed, optional: true, error: "HTTP 503"),
        outcome(:azure_eu, :failed, provider: :azure, error: "HTTP 503"),
        outcome(:mistral, :skipped, reason: :mistral_api_key), outcome(:groq, :skipped, reason: :api_key))
    end

    it "says whose setting is missing, first of endpoints that were defined, and marks what is optional" do
      expect(optional.to_s).to eq(<<~TABLE.chomp)
        3 sources asked in 0.41 s, 1 failed (azure_eu), 1 optional failed (lab)

        source    status     models  added  removed  changed  kept  rejected  received  seconds
        openai    refreshed       0                                                1 B     0.00
        lab       failed          0                                                0 B     0.00  optional; HTTP 503
        azure_eu  failed          0                                                0 B     0.00  HTTP 503

        Not asked, because these are not set: api_key of groq, mistral_api_key
      TABLE
      expect(report(outcome(:groq, :skipped, reason: :api_key)).summary)
        .to eq("No source was asked: none is configured; set one of api_key of groq")
    end

    it "does not fail because of an optional one" do
      expect(optional.failures.map(&:source)).to eq(%i[azure_eu])
      expect(optional.optional_failures.map(&:source)).to eq(%i[lab])
      alone = report(outcome(:lab, :failed, optional: true))
      expect([alone.failed?, alone.all_failed?, alone.nobody_asked?]).to eq([false, false, false])
      both = report(outcome(:lab, :failed, optional: true), outcome(:openai, :failed))
      expect([both.failed?, both.all_failed?]).to eq([true, true])
    end

    it "keeps the provider of each" do
      expect(optional.map(&:provider)).to eq(%i[openai lab azure mistral groq])
      kept = described_class.of(JSON.parse(JSON.generate(optional.to_h), symbolize_names: true))
      expect(kept.outcomes).to eq(optional.outcomes)
    end
  end

  describe "of very many sources" do
    def quiet(number, status = :refreshed)
      Array.new(number) { |n| outcome("#{status}_#{n}", status, count: 1_000, bytes: 40_000, duration: 0.1) }
    end

    let(:many) do
      report(*quiet(97),
        outcome(:groq, :refreshed, count: 20, added: 2, bytes: 5_000, duration: 0.2),
        outcome(:lab, :failed, optional: true, error: "HTTP 503"),
        outcome(:acme, :refreshed, count: 3, remark: "no prices", bytes: 400),
        outcome(:azure_eu, :failed, provider: :azure, count: 7, kept: 7, error: "timed out", duration: 5.0),
        *quiet(8, :unchanged),
        outcome(:models_dev, :unchanged, count: 5_276, bytes: 210, duration: 0.05),
        outcome(:mistral, :skipped, reason: :mistral_api_key, count: 62, kept: 62),
        outcome(:xai, :skipped, reason: :xai_api_key))
    end

    it "begins with those that failed, then shows what is new, and sums the others" do
      expect(many.to_s).to eq(<<~TABLE.chomp)
        110 sources asked in 0.41 s, 1 failed (azure_eu), 1 optional failed (lab)

        source      status     models  added  removed  changed  kept  rejected  received  seconds
        azure_eu    failed          7                              7                 0 B     5.00  timed out
        lab         failed          0                                                0 B     0.00  optional; HTTP 503
        groq        refreshed      20      2                                      5.0 kB     0.20
        acme        refreshed       3                                              400 B     0.00  no prices
        models_dev  unchanged    5276                                              210 B     0.05

        97 refreshed without news: 97,000 models, 3.9 MB
        8 unchanged: 8,000 models, 320.0 kB
        1 skipped: 62 models kept

        Not asked, because these are not set: xai_api_key, mistral_api_key
      TABLE
    end

    it "shows what answered without a model" do
      expect(report(*quiet(20), outcome(:bare, :empty)).to_s).to include("\nbare    empty ")
    end

    it "has a line for each of up to twenty" do
      expect(report(*quiet(20)).to_s.lines.grep(/^refreshed_/).size).to eq(20)
      expect(report(*quiet(21)).to_s.lines(chomp: true))
        .to eq(["21 sources asked in 0.41 s", "", "21 refreshed without news: 21,000 models, 840.0 kB"])
    end

    it "names the first of those that the call excluded" do
      excluded = Array.new(100) { |n| outcome("e_#{n}", :skipped, reason: :excluded, count: 9, kept: n % 2) }
      text = report(*quiet(1), *excluded).to_s

      expect(text).to include("\n\n1 refreshed without news: 1,000 models, 40.0 kB\n50 skipped: 50 models kept\n\n")
      expect(text).to match(/^Not asked, because the call excluded them: e_0, (e_\d+, ){19}80 more\z/)
    end

    it "keeps every outcome for logs, and one line for the log" do
      expect(many.to_h[:sources].size).to eq(many.count).and eq(112)
      expect(JSON.parse(JSON.generate(many.to_h), symbolize_names: true)).to eq(many.to_h)
      expect(many.summary).to eq("110 sources asked in 0.41 s, 1 failed (azure_eu), 1 optional failed (lab)")
    end
  end

  it "finds a source by either kind of name" do
    expect(mixed[:mistral]).to be(mixed["mistral"])
    expect(mixed[:nobody]).to be_nil
  end

  it "knows whether a source failed" do
    expect(mixed).to be_failed
    expect(report(outcome(:openai, :empty), outcome(:xai, :skipped, reason: :xai_api_key))).not_to be_failed
  end

  it "says where in the answer a source went wrong" do
    failed = outcome(:openai, :failed, error: "the answer ended early", byte: 120)
    expect(failed).to have_attributes(error: "the answer ended early, at byte 120", byte: 120)
  end

  describe "#all_failed?" do
    it "is true when every provider asked failed, whatever a metadata source did" do
      expect(report(outcome(:openai, :failed), outcome(:xai, :skipped), outcome(:models_dev, :refreshed)))
        .to be_all_failed
    end

    it "is false when one provider answered" do
      expect(report(outcome(:openai, :failed), outcome(:mistral, :empty))).not_to be_all_failed
    end

    it "counts a metadata source when nothing else was asked" do
      expect(report(outcome(:openai, :skipped), outcome(:models_dev, :failed))).to be_all_failed
    end

    it "is false when nothing was asked" do
      expect(report(outcome(:openai, :skipped))).not_to be_all_failed
    end
  end

  describe "with nobody to ask" do
    let(:nobody) do
      report(outcome(:openai, :skipped, reason: :openai_api_key), outcome(:xai, :skipped, reason: :xai_api_key))
    end

    it "names the settings that would help" do
      expect(nobody).to be_nobody_asked
      expect(nobody.to_s).to eq("No source was asked: none is configured; set one of openai_api_key, xai_api_key")
    end

    it "names only those that the call asked for" do
      asked_for = report(
        outcome(:openai, :skipped, reason: :openai_api_key), outcome(:xai, :skipped, reason: :excluded)
      )
      expect(asked_for.summary).to eq("No source was asked: none is configured; set one of openai_api_key")
      expect(report(outcome(:xai, :skipped, reason: :excluded)).summary)
        .to eq("No source was asked: the call excluded every configured source")
    end

    it "says that no provider is configured when only a metadata source was asked" do
      documented = report(
        outcome(:openai, :skipped, reason: :openai_api_key), outcome(:models_dev, :refreshed, count: 9)
      )
      expect(documented.summary).to eq("1 source asked in 0.41 s, no provider is configured")
      expect(report(outcome(:openai, :skipped, reason: :excluded), outcome(:models_dev, :refreshed)).summary)
        .to eq("1 source asked in 0.41 s")
      expect(documented).not_to be_nobody_asked
    end
  end

  it "is empty before the first refresh" do
    expect(described_class.new).to have_attributes(to_s: "No refresh yet", to_a: [], failed?: false,
      to_h: {started_at: nil, duration: 0.0, sources: []})
  end

  it "goes with the error, which names those that failed" do
    expect(RubyLLM::Native::RefreshError.new(mixed))
      .to have_attributes(report: mixed, message: "The refresh failed: mistral (HTTP 503)")
  end
end
