// Any file is refused with an Error or can be searched, and every certificate of a bundle is found under its own subject.
#include "core/support/error.hpp"
#include "core/trust/certificate_bundle.hpp"
#include "core/trust/der_subject.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Bytes = std::span<const unsigned char>;
  try {
    const rcb::CertificateBundle bundle(rcb::Secret(rcb::test::textOf(data, size)), "CA file");
    // What is not a name may be any: all certificates.
    std::vector<std::vector<unsigned char>> all;
    bundle.find({}, [&all](Bytes der) { all.emplace_back(der.begin(), der.end()); });
    rcb::test::require(!all.empty());
    for (const std::vector<unsigned char>& one : all) {
      bool found = false;
      bundle.find(rcb::parseDerSubject(one).value(),
                  [&](Bytes der) { found = found || std::equal(der.begin(), der.end(), one.begin(), one.end()); });
      rcb::test::require(found);
    }
  } catch (const rcb::Error& error) {
    rcb::test::require(error.code() == rcb::ErrorCode::kFileUnreadable);
  }
  return 0;
}
