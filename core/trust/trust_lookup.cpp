#include "core/trust/trust_lookup.hpp"

#include "core/support/printable.hpp"
#include "core/trust/certificate_bundle.hpp"
#include "core/trust/hashed_folder.hpp"
#include "core/trust/x509_handle.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <new>
#include <span>
#include <utility>

namespace rcb {
namespace {

constexpr std::size_t kBundleLimit = std::size_t{8} << 20;

CertificateBundle readBundle(const std::string& path, const std::string& what) {
  return {readTrustedFile(path, what, kBundleLimit), what + " " + printable(path)};
}

// A file that is read only if the other sources do not suffice.
struct LastFile {
  std::string path;
  std::string what;
  bool opened = false;
  std::optional<CertificateBundle> bundle;  // if it could be read
};

// What a store trusts.
struct Sources {
  std::vector<CertificateBundle> bundles;
  std::vector<HashedFolder> folders;
  std::optional<LastFile> last;
  TrustNotes notes;

  void refuse(const Error& error) {
    if (!notes.refused) notes.refused = error;
  }
  void openLast() {
    last->opened = true;
    try {
      last->bundle = readBundle(last->path, last->what);
    } catch (const Error& error) {
      refuse(error);
    }
  }
};

Sources* sourcesOf(X509_LOOKUP* lookup) { return static_cast<Sources*>(X509_LOOKUP_get_method_data(lookup)); }

int createSources(X509_LOOKUP* lookup) { return X509_LOOKUP_set_method_data(lookup, new (std::nothrow) Sources); }

void destroySources(X509_LOOKUP* lookup) { delete sourcesOf(lookup); }

// A name in DER, valid as long as `name`.
std::span<const unsigned char> encoded(const X509_NAME* name) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  return X509_NAME_get0_der(name, &bytes, &size) == 1 ? std::span(bytes, size) : std::span<const unsigned char>();
}

// Adds the certificates of a name to a store, where OpenSSL chooses among them.
class Adder {
 public:
  Adder(X509_STORE* store, const X509_NAME* name) : store_(store), name_(name) { ERR_set_mark(); }
  Adder(const Adder&) = delete;
  Adder& operator=(const Adder&) = delete;
  ~Adder() { ERR_pop_to_mark(); }

  void operator()(std::span<const unsigned char> der) {
    const unsigned char* begin = der.data();
    X509Handle certificate(d2i_X509_AUX(nullptr, &begin, static_cast<long>(der.size())));
    if (certificate == nullptr || X509_NAME_cmp(X509_get_subject_name(certificate.get()), name_) != 0) return;
    if (X509_STORE_add_cert(store_, certificate.get()) == 1 && first_ == nullptr) first_ = std::move(certificate);
  }
  X509* first() const { return first_.get(); }

 private:
  X509_STORE* store_;
  const X509_NAME* name_;
  X509Handle first_;
};

// `found` borrows one of the certificates of the name. noexcept, because the caller is C; only a lack of memory could throw.
int findBySubject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* name, X509_OBJECT* found) noexcept {
  const auto subject = encoded(name);
  if (type != X509_LU_X509 || subject.empty()) return 0;
  Sources& sources = *sourcesOf(lookup);
  Adder add(X509_LOOKUP_get_store(lookup), name);
  const auto take = [&add](std::span<const unsigned char> der) { add(der); };
  for (const CertificateBundle& bundle : sources.bundles) bundle.find(subject, take);
  if (add.first() == nullptr && !sources.folders.empty()) {
    const auto hash = static_cast<std::uint32_t>(X509_NAME_hash_ex(name, nullptr, nullptr, nullptr));
    const auto refuse = [&sources](const Error& error) { sources.refuse(error); };
    for (const HashedFolder& folder : sources.folders) folder.find(hash, subject, take, refuse);
  }
  if (add.first() == nullptr && sources.last && sources.last->bundle) sources.last->bundle->find(subject, take);
  if (add.first() == nullptr || X509_OBJECT_set1_X509(found, add.first()) != 1) return 0;
  // The caller takes its own reference and never releases the one in `found`.
  X509_free(X509_OBJECT_get0_X509(found));
  return 1;
}

// Never freed, because stores point to it.
X509_LOOKUP_METHOD* method() {
  static X509_LOOKUP_METHOD* const method = [] {
    X509_LOOKUP_METHOD* made = X509_LOOKUP_meth_new("trusted certificates, by subject");
    X509_LOOKUP_meth_set_new_item(made, createSources);
    X509_LOOKUP_meth_set_free(made, destroySources);
    X509_LOOKUP_meth_set_get_by_subject(made, findBySubject);
    return made;
  }();
  return method;
}

