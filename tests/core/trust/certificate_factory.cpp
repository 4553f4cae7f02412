#include "tests/core/trust/certificate_factory.hpp"

#include "tests/support/x509_extension.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace rcb::test {
namespace {

using Bio = std::unique_ptr<BIO, OpensslReleaser<BIO_free>>;
using Name = std::unique_ptr<X509_NAME, OpensslReleaser<X509_NAME_free>>;
using Text = std::unique_ptr<ASN1_STRING, OpensslReleaser<ASN1_STRING_free>>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("test certificates: cannot ") + what);
}

Name makeName(const std::vector<NamePart>& parts) {
  Name name(X509_NAME_new());
  for (const NamePart& part : parts) {
    ASN1_STRING* made = nullptr;
    // Of the wanted type, whatever the characters would allow.
    ASN1_mbstring_copy(&made, reinterpret_cast<const unsigned char*>(part.value.data()),
                       static_cast<int>(part.value.size()), MBSTRING_UTF8, ASN1_tag2bit(part.type));
    const Text value(made);
    require(value != nullptr, "encode a name");
    require(X509_NAME_add_entry_by_txt(name.get(), part.field.c_str(), part.type, ASN1_STRING_get0_data(value.get()),
                                       ASN1_STRING_length(value.get()), -1, 0) == 1,
            "make a name");
  }
  return name;
}

std::string textOf(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

KeyHandle makeKey() {
  KeyHandle key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  require(key != nullptr, "make a key");
  return key;
}

Certified certify(const CertificateShape& shape, const Certified* issuer, KeyHandle key) {
  static long serial = 0;
  constexpr long kDay = 24 * 60 * 60;
  Certified made{X509Handle(X509_new()), key != nullptr ? std::move(key) : makeKey()};
  X509* certificate = made.get();
  const Name subject = makeName(shape.subject);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), shape.validFromDays * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), shape.validUntilDays * kDay);
  X509_set_subject_name(certificate, subject.get());
  X509* signer = issuer != nullptr ? issuer->get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  X509_set_pubkey(certificate, made.key.get());
  addExtension(certificate, signer, NID_basic_constraints, shape.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  for (const auto& [nid, value] : shape.extensions) addExtension(certificate, signer, nid, value);
  EVP_PKEY* signingKey = issuer != nullptr ? issuer->key.get() : made.key.get();
  require(X509_sign(certificate, signingKey, EVP_sha256()) > 0, "sign");
  return made;
}

std::string pemOf(const X509* certificate) {
  const Bio memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(memory.get(), const_cast<X509*>(certificate)) == 1, "write a certificate");
  return textOf(memory.get());
}

std::string trustedPemOf(const X509* certificate) {
  const Bio memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509_AUX(memory.get(), const_cast<X509*>(certificate)) == 1, "write a certificate");
  return textOf(memory.get());
}

std::vector<X509Handle> readPem(const std::string& text) {
  const Bio memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::vector<X509Handle> all;
  while (X509Handle one{PEM_read_bio_X509_AUX(memory.get(), nullptr, nullptr, nullptr)}) all.push_back(std::move(one));
  ERR_clear_error();
  return all;
}

}  // namespace rcb::test
