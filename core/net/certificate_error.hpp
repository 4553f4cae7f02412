// Explains why a server's certificate was refused, the most common failure with private registries.
#pragma once

#include "core/net/peer_facts.hpp"
#include "core/support/error.hpp"
#include "core/trust/trust_lookup.hpp"

#include <openssl/x509_vfy.h>

#include <string>
#include <vector>

namespace rcb {

// Whether signatures with this hash are accepted.
enum class SignatureHash { kUsable, kWeak, kNotSupported };

// The first problem that OpenSSL found in a chain, copied while the certificate is still accessible.
struct CertificateProblem {
  int number = X509_V_OK;    // X509_V_ERR_…
  bool ofServer = true;      // otherwise it is in a CA certificate of the chain
  bool trustedHere = false;  // it came from this node's trusted certificates, not from the server
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;      // DNS names that the certificate is for
  std::vector<std::string> addresses;  // IP addresses that the certificate is for
  std::string signature;               // the algorithm that it is signed with
  SignatureHash hash = SignatureHash::kUsable;
  std::string validFrom;  // UTC
  std::string validUntil;
  TrustNotes trust;  // filled if an authority is unknown
};

CertificateFacts describeCertificate(const X509* certificate);

// `context` is the one passed to OpenSSL's verification callback. Everything copied from it is untrusted and made printable and short.
CertificateProblem noteProblem(X509_STORE_CTX* context);

// kTlsFailed, with the cause and advice. `asked` is the host that the connection was made to.
Error certificateError(const CertificateProblem& problem, const std::string& asked);

}  // namespace rcb
