#include "core/net/tls_library.hpp"

#include <openssl/crypto.h>

namespace rcb {

std::string tlsLibraryVersion() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace rcb
