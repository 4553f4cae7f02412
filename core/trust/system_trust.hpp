// Where systems keep the authorities that they trust.
#pragma once

#include "core/support/environment.hpp"

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// What the system trusts is the union: a certificate that somebody adds to a folder takes nothing away.
struct TrustPlaces {
  std::vector<std::string> folders;   // with OpenSSL's hashed names, or without any
  std::optional<std::string> bundle;  // the distribution's own
};

// Those of the distribution that is installed below `root`: "" for this machine.
TrustPlaces findSystemTrust(const std::string& root);

// Trusts the system's authorities: SSL_CERT_FILE and SSL_CERT_DIR (absolute paths of folders with colons between them) if either is set, and then
// nothing else; otherwise the places above, of which the bundle is read only if the folders do not suffice. A folder in SSL_CERT_DIR that is not there
// is noted (trustNotes()) unless nothing else is trusted. Throws Error: kFileUntrusted, kFileUnreadable, kTlsFailed if the system has none.
void trustSystem(X509_STORE* store, const Environment& environment);

}  // namespace rcb
