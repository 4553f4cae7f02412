// Owning pointers to OpenSSL certificates.
#pragma once

#include <openssl/x509.h>

#include <memory>

namespace rcb {

template <auto release>
struct OpensslReleaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

using X509Handle = std::unique_ptr<X509, OpensslReleaser<X509_free>>;

}  // namespace rcb
