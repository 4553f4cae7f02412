// Owning pointers to OpenSSL objects.
#pragma once

#include "core/trust/x509_handle.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>

namespace rcb {

using BioHandle = std::unique_ptr<BIO, OpensslReleaser<BIO_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, OpensslReleaser<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, OpensslReleaser<SSL_free>>;

}  // namespace rcb
