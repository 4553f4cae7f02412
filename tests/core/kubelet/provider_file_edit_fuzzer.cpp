// Any bytes as a kubelet's provider file: an edit is refused, or it changes own entries only, a second one changes nothing, and removing them
// gives the bytes back.
#include "core/kubelet/provider_file_edit.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>
#include <optional>

namespace {

using rcb::test::require;

std::vector<rcb::ProviderEntry> entries() {
  rcb::ProviderEntry first;
  first.name = "registry-credential-broker";
  first.matchImages = {"docker.example.com"};
  rcb::ProviderEntry second = first;
  second.name += "-second";
  second.tokenAttributes = rcb::TokenAttributes{"https://example.com/?a=b", "Token"};
  return {first, second};
}

bool isSame(const rcb::YamlNode& left, const rcb::YamlNode& right) {
  return left.kind == right.kind && left.plain == right.plain && left.text == right.text && left.key == right.key &&
         std::equal(left.children.begin(), left.children.end(), right.children.begin(), right.children.end(), isSame);
}

std::string_view nameOf(const rcb::YamlNode& element) {
  for (const rcb::YamlNode& member : element.children) {
    if (member.key == "name") return member.text;
  }
  return "";
}

// The document without our entries, and how many these are.
std::size_t takeOurs(rcb::YamlNode& root) {
  for (rcb::YamlNode& member : root.children) {
    if (member.key != "providers") continue;
    member.kind = rcb::YamlNode::Kind::kList;
    member.plain = false;
    member.text = "";
    return std::erase_if(member.children, [](const rcb::YamlNode& element) {
      return element.isMap() && rcb::isOwnEntry(nameOf(element));
    });
  }
  return 0;
}

std::optional<std::string> edited(std::string_view text, const std::vector<rcb::ProviderEntry>& ours) {
  try {
    return rcb::mergeEntries(text, ours);
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kConfigInvalid);
    rcb::test::requireShowable(error.line());
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  const auto merged = edited(text, entries());
  if (!merged) return 0;
  require(edited(*merged, entries()) == merged);
  const auto removed = edited(text, {});
  require(removed.has_value());
  const auto back = edited(*merged, {});
  require(back.has_value());

  rcb::ProblemList problems;
  auto before = rcb::readYaml(text, problems, rcb::YamlStrings::kSeveralLines);
  auto after = rcb::readYaml(*merged, problems, rcb::YamlStrings::kSeveralLines);
  require(problems.empty() && before && after);
  const bool hadOurs = takeOurs(before->root) > 0;
  require(takeOurs(after->root) == 2);
  require(isSame(before->root, after->root));
  const auto list = std::find_if(before->root.children.begin(), before->root.children.end(),
                                 [](const rcb::YamlNode& member) { return member.key == "providers"; });
  if (!hadOurs) require(*removed == text);
  if (!hadOurs && !list->children.empty()) require(*back == text);
  return 0;
}
