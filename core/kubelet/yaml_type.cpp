#include "core/kubelet/yaml_type.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

namespace rcb {
namespace {

constexpr std::string_view kTrue[] = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
constexpr std::string_view kFalse[] = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
constexpr std::string_view kNotFinite[] = {".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF",
                                           "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};

template <std::size_t kSize>
bool isAmong(std::string_view text, const std::string_view (&words)[kSize]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

std::size_t digitsAt(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isDigit) - text.begin());
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool isDecimal(std::string_view text) {
  if (!text.empty() && isOneOf(text.front(), "+-")) text.remove_prefix(1);
  const std::size_t whole = digitsAt(text);
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t fraction = digitsAt(text);
    if (whole == 0 && fraction == 0) return false;
    text.remove_prefix(fraction);
  } else if (whole == 0) {
    return false;
  }
  if (text.empty()) return true;
  if (!isOneOf(text.front(), "eE")) return false;
  text.remove_prefix(1);
  if (!text.empty() && isOneOf(text.front(), "+-")) text.remove_prefix(1);
  return !text.empty() && digitsAt(text) == text.size();
}

// 0x1f, 0o17, 0b101, with a sign or without one.
bool isPrefixedInteger(std::string_view text) {
  if (!text.empty() && isOneOf(text.front(), "+-")) text.remove_prefix(1);
  if (text.size() < 3 || text.front() != '0') return false;
  const char kind = lowered(text[1]);
  const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
  if (base == 0) return false;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size();
}

bool isNumber(std::string_view text) {
  if (isAmong(text, kNotFinite)) return true;
  if (text.front() == '.') return isDecimal(text);
  if (!isDigit(text.front()) && !isOneOf(text.front(), "+-")) return false;
  std::string digits(text);
  std::erase(digits, '_');
  return isDecimal(digits) || isPrefixedInteger(digits);
}

}  // namespace

YamlType yamlTypeOf(const YamlNode& node) {
  if (node.isList()) return YamlType::kList;
  if (node.isMap()) return YamlType::kMap;
  if (node.isNull()) return YamlType::kNull;
  if (!node.plain) return YamlType::kString;
  if (isAmong(node.text, kTrue) || isAmong(node.text, kFalse)) return YamlType::kBoolean;
  return isNumber(node.text) ? YamlType::kNumber : YamlType::kString;
}

bool yamlBoolean(const YamlNode& node) { return isAmong(node.text, kTrue); }

std::string_view yamlTypeName(YamlType type) {
  constexpr std::array<std::string_view, 6> kNames{"nothing", "a boolean", "a number", "a string", "a list", "a map"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace rcb
