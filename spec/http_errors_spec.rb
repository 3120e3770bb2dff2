# frozen_string_literal: true

require_relative "spec_helper"

RSpec.describe RubyLLM::Native::HttpErrors do
  def error_of(status, message = nil)
    described_class.class_of(status, message)
  end

  it "names the ruby_llm gem's errors by status" do
    names = [400, 401, 402, 403, 429, 500, 502, 503, 504, 529].to_h do |status|
      [status, error_of(status).name.delete_prefix("RubyLLM::")]
    end
    expect(names).to eq(
      400 => "BadRequestError", 401 => "UnauthorizedError",
      402 => "PaymentRequiredError", 403 => "ForbiddenError", 429 => "RateLimitError",
      500 => "ServerError", 502 => "ServiceUnavailableError",
      503 => "ServiceUnavailableError", 504 => "ServiceUnavailableError",
      529 => "OverloadedError"
    )
  end

  it "tells a bad key where it is not 401" do
    expect(error_of(400, "HTTP 400: API key not valid. Please pass a valid API key.")).to be(RubyLLM::UnauthorizedError)
    expect(error_of(400, "HTTP 400: Incorrect API key provided. It begins with xai-")).to be(RubyLLM::UnauthorizedError)
    expect(error_of(403, "HTTP 403: The security token included in the request is invalid."))
      .to be(RubyLLM::UnauthorizedError)
    expect(error_of(403, "HTTP 403: AccessDenied")).to be(RubyLLM::ForbiddenError)
  end

  it "tells an empty purse and an overload by their messages" do
    expect(error_of(400, "Your credit balance is too low to access the API")).to be(RubyLLM::PaymentRequiredError)
    expect(error_of(400, "The service is currently overloaded")).to be(RubyLLM::OverloadedError)
  end

  it "has the parent class for other failures, and nil if no status tells of one" do
    expect([error_of(404), error_of(422)]).to all(be(RubyLLM::Error))
    expect([error_of(nil), error_of(200), error_of(304)]).to all(be_nil)
  end

  it "is in an outcome and, as a text, in its Hash" do
    outcome = RubyLLM::Native::Outcome.new(
      source: "gemini", status: :failed, http_status: 400, error: "HTTP 400: API key not valid."
    )
    expect(outcome.error_class).to be(RubyLLM::UnauthorizedError)
    expect(outcome.to_h[:error_class]).to eq("RubyLLM::UnauthorizedError")
    expect(RubyLLM::Native::Outcome.new(source: "openai", status: :refreshed, http_status: 200).error_class).to be_nil
  end
end
