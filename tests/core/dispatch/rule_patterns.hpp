// Rules' patterns for tests, from their texts.
#pragma once

#include "core/dispatch/select_rule.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace rcb::test {

inline HostPattern hostPattern(const std::string& text) {
  auto pattern = parseHostPattern(text);
  if (!pattern) throw std::invalid_argument("no pattern: " + text);
  return std::move(*pattern);
}

// One rule for each list.
inline std::vector<RulePattern> rulePatterns(const std::vector<std::vector<std::string>>& rules) {
  std::vector<RulePattern> patterns;
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    for (const std::string& text : rules[rule]) patterns.push_back({rule, hostPattern(text)});
  }
  return patterns;
}

}  // namespace rcb::test
