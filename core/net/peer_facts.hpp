// What a TLS handshake showed of the server, for those who do not know OpenSSL.
#pragma once

#include <chrono>
#include <string>

namespace rcb {

// A certificate that was accepted, in words. Untrusted, but printable and short.
struct CertificateFacts {
  std::string subject;  // common name, or organization
  std::string issuer;
  std::string validUntil;  // UTC
};

// The peer of a connection whose certificate was verified.
struct PeerFacts {
  CertificateFacts certificate;
  std::string authority;            // the subject of the trusted certificate at the end of its chain
  std::chrono::seconds validFor{};  // how long its certificate is valid from now; zero if that cannot be told
  std::string protocol;             // "TLSv1.3"
};

}  // namespace rcb
