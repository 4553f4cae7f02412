#include "core/net/trust_store.hpp"

#include "core/net/openssl_handle.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace rcb {
namespace {

constexpr std::size_t kBundleLimit = std::size_t{8} << 20;

// Debian, Alpine and most minimal systems; SUSE; Fedora since 41.
constexpr const char* kFolders[] = {"/etc/ssl/certs", "/var/lib/ca-certificates/openssl",
                                    "/etc/pki/ca-trust/extracted/pem/directory-hash"};
// Debian and Talos; Red Hat and Bottlerocket; SUSE; Red Hat's source of its links; Alpine and the BSDs.
constexpr const char* kBundles[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                    "/etc/ssl/ca-bundle.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                    "/etc/ssl/cert.pem"};

// "5ad8a5d6.0": what OpenSSL looks for.
bool isHashedName(std::string_view name) {
  constexpr std::size_t kHashDigits = 8;
  return name.size() > kHashDigits + 1 && name[kHashDigits] == '.' &&
         std::all_of(name.begin(), name.begin() + kHashDigits,
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }) &&
         std::all_of(name.begin() + kHashDigits + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool hasHashedNames(const char* folder) {
  struct Closer {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  const std::unique_ptr<DIR, Closer> open(::opendir(folder));
  if (open == nullptr) return false;
  while (const dirent* entry = ::readdir(open.get())) {
    if (isHashedName(entry->d_name)) return true;
  }
  return false;
}

// Its files are not checked one by one: only who may write the folder can put any there.
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

void trustFile(X509_STORE* store, const std::string& path, const std::string& what) {
  const Secret text = readTrustedFile(path, what, kBundleLimit);
  const BioHandle source(BIO_new_mem_buf(text.reveal().data(), static_cast<int>(text.size())));
  std::size_t count = 0;
  ERR_clear_error();
  while (const X509Handle certificate{PEM_read_bio_X509_AUX(source.get(), nullptr, nullptr, nullptr)}) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1) break;
    ++count;
  }
  // The one expected end is that no further PEM block begins.
  const bool damaged = ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count == 0 || damaged) {
    throw Error(
        ErrorCode::kFileUnreadable,
        "the " + what + " " + printable(path) +
            (damaged ? " has a damaged certificate, number " + std::to_string(count + 1) : " holds no certificate"))
        .advise("it must hold certificates in PEM form");
  }
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
  for (const char* folder : kFolders) {
    if (hasHashedNames(folder)) return trustFolder(store, folder);
  }
  for (const char* bundle : kBundles) {
    if (::access(bundle, F_OK) == 0) return trustFile(store, bundle, "system's CA bundle");
  }
  throw Error(ErrorCode::kTlsFailed, "the system has no trusted certificate authorities in any of the usual places")
      .advise("install ca-certificates, or set SSL_CERT_FILE or the rule's tls.caFile");
}

}  // namespace rcb
