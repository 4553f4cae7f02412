#include "tests/scenarios/expectation.hpp"

#include "core/support/duration.hpp"

#include <algorithm>
#include <string>

namespace rcb::test {
namespace {

bool matchesText(std::string_view expected, std::string_view actual) {
  constexpr std::string_view kBetween = "between ";
  const auto conjunction = expected.find(" and ");
  if (expected.rfind(kBetween, 0) != 0 || conjunction == std::string_view::npos) return expected == actual;
  const auto least = parseDuration(expected.substr(kBetween.size(), conjunction - kBetween.size()));
  const auto most = parseDuration(expected.substr(conjunction + 5));
  const auto has = parseDuration(actual);
  return least && most && has && *least <= *has && *has <= *most;
}

}  // namespace

bool matchesPattern(std::string_view pattern, std::string_view text) {
  // Only the last star ever has to match more: what the earlier ones match never needs to change.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool matchesJson(const Json& expected, const Json& actual, const Placeholders& placeholders) {
  if (expected.string() != nullptr) {
    return actual.string() != nullptr && matchesText(placeholders.expand(*expected.string()), *actual.string());
  }
  if (expected.object() == nullptr || actual.object() == nullptr) return false;
  const auto matches = [&](const auto& member) {
    const Json* value = actual.find(placeholders.expand(member.first));
    return value != nullptr && matchesJson(member.second, *value, placeholders);
  };
  return expected.object()->size() == actual.object()->size() &&
         std::all_of(expected.object()->begin(), expected.object()->end(), matches);
}

}  // namespace rcb::test
