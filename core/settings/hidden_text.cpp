#include "core/settings/hidden_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace rcb {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
  const char* effect;
};

constexpr const char* kControl = "it is a control character";
constexpr const char* kBreak = "some programs read it as a line break";
constexpr const char* kReorders = "it changes the order in which the text around it is displayed";
constexpr const char* kInvisible = "it is invisible";

// In ascending order. Bidirectional controls are from Unicode's UAX 9, line breaks from YAML 1.1.
constexpr Range kHidden[] = {
    {0x00, 0x08, kControl},
    {0x0b, 0x0c, kBreak},
    {0x0d, 0x0d, "a carriage return is only allowed before a line feed"},
    {0x0e, 0x1f, kControl},
    {0x7f, 0x84, kControl},
    {0x85, 0x85, kBreak},
    {0x86, 0x9f, kControl},
    {0xad, 0xad, kInvisible},
    {0x34f, 0x34f, kInvisible},
    {0x61c, 0x61c, kReorders},
    {0x115f, 0x1160, kInvisible},
    {0x180e, 0x180e, kInvisible},
    {0x200b, 0x200d, kInvisible},
    {0x200e, 0x200f, kReorders},
    {0x2028, 0x2029, kBreak},
    {0x202a, 0x202e, kReorders},
    {0x2060, 0x2065, kInvisible},
    {0x2066, 0x2069, kReorders},
    {0x206a, 0x206f, kInvisible},
    {0x3164, 0x3164, kInvisible},
    {0xfeff, 0xfeff, kInvisible},
    {0xffa0, 0xffa0, kInvisible},
    {0xfff9, 0xfffb, kInvisible},
    {0x1d173, 0x1d17a, kInvisible},
    {0xe0000, 0xe0fff, kInvisible},
};

bool isContinuation(char c) { return (c & 0xc0) == 0x80; }

const Range* rangeOf(std::uint32_t character) {
  const auto* found = std::lower_bound(std::begin(kHidden), std::end(kHidden), character,
                                       [](const Range& range, std::uint32_t value) { return range.last < value; });
  return found != std::end(kHidden) && found->first <= character ? found : nullptr;
}

struct Character {
  std::uint32_t value;
  std::size_t size;  // in bytes
};

// No value if the bytes are not UTF-8.
std::optional<Character> characterAt(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return Character{lead, 1};
  if (lead < 0xc0) return std::nullopt;
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  std::uint32_t value = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (at + i >= text.size() || !isContinuation(text[at + i])) return std::nullopt;
    value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  }
  return Character{value, size};
}

}  // namespace

std::optional<HiddenCharacter> findHiddenCharacter(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = characterAt(text, at);
    if (!character) return std::nullopt;
    const bool endsLine = character->value == '\r' && text.substr(at + 1, 1) == "\n";
    if (const Range* range = rangeOf(character->value); range != nullptr && !endsLine) {
      return HiddenCharacter{at, fmt::format("U+{:04X} is not allowed: {}", character->value, range->effect)};
    }
    at += character->size;
  }
  return std::nullopt;
}

Mark markAt(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto lineBegin = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::string_view line = before.substr(lineBegin);
  const auto follow = std::count_if(line.begin(), line.end(), isContinuation);
  return {static_cast<std::uint32_t>(lines + 1), static_cast<std::uint32_t>(std::ssize(line) - follow + 1)};
}

}  // namespace rcb
