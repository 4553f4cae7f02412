#include "core/settings/value_pattern.hpp"

#include "core/support/error.hpp"

#include <Poco/Exception.h>
#include <Poco/RegularExpression.h>

#include <memory>
#include <vector>

namespace rcb {
namespace {

using Poco::RegularExpression;

const RegularExpression& compiled(std::string_view pattern) {
  struct Known {
    std::string pattern;
    std::unique_ptr<RegularExpression> expression;
  };
  thread_local std::vector<Known> expressions;  // few enough for a linear search
  for (const Known& known : expressions) {
    if (known.pattern == pattern) return *known.expression;
  }
  // By default '$' also matches before a line feed at the end.
  constexpr int kOptions = RegularExpression::RE_DOLLAR_ENDONLY | RegularExpression::RE_UTF8;
  expressions.push_back({std::string(pattern), std::make_unique<RegularExpression>(wholePattern(pattern), kOptions)});
  return *expressions.back().expression;
}

}  // namespace

std::string wholePattern(std::string_view pattern) { return "^(?:" + std::string(pattern) + ")$"; }

bool matchesWhole(std::string_view pattern, std::string_view text) {
  const RegularExpression* expression = nullptr;
  try {
    expression = &compiled(pattern);
  } catch (const Poco::Exception&) {
    throw Error(ErrorCode::kModuleMisbehaved, "the pattern of a setting is not a valid regular expression")
        .with("pattern", pattern);
  }
  try {
    RegularExpression::Match match;
    return expression->match(std::string(text), 0, match) > 0;
  } catch (const Poco::Exception&) {
    return false;
  }
}

}  // namespace rcb
