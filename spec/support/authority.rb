# frozen_string_literal: true

require "openssl"

# One authority for all examples, and what it says of 127.0.0.1: PEM files in a folder that goes when they end.
class Authority
  attr_reader :ca_file, :cert, :key, :folder

  def initialize(folder)
    @folder = folder
    @ca_key = OpenSSL::PKey::RSA.new(2048)
    @ca = issue("Acme Test Authority", @ca_key, "basicConstraints" => "CA:TRUE", "keyUsage" => "keyCertSign,cRLSign")
    server_key = OpenSSL::PKey::RSA.new(2048)
    server = issue("127.0.0.1", server_key, "subjectAltName" => "IP:127.0.0.1", "extendedKeyUsage" => "serverAuth")
    @ca_file = write("ca.pem", @ca)
    @cert = write("server.pem", server)
    @key = write("server.key", server_key)
  end

  # @return [String] a folder as OpenSSL wants it: the certificate under the hash of its name
  def ca_path
    File.join(folder, "authorities").tap do |path|
      FileUtils.mkdir_p(path)
      File.write(File.join(path, format("%08x.0", @ca.subject.hash)), @ca.to_pem)
    end
  end

  private

  def issue(name, key, extensions)
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = rand(1 << 64)
    certificate.subject = OpenSSL::X509::Name.new([["CN", name]])
    certificate.issuer = @ca ? @ca.subject : certificate.subject
    certificate.public_key = key.public_key
    certificate.not_before = Time.now - 3600
    certificate.not_after = Time.now + 3600
    factory = OpenSSL::X509::ExtensionFactory.new(@ca || certificate, certificate)
    extensions.each do |extension, value|
      certificate.add_extension(factory.create_extension(extension, value, extension != "subjectAltName"))
    end
    certificate.sign(@ca_key, OpenSSL::Digest.new("SHA256"))
  end

  def write(name, content)
    File.join(folder, name).tap { |path| File.write(path, content.to_pem) }
  end
end
