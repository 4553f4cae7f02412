// OpenSSL's objects as owning pointers.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
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

using BioHandle = std::unique_ptr<BIO, OpensslReleaser<BIO_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, OpensslReleaser<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, OpensslReleaser<SSL_free>>;
using X509Handle = std::unique_ptr<X509, OpensslReleaser<X509_free>>;

}  // namespace rcb
