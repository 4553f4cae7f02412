// Everything read from a PEM file is within its bounds, and a body that OpenSSL decodes is decoded to the same bytes.
#include "core/support/base64.hpp"
#include "core/trust/pem_blocks.hpp"
#include "tests/support/fuzz_input.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace {

using rcb::test::require;

// As OpenSSL's PEM reader decodes; -1 if it does not.
int decodeWithOpenssl(std::string_view body, std::vector<unsigned char>& bytes) {
  bytes.resize(body.size() + 80);
  EVP_ENCODE_CTX* context = EVP_ENCODE_CTX_new();
  EVP_DecodeInit(context);
  int size = 0;
  int tail = 0;
  const bool decoded =
      EVP_DecodeUpdate(context, bytes.data(), &size, reinterpret_cast<const unsigned char*>(body.data()),
                       static_cast<int>(body.size())) >= 0 &&
      EVP_DecodeFinal(context, bytes.data() + size, &tail) >= 0;
  EVP_ENCODE_CTX_free(context);
  return decoded ? size + tail : -1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  std::string_view rest = text;
  std::vector<unsigned char> buffer;
  std::vector<unsigned char> expected;
  for (;;) {
    const std::size_t before = rest.size();
    const rcb::PemBlock block = rcb::parsePemBlock(rest);
    if (block.kind != rcb::PemBlock::Kind::kCertificate) break;
    require(rest.size() < before);
    require(block.body.empty() ||
            (block.body.data() > text.data() && block.body.data() + block.body.size() < text.data() + size));
    const auto bytes = rcb::decodePemBody(block.body, buffer);
    if (!bytes) continue;
    const int theirs = decodeWithOpenssl(block.body, expected);
    require(theirs == static_cast<int>(bytes->size()));
    require(std::equal(bytes->begin(), bytes->end(), expected.begin()));
  }
  return 0;
}
