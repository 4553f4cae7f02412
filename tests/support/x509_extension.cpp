#include "tests/support/x509_extension.hpp"

#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace rcb::test {

void addExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), X509_EXTENSION_free);
  if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) {
    throw std::runtime_error("test certificates: cannot make the extension " + value);
  }
}

}  // namespace rcb::test
