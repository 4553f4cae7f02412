// Certificates of any shape, made at test time: what Pki, which knows one shape of chain, does not make. ECDSA P-256 throughout.
#pragma once

#include "core/trust/x509_handle.hpp"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rcb::test {

using KeyHandle = std::shared_ptr<EVP_PKEY>;

struct NamePart {
  std::string field;
  std::string value;  // UTF-8
  int type = V_ASN1_UTF8STRING;
};

struct CertificateShape {
  std::vector<NamePart> subject;
  bool authority = true;
  int validFromDays = -1;  // from today
  int validUntilDays = 30;
  std::vector<std::pair<int, std::string>> extensions = {};  // NID and value, as in OpenSSL's configuration file
};

struct Certified {
  X509Handle certificate;
  KeyHandle key;

  X509* get() const { return certificate.get(); }
};

inline std::vector<NamePart> called(const std::string& commonName) { return {{"CN", commonName}}; }

KeyHandle makeKey();

// By itself if there is no issuer. With the given key, or else a new one.
Certified certify(const CertificateShape& shape, const Certified* issuer = nullptr, KeyHandle key = nullptr);

// One PEM block; a TRUSTED CERTIFICATE with its trust settings.
std::string pemOf(const X509* certificate);
std::string trustedPemOf(const X509* certificate);

// The certificates of a PEM text.
std::vector<X509Handle> readPem(const std::string& text);

}  // namespace rcb::test
