#include "core/support/host_name.hpp"

#include "core/support/ascii.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/parts.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kNameLimit = 253;
constexpr std::size_t kLabelLimit = 63;

// `extra` counts as letters do.
bool isLabel(std::string_view label, std::string_view extra) {
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [extra](char c) { return isAlnum(c) || c == '-' || isOneOf(c, extra); });
}

// A last label that resolvers would take for a number: "1", "0x7f", "017".
bool isNumeric(std::string_view label) {
  if (label.starts_with("0x") || label.starts_with("0X")) return true;
  return std::all_of(label.begin(), label.end(), isDigit);
}

}  // namespace

bool isDnsName(std::string_view text) {
  return eachPart(text, '.', [](std::string_view label) { return isLabel(label, ""); });
}

std::optional<std::string> parseHostName(std::string_view text) {
  if (text.size() > kNameLimit) return std::nullopt;
  std::string_view last;
  const bool labels = eachPart(text, '.', [&last](std::string_view label) {
    last = label;
    return label.size() <= kLabelLimit && isLabel(label, "_");
  });
  if (!labels) return std::nullopt;
  if (!isNumeric(last)) return lowered(text);
  const std::optional<IpAddress> address = parseIpAddress(text);
  return address ? std::optional(address->text()) : std::nullopt;
}

}  // namespace rcb
