#include "tests/support/random_text.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace rcb::test {

std::string randomHex(std::size_t digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(digits, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(digits)) != 1) {
    throw std::runtime_error("no random bytes");
  }
  for (char& c : text) c = kDigits[static_cast<unsigned char>(c) & 15];
  return text;
}

std::string randomUid() {
  std::string uid = randomHex(32);
  for (const std::size_t dash : {8u, 13u, 18u, 23u}) uid.insert(dash, 1, '-');
  return uid;
}

}  // namespace rcb::test
