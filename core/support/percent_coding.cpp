#include "core/support/percent_coding.hpp"

namespace rcb {

Secret encodePercent(std::string_view bytes) {
  Secret text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    if (isAlnum(c) || isOneOf(c, "-._~")) {
      text.push_back(c);
    } else {
      const auto escape = escapeOf(c);
      text.append({escape.data(), escape.size()});
    }
  }
  return text;
}

std::optional<Secret> decodePercent(std::string_view text) {
  Secret bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    const auto escaped = readEscape(text);
    if (!escaped && text.front() == '%') return std::nullopt;
    bytes.push_back(escaped.value_or(text.front()));
    text.remove_prefix(escaped ? kEscapeSize : 1);
  }
  return bytes;
}

}  // namespace rcb
