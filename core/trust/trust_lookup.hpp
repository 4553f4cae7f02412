// Lets OpenSSL look up trusted certificates during verification, instead of parsing all of them to use one. They come from files, from folders with
// hashed names, and from a file that is read only if the folders do not suffice. The verdicts are the same as with OpenSSL's own loading
// (tests/core/trust/trust_verdicts_test.cpp).
#pragma once

#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"

#include <openssl/x509.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// Trusts each certificate of the file, whether it is a root or not. `what` is the file's role in messages. Several files act as one file. Folders are
// searched for names that no file has. Throws Error: kFileUntrusted, and kFileUnreadable, also for damage (see CertificateBundle). Damage that only
// OpenSSL's parser detects makes the certificate be ignored when it is looked up.
void trustFile(X509_STORE* store, const std::string& path, const std::string& what);

// The same for certificates in memory. `name` is where they are from, for messages.
void trustCertificates(X509_STORE* store, std::string_view pem, const std::string& name);

// Parses every certificate of the file with OpenSSL, which is slow. Throws Error as above, with the number of the damaged certificate.
void requireWholeBundle(const std::string& path, const std::string& what);

// Trusts the certificates in the folder's files for the hash of a name; all folders are searched. Problems with files are noted, see TrustNotes.
void trustFolder(X509_STORE* store, TrustedFolder folder, const std::string& what);

// Like trustFile(), but the file is opened only if the chain that a server sent does not lead to another trusted certificate. Problems are noted.
void trustFileLast(X509_STORE* store, const std::string& path, const std::string& what);

// Whether any of the functions above was called for the store.
bool trustsAnything(X509_STORE* store);

// Explains why an authority is unknown.
struct TrustNotes {
  std::optional<Error> refused;      // why a file that may contain the authority was not used
  std::vector<std::string> remarks;  // clauses, each saying why a folder contains nothing that can be found
};

// Adds a remark.
void noteAboutTrust(X509_STORE* store, const std::string& remark);
// Reads the folders.
TrustNotes trustNotes(X509_STORE* store);

}  // namespace rcb
