# frozen_string_literal: true

require_relative "spec_helper"
require_relative "support/recorded_others"

RSpec.describe "models.dev as it was recorded", :payloads do
  before(:context) do
    next unless Payloads.there?

    @recorded = RecordedOthers.new("2026-01-13") { |path| Payloads.payload(path) }
    sheet, @rejected = RubyLLM::Native.read_sheet("models_dev", @recorded.body("models_dev"), Sheets::NOW)
    view = RubyLLM::Native::View.new(
      RubyLLM::Native::Catalog.merge([sheet], RecordedOthers::NAMES.values.uniq)
    )
    @all = RubyLLM::Native::Catalog.merge([sheet])
    @models = view.to_h { |model| [[model.provider, model.id], model] }
  end

  let(:dates) { @recorded.catalogued_dates }

  it "are all that are mapped, without a bad row" do
    expect(@rejected).to eq(0)
    expect(@models.keys).to match_array(dates.keys)
    expect(dates.size).to eq(805)
  end

  it "are all of all providers, if all are asked for" do
    stated = JSON.parse(@recorded.body("models_dev")).flat_map do |name, provider|
      slug = RecordedOthers::NAMES.fetch(name) { name.tr("-.", "_") }
      provider["models"].keys.map { |id| [slug, id] }
    end

    expect(RubyLLM::Native::View.new(@all).map { |model| [model.provider, model.id] }).to match_array(stated.uniq)
    expect([stated.size, stated.uniq.size, stated.map(&:first).uniq.size]).to eq([5276, 5264, 145])
  end

  %i[created_at knowledge_cutoff].each do |field|
    it "have every #{field}, as exactly as it is stated" do
      wrong = dates.filter_map do |key, stated|
        model = @models.fetch(key)
        time, precision = stated[field]
        found = [model.send(:time, field), model.send(:timestamp, field)&.last]
        {model: key, stated: [time, precision], shown: found} unless found == [time, precision]
      end

      expect(dates.count { |_, stated| stated[field] }).to be > 500
      expect(wrong).to be_empty
    end
  end

  it "have months and days among them" do
    precisions = dates.values.flat_map { |stated| stated.map { |field, (_, precision)| [field, precision] } }.tally

    expect(precisions).to include([:created_at, :day], [:knowledge_cutoff, :month], [:knowledge_cutoff, :day])
    expect(precisions.values.sum).to be > 1000
  end
end
