#include "core/net/digest.hpp"

#include "core/support/error.hpp"

#include <openssl/evp.h>

#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kDigestSize = 32;

const unsigned char* bytesOf(std::string_view text) {
  // OpenSSL takes a null key for "the key of before".
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}

// What `compute` writes into a buffer of 32 bytes.
template <class Compute>
Secret digestOf(Compute compute) {
  Secret digest;
  std::size_t size = 0;
  const bool done = compute(reinterpret_cast<unsigned char*>(digest.prepare(kDigestSize)), &size);
  if (!done || size != kDigestSize) throw Error(ErrorCode::kInternal, "OpenSSL does not offer SHA-256");
  digest.commit(size);
  return digest;
}

}  // namespace

Secret sha256(std::string_view bytes) {
  return digestOf([bytes](unsigned char* out, std::size_t* size) {
    return EVP_Q_digest(nullptr, "SHA256", nullptr, bytesOf(bytes), bytes.size(), out, size) == 1;
  });
}

Secret hmacSha256(std::string_view key, std::string_view bytes) {
  return digestOf([key, bytes](unsigned char* out, std::size_t* size) {
    return EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, bytesOf(key), key.size(), bytesOf(bytes),
                     bytes.size(), out, kDigestSize, size) != nullptr;
  });
}

}  // namespace rcb
