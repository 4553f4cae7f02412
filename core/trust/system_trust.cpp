#include "core/trust/system_trust.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"
#include "core/trust/trust_lookup.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

constexpr const char* kFolders[] = {
    "/etc/pki/ca-trust/extracted/pem/directory-hash",  // Fedora 41, RHEL 10
    "/var/lib/ca-certificates/openssl",                // SUSE
    "/etc/ssl/certs",  // Debian, Ubuntu, Flatcar, COS, Alpine; elsewhere a link, or for additions
};
// The first existing file is used. Red Hat's and SUSE's own paths precede the compatibility paths that they also have.
constexpr const char* kBundles[] = {
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Red Hat, Amazon Linux
    "/var/lib/ca-certificates/ca-bundle.pem",             // SUSE
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian and its derivatives, Talos
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Bottlerocket
    "/etc/ssl/ca-bundle.pem",                             // older SUSE
    "/etc/ssl/cert.pem",                                  // minimal Alpine, the BSDs
};

std::string valueOf(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

// Throws Error(kFileUnreadable) if none of the folders exists and nothing else is trusted.
void trustNamedFolders(X509_STORE* store, std::string_view folders) {
  const std::string what = "folder in SSL_CERT_DIR";
  std::optional<Error> missing;
  while (!folders.empty()) {
    const std::string path(folders.substr(0, folders.find(':')));
    folders.remove_prefix(std::min(path.size() + 1, folders.size()));
    if (path.empty()) continue;
    if (auto folder = findTrustedFolder(path, what)) {
      trustFolder(store, std::move(*folder), what);
      continue;
    }
    Error error(ErrorCode::kFileUnreadable, "the " + what + " " + printable(path) + " does not exist");
    noteAboutTrust(store, error.message());
    if (!missing)
      missing = std::move(error).advise("correct SSL_CERT_DIR, or create the folder and run `openssl rehash` on it");
  }
  if (missing && !trustsAnything(store)) throw std::move(*missing);
}

}  // namespace

TrustPlaces findSystemTrust(const std::string& root) {
  const auto isThere = [&root](const char* path) { return ::access((root + path).c_str(), F_OK) == 0; };
  TrustPlaces places;
  for (const char* folder : kFolders) {
    if (isThere(folder)) places.folders.push_back(root + folder);
  }
  const auto* bundle = std::find_if(std::begin(kBundles), std::end(kBundles), isThere);
  if (bundle != std::end(kBundles)) places.bundle = root + *bundle;
  return places;
}

void trustSystem(X509_STORE* store, const Environment& environment) {
  const std::string file = valueOf(environment, "SSL_CERT_FILE");
  const std::string folders = valueOf(environment, "SSL_CERT_DIR");
  if (!file.empty() || !folders.empty()) {
    if (!file.empty()) trustFile(store, file, "CA file in SSL_CERT_FILE");
    trustNamedFolders(store, folders);
    return;
  }
  const TrustPlaces places = findSystemTrust("");
  for (const std::string& folder : places.folders) {
    trustFolder(store, TrustedFolder(folder, "system's CA folder"), "system's CA folder");
  }
  const std::string what = "system's CA bundle";
  if (places.bundle && places.folders.empty()) return trustFile(store, *places.bundle, what);
  if (places.bundle) return trustFileLast(store, *places.bundle, what);
  if (trustNotes(store).remarks.size() < places.folders.size()) return;  // not all of them are empty
  throw Error(ErrorCode::kTlsFailed, "the system has no trusted certificate authorities in any of the usual places")
      .advise("install ca-certificates, set SSL_CERT_FILE, or set the rule's tls.caFile with caMode: replace");
}

}  // namespace rcb
