#include "core/settings/json_escapes.hpp"

#include "core/settings/yaml_node.hpp"
#include "core/support/ascii.hpp"
#include "core/support/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

namespace rcb {
namespace {

constexpr std::size_t kEscapeBytes = 6;  // \uXXXX

// The code unit of the escape at the start of `text`, if there is one.
std::optional<std::uint32_t> unitAt(std::string_view text) {
  if (text.size() < kEscapeBytes || !text.starts_with("\\u")) return std::nullopt;
  std::uint32_t unit = 0;
  for (const char digit : text.substr(2, kEscapeBytes - 2)) {
    if (hexValue(digit) < 0) return std::nullopt;
    unit = unit << 4 | static_cast<std::uint32_t>(hexValue(digit));
  }
  return unit;
}

// The character of the surrogate pair at the start of `text`, if there is one.
std::optional<std::uint32_t> pairAt(std::string_view text) {
  const auto high = unitAt(text);
  const auto low = high ? unitAt(text.substr(kEscapeBytes)) : std::nullopt;
  if (!low || (*high & 0xfc00U) != 0xd800U || (*low & 0xfc00U) != 0xdc00U) return std::nullopt;
  return 0x10000U + ((*high & 0x3ffU) << 10) + (*low & 0x3ffU);
}

}  // namespace

std::optional<JoinedEscapes> JoinedEscapes::of(std::string_view text) {
  // Only in JSON is a backslash always an escape; in plain and single-quoted YAML it is itself.
  if (text.find("\\ud") == std::string_view::npos && text.find("\\uD") == std::string_view::npos) return std::nullopt;
  const JsonLimits limits{.bytes = text.size(), .depth = kYamlDepth};
  if (!std::holds_alternative<Json>(parseJson(text, limits))) return std::nullopt;
  JoinedEscapes joined;
  Mark place{1, 1};
  for (std::size_t at = 0; at < text.size();) {
    if (const auto character = pairAt(text.substr(at))) {
      const std::string escape = fmt::format("\\U{:08X}", *character);
      joined.text_ += escape;
      place.column += static_cast<std::uint32_t>(escape.size());
      joined.joints_.push_back(place);
      at += 2 * kEscapeBytes;
      continue;
    }
    // A backslash and the character after it, which may be a backslash too, are copied together.
    for (std::size_t left = text[at] == '\\' ? 2 : 1; left > 0 && at < text.size(); --left, ++at) {
      joined.text_ += text[at];
      if (text[at] == '\n') {
        place = {place.line + 1, 1};
      } else if ((text[at] & 0xc0) != 0x80) {  // the first byte of a character
        ++place.column;
      }
    }
  }
  if (joined.joints_.empty()) return std::nullopt;
  return joined;
}

Mark JoinedEscapes::original(Mark mark) const {
  const auto begin = std::lower_bound(joints_.begin(), joints_.end(), Mark{mark.line, 0});
  const auto end = std::upper_bound(begin, joints_.end(), mark);
  // Each pair of twelve characters became an escape of ten.
  return {mark.line, mark.column + 2 * static_cast<std::uint32_t>(end - begin)};
}

}  // namespace rcb
