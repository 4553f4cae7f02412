// Where systems keep the authorities that they trust.
#pragma once

#include "core/support/environment.hpp"

#include <openssl/x509.h>

#include <optional>
#include <string>

namespace rcb {

struct TrustPlace {
  enum class Kind { kFolder, kBundle };
  Kind kind;
  std::string path;
};

// The place of the distribution that is installed below `root`: "" for this machine. Each has one; a folder with OpenSSL's hashed names is
// preferred to a bundle, since looking into it costs less than reading a bundle.
std::optional<TrustPlace> findSystemTrust(const std::string& root);

// Trusts the system's authorities: SSL_CERT_FILE and SSL_CERT_DIR (folders with colons between them) if either is set, and then nothing else;
// otherwise the place above. A folder is looked into while OpenSSL verifies; files there are not checked one by one, since only who may write
// the folder can put any there. Throws Error: kFileUntrusted, kFileUnreadable, kTlsFailed if there are none.
void trustSystem(X509_STORE* store, const Environment& environment);

}  // namespace rcb
