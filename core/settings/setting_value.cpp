#include "core/settings/setting_value.hpp"

#include "core/settings/problem.hpp"
#include "core/settings/value_pattern.hpp"
#include "core/settings/variables.hpp"
#include "core/support/duration.hpp"
#include "core/support/http_url.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <vector>

namespace rcb {
namespace {

bool isInteger(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && std::to_string(number) == text;
}

std::string choiceProblem(const SettingSpec& spec, const std::string& value) {
  if (std::find(spec.choices.begin(), spec.choices.end(), value) != spec.choices.end()) return {};
  const std::string_view near = nearest(value, spec.choices);
  return "is not a valid " + spec.name + "; expected " + (spec.choices.size() > 1 ? "one of " : "") +
         alternatives({spec.choices.begin(), spec.choices.end()}) +
         (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?");
}

// Why the value does not have the setting's type or pattern; empty if it has.
std::string typeProblem(const SettingSpec& spec, const std::string& value) {
  switch (spec.type) {
    case SettingType::kString:
    case SettingType::kMap:
      break;
    case SettingType::kInteger:
      if (!isInteger(value)) return "is not a valid integer; use decimal digits, such as 30";
      break;
    case SettingType::kBoolean:
      if (value != "true" && value != "false") return "is not a valid boolean; use true or false";
      break;
    case SettingType::kDuration:
      if (!parseDuration(value)) return "is " + std::string(kNotADuration);
      break;
    case SettingType::kFile:
      if (!value.starts_with('/')) return "is not an absolute path";
      break;
    case SettingType::kUrl:
      if (const std::string why = httpUrlFault(value); !why.empty()) return "is not a valid URL: " + why;
      break;
    case SettingType::kHost:
      if (value.find("://") != std::string::npos) return "is not a valid host: it is a URL; use host or host:port";
      if (const std::string why = httpHostFault(value); !why.empty()) {
        return "is not a valid host: " + why + "; use host or host:port";
      }
      break;
    case SettingType::kChoice:
      return choiceProblem(spec, value);
  }
  if (spec.pattern.empty() || matchesWhole(spec.pattern, value)) return {};
  return "is not a valid value for " + spec.name + " (pattern " + spec.pattern + ")";
}

}  // namespace

std::string settingProblem(const SettingSpec& spec, const std::string& value) {
  std::string reason = typeProblem(spec, value);
  return reason.empty() ? reason : reason + variableHint(value);
}

std::string resolvedValue(const SettingSpec& spec, const std::string& value) {
  if (spec.type != SettingType::kDuration) return value;
  return std::to_string(parseDuration(value).value_or(std::chrono::milliseconds::zero()).count());
}

}  // namespace rcb
