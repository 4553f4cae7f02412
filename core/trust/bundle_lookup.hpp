// Trust in the certificates of a PEM file that OpenSSL looks up while it verifies, instead of parsing all of them to use one. Verdicts are those
// of OpenSSL's own loading (tests/core/trust/trust_verdicts_test.cpp).
#pragma once

#include <openssl/x509.h>

#include <string>

namespace rcb {

// Trusts each certificate of the file as it stands, whether it is a root or not. `what` names the file's role in messages. Several files make one
// lookup: all their certificates of a name count, as if they were one file. A folder's are asked for a name that no file has; so name files first.
// Throws Error: kFileUntrusted, and kFileUnreadable also for damage (see CertificateBundle). A certificate that only OpenSSL's parser can tell is
// damaged is passed over when its name is asked for.
void trustFile(X509_STORE* store, const std::string& path, const std::string& what);

// Parses every certificate of the file with OpenSSL, for who has the time. Throws Error as above, with the number of the damaged one.
void requireWholeBundle(const std::string& path, const std::string& what);

}  // namespace rcb
