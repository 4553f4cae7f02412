#include "core/settings/value_pattern.hpp"

#include "core/support/error.hpp"

#include <Poco/Exception.h>
#include <Poco/RegularExpression.h>

#include <functional>
#include <map>
#include <memory>

namespace rcb {
namespace {

using Poco::RegularExpression;

const RegularExpression& compiled(std::string_view pattern) {
  thread_local std::map<std::string, std::unique_ptr<RegularExpression>, std::less<>> expressions;
  auto known = expressions.find(pattern);
  if (known == expressions.end()) {
    // '$' alone would also match before a line end.
    constexpr int kOptions = RegularExpression::RE_DOLLAR_ENDONLY | RegularExpression::RE_UTF8;
    auto expression = std::make_unique<RegularExpression>(wholePattern(pattern), kOptions);
    known = expressions.emplace(pattern, std::move(expression)).first;
  }
  return *known->second;
}

}  // namespace

std::string wholePattern(std::string_view pattern) { return "^(?:" + std::string(pattern) + ")$"; }

bool matchesWhole(std::string_view pattern, std::string_view text) {
  const RegularExpression* expression = nullptr;
  try {
    expression = &compiled(pattern);
  } catch (const Poco::Exception&) {
    throw Error(ErrorCode::kModuleMisbehaved, "a setting's pattern is not a regular expression")
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
