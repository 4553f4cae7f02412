// Input: patterns, a line each, and an image on the last line.
#include "core/dispatch/common_image.hpp"
#include "core/dispatch/host_pattern.hpp"
#include "core/dispatch/select_rule.hpp"
#include "core/support/error.hpp"
#include "tests/core/dispatch/kubelet_keyring.hpp"
#include "tests/support/fuzz_input.hpp"

#include <optional>

namespace {

using namespace rcb;
using test::require;

void checkSelection(const std::vector<RulePattern>& rules, const ImageReference& image) {
  const auto winner = selectPattern(rules, image);
  for (const RulePattern& entry : rules) require(winner || !matchesImage(entry.pattern, image.name));
  if (!winner) return;
  require(matchesImage(rules[*winner].pattern, image.name));
  const AuthKey key = authKeyFor(rules, *winner, image);
  require(key.key.starts_with(image.registry));
  require(test::keysTried({key.key}, image.name) == std::vector<std::vector<std::string>>{{key.key}});
}

void checkTies(const std::vector<RulePattern>& rules) {
  for (const Tie& tie : findTies(rules)) {
    require(tie.left < tie.right && rules[tie.left].rule != rules[tie.right].rule);
    const ImageReference image = parseImageReference(tie.image);
    require(matchesImage(rules[tie.left].pattern, image.name) && matchesImage(rules[tie.right].pattern, image.name));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = test::textOf(data, size);
  const auto last = text.rfind('\n');
  const std::string_view name = text.substr(last + 1);
  text = text.substr(0, last == std::string_view::npos ? 0 : last);
  std::vector<RulePattern> rules;
  while (!text.empty() && rules.size() < 50) {
    const auto end = std::min(text.find('\n'), text.size());
    PatternProblem problem;
    const auto pattern = parseHostPattern(text.substr(0, end), &problem);
    require(pattern.has_value() == problem.reason.empty());
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!pattern) continue;
    matchesImage(*pattern, name);
    if (findPatternProblem(*pattern)) continue;
    // A pattern that is let pass matches at least one name that a kubelet can ask for.
    const auto example = commonImage(*pattern, *pattern);
    require(example && matchesImage(*pattern, parseImageReference(*example).name));
    rules.push_back({rules.size(), *pattern});
  }
  checkTies(rules);
  std::optional<ImageReference> image;
  try {
    image = parseImageReference(name);
  } catch (const Error&) {
    return 0;
  }
  checkSelection(rules, *image);
  return 0;
}
