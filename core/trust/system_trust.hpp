// Finds and trusts the system's certificate authorities.
#pragma once

#include "core/support/environment.hpp"

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// The system trusts the union of these: adding a certificate to a folder does not disable the bundle.
struct TrustPlaces {
  std::vector<std::string> folders;   // with or without OpenSSL's hashed names
  std::optional<std::string> bundle;  // from the distribution
};

// The places of the distribution that is installed below `root`; "" for this machine.
TrustPlaces findSystemTrust(const std::string& root);

// Trusts the system's authorities. If SSL_CERT_FILE or SSL_CERT_DIR (absolute folders, separated by colons) is set, only those; otherwise the
// places above, where the bundle is read only if the folders do not suffice. A missing folder in SSL_CERT_DIR is noted (trustNotes()), or is an error
// if nothing else is trusted. Throws Error: kFileUntrusted, kFileUnreadable, kTlsFailed if the system has none.
void trustSystem(X509_STORE* store, const Environment& environment);

}  // namespace rcb
