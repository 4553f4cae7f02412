#include "core/protocol/image_reference.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  try {
    const rcb::ImageReference image = rcb::parseImageReference(text);
    // A name is the beginning of the text, all of it but tag and digest, and is a name itself.
    require(text.starts_with(image.name));
    require(image.name == image.registry + "/" + image.repository);
    require(text.size() == image.name.size() || text[image.name.size()] == ':' || text[image.name.size()] == '@');
    const rcb::ImageReference again = rcb::parseImageReference(image.name);
    require(again.name == image.name && again.registry == image.registry);
    // Nothing that other parsers could take for something else.
    require(image.name.find_first_of("@%?#\\ *\"'") == std::string::npos);
    require(image.repository.find_first_of(":[]ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
    require(("/" + image.repository + "/").find("/.") == std::string::npos);
    require(image.name.find("//") == std::string::npos && !image.name.ends_with('/'));
    for (const char c : image.name) require(c > 0x20 && c < 0x7f);
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kRequestImage);
    require(error.line().size() < 1000);
  }
  return 0;
}
