#include "core/net/tls_library.hpp"

#include <openssl/crypto.h>

#include <string>

namespace rcb {

// Not OpenSSL_version(), which would take the folders and flags of OpenSSL's own build into a static program.
std::string tlsLibraryVersion() {
  return std::to_string(OPENSSL_version_major()) + "." + std::to_string(OPENSSL_version_minor()) + "." +
         std::to_string(OPENSSL_version_patch());
}

}  // namespace rcb
