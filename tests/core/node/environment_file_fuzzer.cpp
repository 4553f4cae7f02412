// Any bytes as a file of environment variables: an edit is refused, or systemd reads the flags behind the former arguments, a second edit changes
// nothing, and removing the flags gives the bytes back.
#include "core/node/environment_file.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

namespace {

constexpr std::string_view kVariable = "A";
const std::vector<rcb::KubeletFlag>& flags() {
  static const std::vector<rcb::KubeletFlag> two = {{"f", "/f"}, {"g", "1"}};
  return two;
}

using rcb::test::require;

std::optional<std::string> set(std::string_view text, rcb::OtherValue other) {
  try {
    return rcb::setEnvironmentFlags(text, kVariable, flags(), other);
  } catch (const rcb::Error& error) {
    rcb::test::requireShowable(error.line());
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
  const auto before = rcb::environmentArguments(text, kVariable).value_or(std::vector<std::string>());
  const auto after = rcb::environmentArguments(*written, kVariable);
  require(after.has_value() &&
          std::equal(before.begin(), before.end(), after->begin(), after->begin() + std::ssize(before)));
  for (const rcb::KubeletFlag& flag : flags()) {
    require(rcb::findFlag(*after, flag.name).back().value == flag.value);
    if (!rcb::findFlag(before, flag.name).empty()) return 0;
  }
  require(rcb::removeEnvironmentFlags(*written, kVariable, flags()) == text);
  return 0;
}
