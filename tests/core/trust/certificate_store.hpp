// OpenSSL's store of trusted certificates, as the functions under test fill it, and what OpenSSL finds in it.
#pragma once

#include "core/trust/x509_handle.hpp"
#include "tests/core/trust/certificate_factory.hpp"

#include <openssl/x509_vfy.h>

#include <memory>

namespace rcb::test {

class CertificateStore {
 public:
  X509_STORE* get() const { return store_.get(); }

  // How many certificates of this one's subject OpenSSL finds to choose among.
  int found(const Certified& one) const {
    const std::unique_ptr<X509_STORE_CTX, OpensslReleaser<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store_.get(), nullptr, nullptr);
    return countAndRelease(X509_STORE_CTX_get1_certs(context.get(), X509_get_subject_name(one.get())));
  }
  // How many were parsed so far.
  int parsed() const { return countAndRelease(X509_STORE_get1_all_certs(store_.get())); }

 private:
  static int countAndRelease(STACK_OF(X509) * certificates) {
    const int count = certificates == nullptr ? 0 : sk_X509_num(certificates);
    sk_X509_pop_free(certificates, X509_free);
    return count;
  }

  std::unique_ptr<X509_STORE, OpensslReleaser<X509_STORE_free>> store_{X509_STORE_new()};
};

}  // namespace rcb::test
