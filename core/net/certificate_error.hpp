// Why a server's certificate was refused, in words: the commonest failure of private registries, and the least understood.
#pragma once

#include "core/support/error.hpp"

#include <openssl/x509_vfy.h>

#include <string>
#include <vector>

namespace rcb {

// Whether a signature made with this hash can count here.
enum class SignatureHash { kUsable, kWeak, kNotSupported };

// The first thing that OpenSSL found wrong with a chain, noted while it still had the certificate at hand.
struct CertificateProblem {
  int number = X509_V_OK;    // X509_V_ERR_…
  bool ofServer = true;      // else of an authority in its chain
  bool trustedHere = false;  // it came from this node's trusted certificates, not from the server
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;      // DNS names that the certificate is for
  std::vector<std::string> addresses;  // IP addresses, likewise
  std::string signature;               // the algorithm that it is signed with
  SignatureHash hash = SignatureHash::kUsable;
  std::string validFrom;  // UTC
  std::string validUntil;
};

// `context` stands at the problem. Nothing of what it copies is trusted: all is made printable and short.
CertificateProblem noteProblem(X509_STORE_CTX* context);

// kTlsFailed with what is wrong and what to try. `asked` is the host that the connection was for.
Error certificateError(const CertificateProblem& problem, const std::string& asked);

}  // namespace rcb
