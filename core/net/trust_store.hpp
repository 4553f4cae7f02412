// Which authorities are trusted, and how they are found. Kept apart so that it can change without the rest of the TLS policy.
#pragma once

#include "core/support/environment.hpp"

#include <openssl/x509.h>

#include <string>

namespace rcb {

// The system's authorities: SSL_CERT_FILE and SSL_CERT_DIR (folders with colons between them) if either is set, else the places where
// distributions keep them. A folder with OpenSSL's hashed names is preferred: it is looked into during the handshake, so that nothing
// but the one authority in question is parsed. Throws Error: kFileUntrusted, kFileUnreadable, kTlsFailed if there are none.
void trustSystem(X509_STORE* store, const Environment& environment);

// The certificates of one PEM file, each trusted as it stands, whether it is a root or not. `what` names the file's role in messages. Throws
// Error: kFileUntrusted, kFileUnreadable (also if it holds no certificate).
void trustFile(X509_STORE* store, const std::string& path, const std::string& what);

}  // namespace rcb
