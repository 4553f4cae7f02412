// Whatever a token endpoint answers, and whatever an image is called, the result is a value or Error(kRequestImage).

#include "core/doctor/registry_checks.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  rcb::parseRegistryToken(text);
  try {
    const rcb::RegistryImage image = rcb::parseRegistryImage(text);
    // They become a part of a URL.
    for (const std::string& part : {image.repository, image.reference}) {
      require(!part.empty() && part.find_first_of("?# %\r\n\\") == std::string::npos);
      require(part.find("..") == std::string::npos || part.find('/') == std::string::npos);
    }
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kRequestImage);
  }
  rcb::completeImageName(text);
  return 0;
}
