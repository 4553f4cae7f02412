#include "core/trust/bundle_lookup.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"
#include "core/trust/certificate_bundle.hpp"
#include "core/trust/x509_handle.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <new>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kBundleLimit = std::size_t{8} << 20;

using Bundles = std::vector<CertificateBundle>;

Bundles* bundlesOf(X509_LOOKUP* lookup) { return static_cast<Bundles*>(X509_LOOKUP_get_method_data(lookup)); }

int createBundles(X509_LOOKUP* lookup) { return X509_LOOKUP_set_method_data(lookup, new (std::nothrow) Bundles); }

void destroyBundles(X509_LOOKUP* lookup) { delete bundlesOf(lookup); }

// All certificates of the name go into the store, where OpenSSL chooses among them; `found` borrows one of them. No exception may
// leave it: there is C above it, and only memory can be lacking.
int findBySubject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* name, X509_OBJECT* found) noexcept {
  const unsigned char* encoded = nullptr;
  std::size_t size = 0;
  if (type != X509_LU_X509 || X509_NAME_get0_der(name, &encoded, &size) != 1) return 0;
  X509_STORE* store = X509_LOOKUP_get_store(lookup);
  const X509* first = nullptr;
  const auto trust = [&](std::span<const unsigned char> der) {
    const unsigned char* begin = der.data();
    const X509Handle certificate(d2i_X509_AUX(nullptr, &begin, static_cast<long>(der.size())));
    if (certificate == nullptr || X509_NAME_cmp(X509_get_subject_name(certificate.get()), name) != 0) return;
    if (X509_STORE_add_cert(store, certificate.get()) != 1 || first != nullptr) return;
    if (X509_OBJECT_set1_X509(found, certificate.get()) == 1) first = certificate.get();
  };
  ERR_set_mark();
  for (const CertificateBundle& bundle : *bundlesOf(lookup)) bundle.find({encoded, size}, trust);
  ERR_pop_to_mark();
  if (first == nullptr) return 0;
  // Whoever asks takes a reference of its own and never gives back the one in `found`.
  X509_free(X509_OBJECT_get0_X509(found));
  return 1;
}

// Lives as long as the program, since stores point to it.
X509_LOOKUP_METHOD* bundleMethod() {
  static X509_LOOKUP_METHOD* const method = [] {
    X509_LOOKUP_METHOD* made = X509_LOOKUP_meth_new("certificates of PEM files, by subject");
    X509_LOOKUP_meth_set_new_item(made, createBundles);
    X509_LOOKUP_meth_set_free(made, destroyBundles);
    X509_LOOKUP_meth_set_get_by_subject(made, findBySubject);
    return made;
  }();
  return method;
}

}  // namespace

void requireWholeBundle(const std::string& path, const std::string& what) {
  const std::string name = what + " " + printable(path);
  const CertificateBundle bundle(readTrustedFile(path, what, kBundleLimit), name);
  std::size_t number = 0;
  ERR_set_mark();
  bundle.each([&](std::span<const unsigned char> der) {
    ++number;
    const unsigned char* begin = der.data();
    const X509Handle certificate(d2i_X509_AUX(nullptr, &begin, static_cast<long>(der.size())));
    if (certificate != nullptr && X509_get0_pubkey(certificate.get()) != nullptr) return;
    ERR_pop_to_mark();
    throw Error(ErrorCode::kFileUnreadable,
                "the " + name + " has a damaged certificate, number " + std::to_string(number))
        .advise("it must hold certificates in PEM form");
  });
  ERR_pop_to_mark();
}

void trustFile(X509_STORE* store, const std::string& path, const std::string& what) {
  CertificateBundle bundle(readTrustedFile(path, what, kBundleLimit), what + " " + printable(path));
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, bundleMethod());
  if (lookup == nullptr) throw Error(ErrorCode::kInternal, "the " + what + " could not be set up");
  bundlesOf(lookup)->push_back(std::move(bundle));
}

}  // namespace rcb