// The store's sources, empty at the first call. Null if OpenSSL refuses the lookup.
Sources* findSources(X509_STORE* store) {
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, method());
  return lookup == nullptr ? nullptr : sourcesOf(lookup);
}

Sources& sourcesIn(X509_STORE* store) {
  Sources* sources = findSources(store);
  if (sources == nullptr) throw Error(ErrorCode::kInternal, "OpenSSL refused a lookup of certificates");
  return *sources;
}

// Whether the certificates that the server sent lead from `certificate` to an unexpired one in the store. `Certificate` is X509, and const X509 since
// OpenSSL 4.
template <class Certificate>
bool leadsToTrust(X509_STORE_CTX* context, Certificate* certificate) {
  constexpr int kLongestChain = 16;
  const STACK_OF(X509)* shown = X509_STORE_CTX_get0_untrusted(context);
  for (int depth = 0; depth < kLongestChain; ++depth) {
    X509* issuer = nullptr;
    if (X509_STORE_CTX_get1_issuer(&issuer, context, certificate) == 1) {
      const X509Handle owned(issuer);
      return ASN1_TIME_cmp_time_t(X509_get0_notAfter(issuer), std::time(nullptr)) > 0;
    }
    Certificate* next = nullptr;
    for (int i = 0; i < sk_X509_num(shown) && next == nullptr; ++i) {
      X509* candidate = sk_X509_value(shown, i);
      if (X509_cmp(candidate, certificate) != 0 && X509_check_issued(candidate, certificate) == X509_V_OK)
        next = candidate;
    }
    if (next == nullptr) return false;
    certificate = next;
  }
  return false;
}

// OpenSSL looks for each issuer among the trusted certificates before it uses those that the server sent. So the last file is not read whenever the
// folders lack an issuer: an intermediate certificate would then cause that in every run.
template <class Certificate>
int findIssuer(X509** issuer, X509_STORE_CTX* context, Certificate* certificate) noexcept {
  X509_STORE* store = X509_STORE_CTX_get0_store(context);
  Sources* sources = findSources(store);
  if (sources == nullptr || !sources->last) return X509_STORE_CTX_get1_issuer(issuer, context, certificate);
  if (!sources->last->opened && !leadsToTrust(context, certificate)) sources->openLast();
  if (sources->last->bundle) {
    // Once the store has a certificate of a name, it does not look up further ones.
    const X509_NAME* name = X509_get_issuer_name(certificate);
    Adder add(store, name);
    sources->last->bundle->find(encoded(name), [&add](std::span<const unsigned char> der) { add(der); });
  }
  return X509_STORE_CTX_get1_issuer(issuer, context, certificate);
}

}  // namespace

void trustFile(X509_STORE* store, const std::string& path, const std::string& what) {
  sourcesIn(store).bundles.push_back(readBundle(path, what));
}

void trustCertificates(X509_STORE* store, std::string_view pem, const std::string& name) {
  sourcesIn(store).bundles.emplace_back(Secret(pem), name);
}

void requireWholeBundle(const std::string& path, const std::string& what) {
  std::size_t number = 0;
  ERR_set_mark();
  readBundle(path, what).each([&](std::span<const unsigned char> der) {
    ++number;
    const unsigned char* begin = der.data();
    const X509Handle certificate(d2i_X509_AUX(nullptr, &begin, static_cast<long>(der.size())));
    if (certificate != nullptr && X509_get0_pubkey(certificate.get()) != nullptr) return;
    ERR_pop_to_mark();
    throw Error(ErrorCode::kFileUnreadable,
                "the " + what + " " + printable(path) + " has a damaged certificate, number " + std::to_string(number))
        .advise("use a file with certificates in PEM format");
  });
  ERR_pop_to_mark();
}

void trustFolder(X509_STORE* store, TrustedFolder folder, const std::string& what) {
  sourcesIn(store).folders.emplace_back(std::move(folder), what);
}

void trustFileLast(X509_STORE* store, const std::string& path, const std::string& what) {
  sourcesIn(store).last = LastFile{path, what, false, std::nullopt};
  X509_STORE_set_get_issuer(store, findIssuer);
}

bool trustsAnything(X509_STORE* store) {
  const Sources& sources = sourcesIn(store);
  return !sources.bundles.empty() || !sources.folders.empty() || sources.last;
}

void noteAboutTrust(X509_STORE* store, const std::string& remark) { sourcesIn(store).notes.remarks.push_back(remark); }

TrustNotes trustNotes(X509_STORE* store) {
  const Sources& sources = sourcesIn(store);
  TrustNotes notes = sources.notes;
  if (sources.last) return notes;  // empty folders do not matter if there is a bundle
  for (const HashedFolder& folder : sources.folders) {
    if (std::string why = folder.emptyBecause(); !why.empty()) notes.remarks.push_back(std::move(why));
  }
  return notes;
}

}  // namespace rcb
