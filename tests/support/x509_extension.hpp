// Extensions of certificates that tests make.
#pragma once

#include <openssl/x509.h>

#include <string>

namespace rcb::test {

// Adds one, its value written as in openssl.cnf ("critical,CA:TRUE"); throws std::runtime_error if OpenSSL does not understand it.
void addExtension(X509* certificate, X509* issuer, int nid, const std::string& value);

}  // namespace rcb::test
