#include "core/trust/system_trust.hpp"

#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/trust/bundle_lookup.hpp"

#include <dirent.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace rcb {
namespace {

struct KnownPlace {
  TrustPlace::Kind kind;
  const char* path;
};
// In the order in which they are looked for. Red Hat's and SUSE's own places come before /etc/ssl/certs, which is there too but is not theirs:
// a hashed link that somebody put into it is not all that the system trusts.
constexpr KnownPlace kPlaces[] = {
    {TrustPlace::Kind::kFolder, "/etc/pki/ca-trust/extracted/pem/directory-hash"},     // Fedora 41, RHEL 10
    {TrustPlace::Kind::kBundle, "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"},  // RHEL before it, Amazon Linux
    {TrustPlace::Kind::kFolder, "/var/lib/ca-certificates/openssl"},                   // SUSE
    {TrustPlace::Kind::kBundle, "/var/lib/ca-certificates/ca-bundle.pem"},
    {TrustPlace::Kind::kFolder, "/etc/ssl/certs"},                      // Debian, Ubuntu, Flatcar, COS, Alpine
    {TrustPlace::Kind::kBundle, "/etc/ssl/certs/ca-certificates.crt"},  // these without hashed names, Talos
    {TrustPlace::Kind::kBundle, "/etc/pki/tls/certs/ca-bundle.crt"},    // Bottlerocket
    {TrustPlace::Kind::kBundle, "/etc/ssl/ca-bundle.pem"},              // SUSE's older name
    {TrustPlace::Kind::kBundle, "/etc/ssl/cert.pem"},                   // Alpine's smallest, the BSDs
};

// "5ad8a5d6.0": what OpenSSL looks for.
bool isHashedName(std::string_view name) {
  constexpr std::size_t kHashDigits = 8;
  return name.size() > kHashDigits + 1 && name[kHashDigits] == '.' &&
         std::all_of(name.begin(), name.begin() + kHashDigits,
                     [](char c) { return hexValue(c) >= 0 && !isUpper(c); }) &&
         std::all_of(name.begin() + kHashDigits + 1, name.end(), isDigit);
}

bool hasHashedNames(const std::string& folder) {
  struct Closer {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  const std::unique_ptr<DIR, Closer> open(::opendir(folder.c_str()));
  if (open == nullptr) return false;
  while (const dirent* entry = ::readdir(open.get())) {
    if (isHashedName(entry->d_name)) return true;
  }
  return false;
}

void requireTrustedFolder(const std::string& folder) {
  struct stat info;
  const std::string named = "the folder of trusted authorities " + printable(folder);
  if (::stat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    throw Error(ErrorCode::kFileUnreadable, named + " cannot be read");
  }
  if ((info.st_uid != 0 && info.st_uid != ::geteuid()) || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw Error(ErrorCode::kFileUntrusted, named + " is refused: others than root may write it")
        .advise("make it owned by root with mode 0755 or stricter");
  }
}

void trustFolder(X509_STORE* store, const std::string& folder) {
  requireTrustedFolder(folder);
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (lookup == nullptr || X509_LOOKUP_ctrl(lookup, X509_L_ADD_DIR, folder.c_str(), X509_FILETYPE_PEM, nullptr) != 1) {
    throw Error(ErrorCode::kInternal, "the folder of trusted authorities could not be set up");
  }
}

std::string valueOf(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

}  // namespace

std::optional<TrustPlace> findSystemTrust(const std::string& root) {
  for (const KnownPlace& place : kPlaces) {
    const std::string path = root + place.path;
    const bool there =
        place.kind == TrustPlace::Kind::kFolder ? hasHashedNames(path) : ::access(path.c_str(), F_OK) == 0;
    if (there) return TrustPlace{place.kind, path};
  }
  return std::nullopt;
}

void trustSystem(X509_STORE* store, const Environment& environment) {
  const std::string file = valueOf(environment, "SSL_CERT_FILE");
  std::string_view folders;
  const std::string named = valueOf(environment, "SSL_CERT_DIR");
  if (!file.empty() || !named.empty()) {
    if (!file.empty()) trustFile(store, file, "CA file in SSL_CERT_FILE");
    folders = named;
    while (!folders.empty()) {
      const std::string_view folder = folders.substr(0, folders.find(':'));
      if (!folder.empty()) trustFolder(store, std::string(folder));
      folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    }
    return;
  }
  const auto place = findSystemTrust("");
  if (!place) {
    throw Error(ErrorCode::kTlsFailed, "the system has no trusted certificate authorities in any of the usual places")
        .advise("install ca-certificates, set SSL_CERT_FILE, or set the rule's tls.caFile with caMode: replace");
  }
  if (place->kind == TrustPlace::Kind::kFolder) return trustFolder(store, place->path);
  trustFile(store, place->path, "system's CA bundle");
}

}  // namespace rcb
