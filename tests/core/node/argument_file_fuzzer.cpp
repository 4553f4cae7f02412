// Any bytes as a file of arguments: an edit is refused, or a second one changes nothing and removing the flags gives the bytes back.
#include "core/node/argument_file.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

#include <optional>

namespace {

using rcb::test::require;

const std::vector<rcb::KubeletFlag>& flags() {
  static const std::vector<rcb::KubeletFlag> two = {{"f", "/f"}, {"g", "1"}};
  return two;
}

std::optional<std::string> set(std::string_view text, rcb::OtherValue other) {
  try {
    return rcb::setArgumentFlags(text, flags(), other);
  } catch (const rcb::Error&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  const auto replaced = set(text, rcb::OtherValue::kReplace);
  if (replaced) require(set(*replaced, rcb::OtherValue::kRefuse) == replaced);
  const auto written = set(text, rcb::OtherValue::kRefuse);
  if (!written) return 0;
  require(written == replaced);
  // Without either flag before, both are added.
  const std::string bare = rcb::removeArgumentFlags(*written, flags());
  if (written->size() == text.size() + std::string_view("--f=/f\n--g=1\n").size() &&
      rcb::removeArgumentFlags(text, flags()) == text) {
    require(bare == text);
  }
  return 0;
}
