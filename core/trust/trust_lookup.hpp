// Trust in certificates that OpenSSL looks up while it verifies, instead of parsing all of them to use one. They come from files, from folders with
// hashed names, and from a file that is read only if the folders do not suffice. Verdicts are those of OpenSSL's own loading
// (tests/core/trust/trust_verdicts_test.cpp).
#pragma once

#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// Trusts each certificate of the file as it stands, whether it is a root or not. `what` names the file's role in messages. Several files make one
// lookup: all their certificates of a name count, as if they were one file. A folder's are asked for a name that no file has.
// Throws Error: kFileUntrusted, and kFileUnreadable also for damage (see CertificateBundle). A certificate that only OpenSSL's parser can tell is
// damaged is passed over when its name is asked for.
void trustFile(X509_STORE* store, const std::string& path, const std::string& what);

// Parses every certificate of the file with OpenSSL, for who has the time. Throws Error as above, and with the number of a damaged one.
void requireWholeBundle(const std::string& path, const std::string& what);

// Trusts likewise what is found in the folder under the hash of a name, in all folders. What is wrong with a file is noted, see below.
void trustFolder(X509_STORE* store, TrustedFolder folder, const std::string& what);

// As trustFile(), but the file is not opened unless the chain that a server shows leads to nothing that the rest has. What is wrong with it is noted.
void trustFileLast(X509_STORE* store, const std::string& path, const std::string& what);

// Whether any of the above was called for it.
bool trustsAnything(X509_STORE* store);

// What to tell if an authority is not known.
struct TrustNotes {
  std::optional<Error> refused;      // why a file that might hold an authority that was asked for was not used
  std::vector<std::string> remarks;  // clauses: why places hold nothing that could be found
};

// Adds a remark.
void noteAboutTrust(X509_STORE* store, const std::string& remark);
// Looks into the folders for it.
TrustNotes trustNotes(X509_STORE* store);

}  // namespace rcb
